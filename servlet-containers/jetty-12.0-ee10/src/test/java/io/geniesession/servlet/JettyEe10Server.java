package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;

/** Embedded Jetty, EE 10. */
final class JettyEe10Server implements TestServer {

    private final Server server;
    private final ServerConnector connector;

    private JettyEe10Server(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    static TestServer start(Map<String, List<ServletContainerInitializer>> applications) throws Exception {
        Server server = new Server();
        HttpConfiguration http = new HttpConfiguration();
        ServerConnector connector =
                new ServerConnector(server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ContextHandlerCollection contexts = new ContextHandlerCollection();
        applications.forEach((path, initializers) -> contexts.addHandler(context(path, initializers)));
        server.setHandler(contexts);
        JettyEe10Server started = new JettyEe10Server(server, connector);
        try {
            server.start();
        } catch (Exception e) {
            started.close();
            throw e;
        }
        return started;
    }

    private static ServletContextHandler context(String path, List<ServletContainerInitializer> initializers) {
        ServletContextHandler context =
                new ServletContextHandler(path.isEmpty() ? "/" : path, ServletContextHandler.SESSIONS);
        context.setCrossContextDispatchSupported(true);
        initializers.forEach(context::addServletContainerInitializer);
        ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
        errors.addErrorPage(418, "/error");
        errors.addErrorPage(503, "/error");
        errors.addErrorPage(IllegalArgumentException.class, "/error");
        context.setErrorHandler(errors);
        return context;
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
