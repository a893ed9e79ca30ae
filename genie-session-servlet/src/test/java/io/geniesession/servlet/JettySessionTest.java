package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;

/** Sessions on Jetty. */
class JettySessionTest extends SessionContract {

    @Override
    TestServer start(String contextPath, List<ServletContainerInitializer> initializers) throws Exception {
        return JettyServer.start(contextPath, initializers);
    }
}
