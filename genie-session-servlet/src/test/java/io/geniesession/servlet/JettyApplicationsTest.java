package io.geniesession.servlet;

/** Several applications on Jetty. */
class JettyApplicationsTest extends ApplicationsContract implements OnJetty {

    @Override
    boolean takesCookiesOfTheIncluded() {
        return false;
    }
}
