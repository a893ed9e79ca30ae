package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an endpoint of a WebSocket has of the session of the request that opened it, while it is open. */
abstract class WebSocketContract extends ContainerFixture {

    private static final String SESSION = "session";

    /** What the handshake does with the session. */
    private volatile Consumer<HttpSession> handshake = session -> {};

    /** The answer to a message. */
    volatile BiFunction<HttpSession, String, Object> answer = (session, message) -> "";

    /** Does what the container's own initializer for WebSockets does. */
    abstract void enableWebSockets(ServletContext context) throws ServletException;

    /** Uses a kept session beyond its request, in the way that the container's version of the specification has. */
    void access(HttpSession kept, Consumer<HttpSession> action) {
        GenieSessions.access(kept, action);
    }

    private void enable(ServletContext context) {
        try {
            enableWebSockets(context);
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
    }

    final Browser startedWithEndpoint() {
        app.before(this::enable);
        return startedWithEndpointOnly();
    }

    private Browser startedWithEndpointOnly() {
        app.after(context -> context.addListener(new Deployment()));
        app.on("/sign-in", (request, response) -> {
                    request.getSession().setAttribute("v", request.getParameter("v"));
                    print(response, request.getSession().getId());
                })
                .on("/renew", (request, response) -> request.changeSessionId())
                .on("/show", (request, response) -> print(response, attribute(request, "v")))
                .on("/out", (request, response) -> request.getSession().invalidate());
        return started();
    }

    /** Deploys the endpoint when the application starts. */
    private final class Deployment implements ServletContextListener {

        @Override
        public void contextInitialized(ServletContextEvent event) {
            ServerContainer container =
                    (ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName());
            try {
                container.addEndpoint(ServerEndpointConfig.Builder.create(Answering.class, "/socket")
                        .configurator(new Handshake())
                        .build());
            } catch (DeploymentException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Hands the session on to the endpoint, as applications do it. */
    private final class Handshake extends ServerEndpointConfig.Configurator {

        @Override
        public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
            config.getUserProperties().remove(SESSION);
            if (request.getHttpSession() instanceof HttpSession session) {
                handshake.accept(session);
                config.getUserProperties().put(SESSION, session);
            }
        }

        @Override
        public <T> T getEndpointInstance(Class<T> endpoint) {
            return endpoint.cast(new Answering());
        }

        @Override
        public boolean checkOrigin(String origin) {
            return true;
        }

        @Override
        public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
            return "";
        }

        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            return List.of();
        }
    }

    /** Public, because Jetty insists on it. */
    public final class Answering extends Endpoint {

        @Override
        public void onOpen(Session socket, EndpointConfig config) {
            HttpSession session = (HttpSession) config.getUserProperties().get(SESSION);
            socket.addMessageHandler(new MessageHandler.Whole<String>() {
                @Override
                public void onMessage(String message) {
                    try {
                        socket.getBasicRemote().sendText(String.valueOf(answered(session, message)));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
        }
    }

    private Object answered(HttpSession session, String message) {
        try {
            return answer.apply(session, message);
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName();
        }
    }

    @Test
    @DisplayName("the handshake has the session that pages see, and the endpoint can read it after the handshake")
    void handshakesSession() {
        List<String> ids = new CopyOnWriteArrayList<>();
        handshake = session -> ids.add(session.getId());
        answer = (session, message) -> session.getAttribute("v") + " " + session.getId();
        Browser browser = startedWithEndpoint();
        String id = browser.get("/sign-in?v=a").body();
        int writes = app.store.writes();
        try (SocketClient socket = browser.socket("/socket")) {
            assertThat(socket.ask("")).isEqualTo("a " + id);
        }
        assertThat(ids).containsExactly(id);
        assertThat(app.store.writes()).isEqualTo(writes);
    }

    @Test
    @DisplayName("it is the same where the container's initializer for WebSockets runs after ours")
    void initializedAfterUs() {
        answer = (session, message) -> session.getAttribute("v");
        app.after(this::enable);
        Browser browser = startedWithEndpointOnly();
        browser.get("/sign-in?v=a");
        try (SocketClient socket = browser.socket("/socket")) {
            assertThat(socket.ask("")).isEqualTo("a");
        }
    }

    @Test
    @DisplayName("the handshake of a visitor without a session begins none")
    void noSession() {
        answer = (session, message) -> session;
        Browser browser = startedWithEndpoint();
        try (SocketClient socket = browser.socket("/socket")) {
            assertThat(socket.ask("")).isEqualTo("null");
        }
        assertThat(app.store.all()).isZero();
    }

    /** Begins a session before the handshake, as frameworks do in listeners and filters. */
    private static final class Beginning implements ServletRequestListener {

        @Override
        public void requestInitialized(ServletRequestEvent event) {
            HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
            if (request.getRequestURI().equals("/socket")) {
                request.getSession().setAttribute("v", "begun");
            }
        }
    }

    @Test
    @DisplayName("a session that begins with the handshake's request is stored, and its cookie comes with the answer")
    void beginsWithTheHandshake() throws IOException {
        app.before(context -> context.addListener(new Beginning()));
        Browser browser = startedWithEndpoint();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("""
                    GET /socket HTTP/1.1\r
                    Host: localhost\r
                    Connection: Upgrade\r
                    Upgrade: websocket\r
                    Sec-WebSocket-Version: 13\r
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                    \r
                    """.getBytes(StandardCharsets.US_ASCII));
            BufferedReader header =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String cookie = "Set-Cookie: " + NAME + "=";
            for (String line = header.readLine(); line != null && !line.isEmpty(); line = header.readLine()) {
                if (line.startsWith(cookie)) {
                    browser.cookie = line.substring(cookie.length(), line.indexOf(';'));
                }
            }
        }
        assertThat(browser.cookie).isNotNull();
        assertThat(browser.get("/show").body()).isEqualTo("begun");
        assertThat(app.store.creates).hasValue(1);
    }

    @Test
    @DisplayName("what the handshake changes is stored")
    void changedByTheHandshake() {
        handshake = session -> session.setAttribute("v", "by the handshake");
        answer = (session, message) -> session.getAttribute("v");
        Browser browser = startedWithEndpoint();
        browser.get("/sign-in?v=a");
        try (SocketClient socket = browser.socket("/socket")) {
            assertThat(socket.ask("")).isEqualTo("by the handshake");
            assertThat(browser.get("/show").body()).isEqualTo("by the handshake");
        }
    }

    @Test
    @DisplayName("a kept session shows what the handshake saw; what is set in it is not stored")
    void keptSession() {
        answer = (session, message) -> {
            Object before = session.getAttribute("v");
            session.setAttribute("v", message);
            return before;
        };
        Browser browser = startedWithEndpoint();
        browser.get("/sign-in?v=a");
        try (SocketClient socket = browser.socket("/socket")) {
            browser.get("/sign-in?v=b");
            assertThat(socket.ask("lost")).isEqualTo("a");
            assertThat(browser.get("/show").body()).isEqualTo("b");
        }
    }

    @Test
    @DisplayName("access reads what is stored by now, and stores what it changes, also after a renewal")
    void accessed() {
        answer = (session, message) -> {
            List<Object> seen = new CopyOnWriteArrayList<>();
            access(session, now -> {
                seen.add(now.getAttribute("v"));
                now.setAttribute("v", message);
            });
            return seen;
        };
        Browser browser = startedWithEndpoint();
        browser.get("/sign-in?v=a");
        try (SocketClient socket = browser.socket("/socket")) {
            assertThat(socket.ask("b")).isEqualTo("[a]");
            browser.get("/renew");
            assertThat(browser.get("/show").body()).isEqualTo("b");
            browser.get("/sign-in?v=c");
            assertThat(socket.ask("d")).isEqualTo("[c]");
            assertThat(browser.get("/show").body()).isEqualTo("d");
        }
    }

    @Test
    @DisplayName("an open WebSocket keeps no session alive, and access does")
    void activity() {
        answer = (session, message) -> {
            if (message.equals("access")) {
                access(session, now -> {});
            }
            return session.getAttribute("v");
        };
        Browser browser = startedWithEndpoint();
        browser.get("/sign-in?v=a");
        try (SocketClient socket = browser.socket("/socket")) {
            app.clock.advance(Duration.ofMinutes(20));
            assertThat(socket.ask("access")).isEqualTo("a");
            app.clock.advance(Duration.ofMinutes(20));
            assertThat(socket.ask("read")).isEqualTo("a");
            app.clock.advance(Duration.ofMinutes(20));
            assertThat(socket.ask("access")).isEqualTo("IllegalStateException");
        }
    }

    @Test
    @DisplayName("after a sign-out access throws, and nothing revives the session")
    void signedOut() {
        answer = (session, message) -> {
            access(session, now -> now.setAttribute("v", message));
            return "stored";
        };
        Browser browser = startedWithEndpoint();
        browser.get("/sign-in?v=a");
        String cookie = browser.cookie;
        try (SocketClient socket = browser.socket("/socket")) {
            assertThat(socket.ask("b")).isEqualTo("stored");
            List<LogRecord> logged = loggedBy(SessionListeners.class, () -> browser.get("/out"));
            assertThat(logged).as("what listeners of the container make of it").isEmpty();
            assertThat(socket.ask("c")).isEqualTo("IllegalStateException");
        }
        assertThat(browser.holding(cookie).get("/show").body()).isEqualTo("none");
        assertThat(app.sessions.count()).isZero();
    }
}
