package io.geniesession.servlet;

/** Ours and those of Jetty. */
class JettyDifferentialTest extends DifferentialContract implements OnJetty {

    @Override
    Differences differences() {
        return Differences.jetty();
    }
}
