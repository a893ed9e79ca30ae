package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;

/** Runs tests on embedded Tomcat. */
interface OnTomcat extends TestContainer {

    @Override
    default TestServer start(String contextPath, List<ServletContainerInitializer> initializers) throws Exception {
        return TomcatServer.start(contextPath, initializers);
    }
}
