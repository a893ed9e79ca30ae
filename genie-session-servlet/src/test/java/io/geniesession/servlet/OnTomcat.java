package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;
import java.util.Map;

/** Runs tests on embedded Tomcat. */
interface OnTomcat extends TestContainer {

    @Override
    default TestServer start(Map<String, List<ServletContainerInitializer>> applications) throws Exception {
        return TomcatServer.start(applications);
    }
}
