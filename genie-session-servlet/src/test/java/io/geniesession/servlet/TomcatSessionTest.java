package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;

/** Sessions on Tomcat. */
class TomcatSessionTest extends SessionContract {

    @Override
    TestServer start(String contextPath, List<ServletContainerInitializer> initializers) throws Exception {
        return TomcatServer.start(contextPath, initializers);
    }
}
