package io.geniesession.applications;

import io.geniesession.servlet.GenieSessionInitializer;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The register in embedded Jetty. */
final class RegisterNode {

    private RegisterNode() {}

    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        WebAppContext context = new WebAppContext(System.getProperty("webapp"), "/");
        context.setThrowUnavailableOnStartupException(true);
        // An embedded Jetty without its module for annotations looks for no initializers.
        context.addServletContainerInitializer(new GenieSessionInitializer());
        server.setHandler(context);
        server.setStopAtShutdown(true);
        server.start();
        Node.ready(connector.getLocalPort());
        server.join();
    }
}
