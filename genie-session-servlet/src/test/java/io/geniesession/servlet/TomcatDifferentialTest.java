package io.geniesession.servlet;

/** Ours and those of Tomcat. */
class TomcatDifferentialTest extends DifferentialContract implements OnTomcat {

    @Override
    Differences differences() {
        return Differences.tomcat();
    }
}
