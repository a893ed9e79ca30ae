package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;
import java.util.Map;

/** Runs tests on embedded Undertow. */
interface OnUndertow extends TestContainer {

    @Override
    default TestServer start(Map<String, List<ServletContainerInitializer>> applications) throws Exception {
        return UndertowServer.start(applications);
    }
}
