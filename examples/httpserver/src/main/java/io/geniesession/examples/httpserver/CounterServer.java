package io.geniesession.examples.httpserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.geniesession.AttributeKey;
import io.geniesession.Session;
import io.geniesession.SessionStoreException;
import io.geniesession.Sessions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A page that counts its visitor's visits, on the HTTP server of the JDK.
 *
 * <p>Run it with a port, or without for 8080. The sessions are in the adapter that is on the class path.
 */
public final class CounterServer implements AutoCloseable {

    private static final AttributeKey<Integer> VISITS = AttributeKey.of("visits", Integer.class);

    private final Sessions sessions;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final HttpServer server;

    /**
     * Starts the server on the loopback address.
     *
     * @param port the port, or 0 for a free one
     * @param sessions the sessions, which stay the caller's to close
     * @throws IOException if the port is taken
     */
    public CounterServer(int port, Sessions sessions) throws IOException {
        this.sessions = sessions;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Starts the server.
     *
     * @param args the port, 8080 if there is none
     * @throws IOException if the port is taken
     */
    public static void main(String[] args) throws IOException {
        Sessions sessions = Sessions.open();
        CounterServer counter = new CounterServer(args.length == 0 ? 8080 : Integer.parseInt(args[0]), sessions);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            counter.close();
            sessions.close();
        }));
        System.out.println("http://localhost:" + counter.port() + "/");
    }

    /**
     * Returns where the server listens.
     *
     * @return the port
     */
    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange http) throws IOException {
        try (http) {
            answer(http);
        }
    }

    private void answer(HttpExchange http) throws IOException {
        try {
            Session session = sessions.start(new HttpServerExchange(http));
            switch (http.getRequestMethod() + " " + http.getRequestURI().getPath()) {
                case "GET /" -> count(http, session);
                case "POST /forget" -> forget(http, session);
                default -> send(http, 404, "Not found");
            }
        } catch (SessionStoreException e) {
            http.getResponseHeaders().set("Retry-After", "5");
            send(http, 503, "The session store does not answer");
        }
    }

    /** Counts atomically: two tabs opened at once count two visits. */
    private static void count(HttpExchange http, Session session) throws IOException {
        int visits = session.update(VISITS, 0, n -> n + 1);
        session.persist();
        send(http, 200, String.format(Locale.ROOT, """
                <!DOCTYPE html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>Visits</title>
                <body>
                <p>You have been here <b>%d</b> %s.</p>
                <form method="post" action="/forget"><button>Forget me</button></form>
                </html>
                """, visits, visits == 1 ? "time" : "times"));
    }

    private static void forget(HttpExchange http, Session session) throws IOException {
        if (session.isStored()) {
            session.invalidate();
        }
        http.getResponseHeaders().set("Location", "/");
        send(http, 303, "");
    }

    /** The header goes out here, so whatever changed the session has persisted it before. */
    private static void send(HttpExchange http, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        http.getResponseHeaders().set("Content-Type", "text/html;charset=UTF-8");
        http.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            http.getResponseBody().write(body);
        }
    }

    /** Stops the server. The sessions stay open. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
