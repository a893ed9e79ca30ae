package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;

/** Runs tests on embedded Undertow. */
interface OnUndertow extends TestContainer {

    @Override
    default TestServer start(String contextPath, List<ServletContainerInitializer> initializers) throws Exception {
        return UndertowServer.start(contextPath, initializers);
    }
}
