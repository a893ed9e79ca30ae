package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;

/** Runs tests on embedded Jetty. */
interface OnJetty extends TestContainer {

    @Override
    default TestServer start(String contextPath, List<ServletContainerInitializer> initializers) throws Exception {
        return JettyServer.start(contextPath, initializers);
    }
}
