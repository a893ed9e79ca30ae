package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** Embedded Tomcat. */
final class TomcatServer implements TestServer {

    private final Tomcat tomcat;

    private TomcatServer(Tomcat tomcat) {
        this.tomcat = tomcat;
    }

    static TestServer start(Map<String, List<ServletContainerInitializer>> applications) throws Exception {
        Tomcat tomcat = tomcat();
        List<Context> contexts = new ArrayList<>();
        applications.forEach((path, initializers) -> contexts.add(context(tomcat, path, initializers)));
        return started(tomcat, contexts);
    }

    /** Starts the container with an application at the root, over TLS. */
    static TestServer startSecure(List<ServletContainerInitializer> initializers, Path keyStore, String password)
            throws Exception {
        Tomcat tomcat = tomcat();
        Connector connector = tomcat.getConnector();
        connector.setScheme("https");
        connector.setSecure(true);
        connector.setProperty("SSLEnabled", "true");
        SSLHostConfig tls = new SSLHostConfig();
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(tls, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystoreFile(keyStore.toString());
        certificate.setCertificateKeystorePassword(password);
        tls.addCertificate(certificate);
        connector.addSslHostConfig(tls);
        return started(tomcat, List.of(context(tomcat, "", initializers)));
    }

    private static Context context(Tomcat tomcat, String path, List<ServletContainerInitializer> initializers) {
        Context context = tomcat.addContext(path, null);
        ((StandardContext) context).setFailCtxIfServletStartFails(true);
        context.setCrossContext(true);
        initializers.forEach(initializer -> context.addServletContainerInitializer(initializer, Set.of()));
        context.addErrorPage(errorPage(418));
        context.addErrorPage(errorPage(503));
        ErrorPage failure = new ErrorPage();
        failure.setExceptionType(IllegalArgumentException.class.getName());
        failure.setLocation("/error");
        context.addErrorPage(failure);
        return context;
    }

    private static ErrorPage errorPage(int status) {
        ErrorPage page = new ErrorPage();
        page.setErrorCode(status);
        page.setLocation("/error");
        return page;
    }

    /** Deploys a directory as the container does with a war, looking for initializers by itself. */
    static TestServer deploy(String contextPath, Path directory) throws Exception {
        Tomcat tomcat = tomcat();
        Context context = tomcat.addWebapp(contextPath, directory.toString());
        // The application has no jars, and those of the test are many; services are found all the same.
        ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
        // Those of another container, which the class path of the test has, too.
        context.setContainerSciFilter("org\\.eclipse\\.jetty\\..*");
        return started(tomcat, List.of(context));
    }

    private static Tomcat tomcat() throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().addUpgradeProtocol(new Http2Protocol());
        return tomcat;
    }

    private static TestServer started(Tomcat tomcat, List<Context> contexts) throws Exception {
        tomcat.start();
        TomcatServer server = new TomcatServer(tomcat);
        if (contexts.stream().anyMatch(context -> context.getState() != LifecycleState.STARTED)) {
            server.close();
            throw new IllegalStateException("The application did not start");
        }
        return server;
    }

    /** Stops the applications and starts them again, while the container goes on. */
    void restart() throws Exception {
        for (Container context : tomcat.getHost().findChildren()) {
            ((Context) context).reload();
        }
    }

    @Override
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }
}
