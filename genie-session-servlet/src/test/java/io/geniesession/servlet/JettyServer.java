package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee11.annotations.AnnotationConfiguration;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;

/** Embedded Jetty. */
final class JettyServer implements TestServer {

    private final Server server;
    private final ServerConnector connector;

    private JettyServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    static TestServer start(Map<String, List<ServletContainerInitializer>> applications) throws Exception {
        ContextHandlerCollection contexts = new ContextHandlerCollection();
        applications.forEach((path, initializers) -> contexts.addHandler(context(path, initializers)));
        return start(contexts);
    }

    /** Deploys a directory as the container does with a war, looking for initializers and annotations by itself. */
    static TestServer deploy(String contextPath, Path directory) throws Exception {
        WebAppContext context = new WebAppContext();
        context.setContextPath(contextPath);
        context.setBaseResourceAsPath(directory);
        context.setThrowUnavailableOnStartupException(true);
        // The class path has those of another container, too.
        context.setAttribute(
                AnnotationConfiguration.SERVLET_CONTAINER_INITIALIZER_EXCLUSION_PATTERN, "org\\.apache\\..*");
        return start(new ContextHandlerCollection(context));
    }

    private static TestServer start(ContextHandlerCollection contexts) throws Exception {
        Server server = new Server();
        HttpConfiguration http = new HttpConfiguration();
        ServerConnector connector =
                new ServerConnector(server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(contexts);
        JettyServer started = new JettyServer(server, connector);
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

    /** Stops the applications and starts them again, while the container goes on. */
    void restart() throws Exception {
        server.getHandler().stop();
        server.getHandler().start();
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
