package io.geniesession.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpSession;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;

class JettyWebSocketTest extends WebSocketContract implements OnJetty {

    @Override
    void enableWebSockets(ServletContext context) throws ServletException {
        new JakartaWebSocketServletContainerInitializer().onStartup(Set.of(), context);
    }

    @Override
    void access(HttpSession kept, Consumer<HttpSession> action) {
        kept.getAccessor().access(action);
    }
}
