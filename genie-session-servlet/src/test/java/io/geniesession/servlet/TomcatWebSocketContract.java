package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.security.Principal;
import java.util.Collections;
import java.util.EnumSet;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What Tomcat does beyond that for users that are signed in with the container. */
abstract class TomcatWebSocketContract extends WebSocketContract implements OnTomcat {

    @Override
    void enableWebSockets(ServletContext context) throws ServletException {
        new WsSci().onStartup(null, context);
    }

    private static void signedIn(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public Principal getUserPrincipal() {
                        return () -> "ada";
                    }
                },
                response);
    }

    @Test
    @DisplayName("the note that Tomcat puts into the session of a signed-in user, after the handshake, is not stored")
    void tomcatsNote() {
        app.store.bytes = true;
        app.before(context -> context.addFilter("signed-in", (Filter) TomcatWebSocketContract::signedIn)
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/socket"));
        answer = (session, message) -> Collections.list(session.getAttributeNames());
        Browser browser = startedWithEndpoint();
        browser.get("/sign-in?v=a");
        int writes = app.store.writes();
        for (int i = 0; i < 2; i++) {
            try (SocketClient socket = browser.socket("/socket")) {
                assertThat(socket.ask("open?")).isEqualTo("[v]");
            }
        }
        assertThat(app.store.writes()).isEqualTo(writes);
    }
}
