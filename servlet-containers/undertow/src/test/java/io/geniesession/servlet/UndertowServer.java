package io.geniesession.servlet;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.PathHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletContainerInitializer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/** Embedded Undertow. */
final class UndertowServer implements TestServer {

    private final Undertow undertow;
    private final DeploymentManager deployment;

    private UndertowServer(Undertow undertow, DeploymentManager deployment) {
        this.undertow = undertow;
        this.deployment = deployment;
    }

    static TestServer start(String contextPath, List<ServletContainerInitializer> initializers) throws Exception {
        String path = contextPath.isEmpty() ? "/" : contextPath;
        DeploymentInfo application = Servlets.deployment()
                .setClassLoader(UndertowServer.class.getClassLoader())
                .setDeploymentName("test")
                .setContextPath(path)
                .addErrorPage(Servlets.errorPage("/error", 418))
                .addErrorPage(Servlets.errorPage("/error", 503))
                .addErrorPage(Servlets.errorPage("/error", IllegalArgumentException.class));
        for (ServletContainerInitializer initializer : initializers) {
            application.addServletContainerInitializer(new ServletContainerInitializerInfo(
                    initializer.getClass(), new ImmediateInstanceFactory<>(initializer), Set.of()));
        }
        DeploymentManager deployment = Servlets.newContainer().addDeployment(application);
        deployment.deploy();
        PathHandler handler = Handlers.path().addPrefixPath(path, deployment.start());
        Undertow undertow = Undertow.builder()
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .addHttpListener(0, "127.0.0.1", handler)
                .build();
        undertow.start();
        return new UndertowServer(undertow, deployment);
    }

    @Override
    public int port() {
        return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() throws Exception {
        undertow.stop();
        deployment.stop();
        deployment.undeploy();
    }
}
