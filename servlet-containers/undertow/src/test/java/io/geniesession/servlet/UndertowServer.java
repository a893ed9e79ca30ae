package io.geniesession.servlet;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.PathHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainer;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletContainerInitializer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Embedded Undertow. */
final class UndertowServer implements TestServer {

    private final Undertow undertow;
    private final List<DeploymentManager> deployments;

    private UndertowServer(Undertow undertow, List<DeploymentManager> deployments) {
        this.undertow = undertow;
        this.deployments = deployments;
    }

    static TestServer start(Map<String, List<ServletContainerInitializer>> applications) throws Exception {
        return start(applications, deployment -> {});
    }

    /**
     * Starts the container.
     *
     * @param more what else there is to say of each application
     */
    static TestServer start(Map<String, List<ServletContainerInitializer>> applications, Consumer<DeploymentInfo> more)
            throws Exception {
        ServletContainer container = Servlets.newContainer();
        PathHandler paths = Handlers.path();
        List<DeploymentManager> deployments = new ArrayList<>();
        for (Map.Entry<String, List<ServletContainerInitializer>> application : applications.entrySet()) {
            String path = application.getKey().isEmpty() ? "/" : application.getKey();
            DeploymentInfo info = deployment(path, application.getValue());
            more.accept(info);
            DeploymentManager deployment = container.addDeployment(info);
            deployment.deploy();
            deployments.add(deployment);
            paths.addPrefixPath(path, deployment.start());
        }
        Undertow undertow = Undertow.builder()
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .addHttpListener(0, "127.0.0.1", paths)
                .build();
        undertow.start();
        return new UndertowServer(undertow, deployments);
    }

    private static DeploymentInfo deployment(String path, List<ServletContainerInitializer> initializers) {
        DeploymentInfo application = Servlets.deployment()
                .setClassLoader(UndertowServer.class.getClassLoader())
                .setDeploymentName("test of " + path)
                .setContextPath(path)
                .addErrorPage(Servlets.errorPage("/error", 418))
                .addErrorPage(Servlets.errorPage("/error", 503))
                .addErrorPage(Servlets.errorPage("/error", IllegalArgumentException.class));
        for (ServletContainerInitializer initializer : initializers) {
            application.addServletContainerInitializer(new ServletContainerInitializerInfo(
                    initializer.getClass(), new ImmediateInstanceFactory<>(initializer), Set.of()));
        }
        return application;
    }

    @Override
    public int port() {
        return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() throws Exception {
        undertow.stop();
        for (DeploymentManager deployment : deployments) {
            deployment.stop();
            deployment.undeploy();
        }
    }
}
