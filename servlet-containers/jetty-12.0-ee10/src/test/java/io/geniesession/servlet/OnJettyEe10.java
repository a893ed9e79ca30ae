package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;
import java.util.Map;

/** Runs tests on embedded Jetty, EE 10. */
interface OnJettyEe10 extends TestContainer {

    @Override
    default TestServer start(Map<String, List<ServletContainerInitializer>> applications) throws Exception {
        return JettyEe10Server.start(applications);
    }
}
