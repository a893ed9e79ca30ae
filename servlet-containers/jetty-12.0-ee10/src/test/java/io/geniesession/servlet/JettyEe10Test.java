package io.geniesession.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Set;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.junit.jupiter.api.Nested;

/** All contracts on Jetty, EE 10. */
class JettyEe10Test {

    @Nested
    class Sessions extends SessionContract implements OnJettyEe10 {}

    @Nested
    class SharedViews extends SharedViewHttpContract implements OnJettyEe10 {}

    @Nested
    class Listeners extends ListenerContract implements OnJettyEe10 {}

    @Nested
    class Dispatches extends DispatchContract implements OnJettyEe10 {}

    @Nested
    class OverHttp2 extends Http2Contract implements OnJettyEe10 {}

    @Nested
    class InParallel extends ParallelContract implements OnJettyEe10 {}

    @Nested
    class UnderLoad extends LoadContract implements OnJettyEe10 {}

    @Nested
    class TwoNodes extends NodesContract implements OnJettyEe10 {}

    @Nested
    class Values extends ValueContract implements OnJettyEe10 {}

    @Nested
    class SeveralApplications extends ApplicationsContract implements OnJettyEe10 {

        @Override
        boolean takesCookiesOfTheIncluded() {
            return false;
        }
    }

    @Nested
    class WebSockets extends WebSocketContract implements OnJettyEe10 {

        @Override
        void enableWebSockets(ServletContext context) throws ServletException {
            new JakartaWebSocketServletContainerInitializer().onStartup(Set.of(), context);
        }
    }

    @Nested
    class OnServlet60 extends Servlet60Contract implements OnJettyEe10 {}

    @Nested
    class ComparedWithItsOwn extends DifferentialContract implements OnJettyEe10 {

        @Override
        Differences differences() {
            return Differences.jetty();
        }
    }
}
