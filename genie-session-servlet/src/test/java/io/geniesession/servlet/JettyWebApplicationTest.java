package io.geniesession.servlet;

import java.nio.file.Path;

class JettyWebApplicationTest extends WebApplicationContract {

    @Override
    TestServer deploy(String contextPath, Path application) throws Exception {
        return JettyServer.deploy(contextPath, application);
    }

    @Override
    void restart(TestServer server) throws Exception {
        ((JettyServer) server).restart();
    }
}
