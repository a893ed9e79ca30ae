package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.SessionId;
import io.geniesession.servlet.Browser.Answer;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.handlers.DefaultServlet;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All contracts on Undertow. */
class UndertowTest {

    @Nested
    class Sessions extends SessionContract implements OnUndertow {}

    @Nested
    class SharedViews extends SharedViewHttpContract implements OnUndertow {}

    @Nested
    class Listeners extends ListenerContract implements OnUndertow {}

    @Nested
    class Dispatches extends DispatchContract implements OnUndertow {}

    @Nested
    class OverHttp2 extends Http2Contract implements OnUndertow {}

    @Nested
    class InParallel extends ParallelContract implements OnUndertow {}

    @Nested
    class UnderLoad extends LoadContract implements OnUndertow {}

    @Nested
    class TwoNodes extends NodesContract implements OnUndertow {}

    @Nested
    class Values extends ValueContract implements OnUndertow {}

    @Nested
    class SeveralApplications extends ApplicationsContract implements OnUndertow {}

    @Nested
    class WebSockets extends WebSocketContract {

        @Override
        public TestServer start(Map<String, List<ServletContainerInitializer>> applications) throws Exception {
            return UndertowServer.start(
                    applications,
                    application -> application.addServletContextAttribute(
                            WebSocketDeploymentInfo.ATTRIBUTE_NAME,
                            new WebSocketDeploymentInfo().setBuffers(new DefaultByteBufferPool(false, 1024))));
        }

        /** The attribute is what Undertow wants, before any initializer runs. */
        @Override
        void enableWebSockets(ServletContext context) {}
    }

    /** Undertow reads no annotations and no web.xml; whoever does that for it hands in what is found like this. */
    @Nested
    class ListenersOfTheDeployment extends ContainerFixture {

        @Override
        public TestServer start(Map<String, List<ServletContainerInitializer>> applications) throws Exception {
            return UndertowServer.start(
                    applications, application -> application.addListener(Servlets.listener(DeployedListener.class)));
        }

        @Test
        @DisplayName("listeners of the deployment hear of our sessions, before those that code adds")
        void heard() {
            app.after(context -> context.addListener(new Recorder("after ", DeployedListener.HEARD)));
            app.on("/begin", (request, response) -> request.getSession());
            DeployedListener.HEARD.clear();
            assertThat(started().get("/begin").status()).isEqualTo(200);
            assertThat(DeployedListener.HEARD).containsExactly("deployed created", "after created");
        }
    }

    /** A listener that Undertow makes. */
    public static final class DeployedListener implements HttpSessionListener {

        static final List<String> HEARD = new CopyOnWriteArrayList<>();

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            HEARD.add("deployed created");
        }
    }

    /** Files are served by the container's own servlet. */
    @Nested
    class StaticFiles extends ContainerFixture {

        @TempDir
        private Path folder;

        @Override
        public TestServer start(Map<String, List<ServletContainerInitializer>> applications) throws Exception {
            return UndertowServer.start(
                    applications,
                    application -> application
                            .setResourceManager(new PathResourceManager(folder))
                            .addServlet(Servlets.servlet("files", DefaultServlet.class)
                                    .addMapping("/robots.txt")));
        }

        @Test
        @DisplayName("a file costs no store access and no cookie")
        void filesCostNothing() throws Exception {
            Files.writeString(folder.resolve("robots.txt"), "none");
            Browser browser = started().holding(SessionId.generate().value());
            for (String method : List.of("GET", "HEAD", "OPTIONS")) {
                Answer file = browser.send(method, "/robots.txt");
                assertThat(file.status()).isEqualTo(200);
                assertThat(file.setCookies()).isEmpty();
            }
            assertThat(browser.get("/robots.txt").body()).isEqualTo("none");
            assertThat(app.store.all()).isZero();
        }
    }

    @Nested
    class OnServlet60 extends Servlet60Contract implements OnUndertow {}

    @Nested
    class ComparedWithItsOwn extends DifferentialContract implements OnUndertow {

        @Override
        Differences differences() {
            return Differences.undertow();
        }
    }
}
