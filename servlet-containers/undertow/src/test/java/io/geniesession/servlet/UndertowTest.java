package io.geniesession.servlet;

import io.undertow.server.DefaultByteBufferPool;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;

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
