package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;

/** Runs tests on embedded Jetty, EE 10. */
interface OnJettyEe10 extends TestContainer {

    @Override
    default TestServer start(String contextPath, List<ServletContainerInitializer> initializers) throws Exception {
        return JettyEe10Server.start(contextPath, initializers);
    }
}
