package io.geniesession.servlet;

import java.nio.file.Path;

class TomcatWebApplicationTest extends WebApplicationContract {

    @Override
    TestServer deploy(String contextPath, Path application) throws Exception {
        return TomcatServer.deploy(contextPath, application);
    }

    @Override
    void restart(TestServer server) throws Exception {
        ((TomcatServer) server).restart();
    }
}
