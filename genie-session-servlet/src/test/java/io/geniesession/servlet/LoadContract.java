package io.geniesession.servlet;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.SessionId;
import io.geniesession.servlet.Browser.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Clients that send more than they should, or less and later; {@code -Dgenie.test.faults=long} for a flood of two hundred
 * thousand visitors, or as many as {@code -Dgenie.test.visitors} says.
 */
abstract class LoadContract extends ContainerFixture {

    private static final boolean LONG = "long".equals(System.getProperty("genie.test.faults"));

    /** Visitors in a flood, four at a time. */
    private static final int VISITORS = Integer.getInteger("genie.test.visitors", LONG ? 200_000 : 1_000);

    /** More are not kept in the longest of floods, so that it takes no more memory than the long form. */
    private static final int MOST_SESSIONS = 10_000;

    private static final int SLOW_CLIENTS = 8;

    /** Enough for the sessions that may stay in the long form, and much less than all of its visitors would take. */
    private static final long MAX_BYTES = 40L * 1024 * 1024;

    private static final int PATIENCE_MILLIS = 30_000;

    @Test
    @DisplayName("visitors without a cookie take bounded memory, and spare who is signed in")
    void flood() throws Exception {
        int most = Math.min(VISITORS / 20, MOST_SESSIONS);
        app.set("memory.max-sessions", String.valueOf(most));
        withCounter()
                .on(
                        "/sign-in",
                        (request, response) -> GenieSessions.session(request).setPrincipal("anna"));
        Browser user = started();
        user.get("/sign-in");
        assertThat(user.get("/count").body()).isEqualTo("1");
        long before = usedBytes();
        long start = System.nanoTime();

        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            Callable<Boolean> visits = () -> {
                for (int i = 0; i < VISITORS / 4; i++) {
                    Answer answer = new Browser(server.port(), "").get("/count");
                    assertThat(answer.body()).isEqualTo("1");
                    assertThat(answer.sessionCookie(NAME)).isPresent();
                }
                return true;
            };
            for (Future<Boolean> thread : executor.invokeAll(Collections.nCopies(4, visits))) {
                assertThat(thread.get()).isTrue();
            }
        } finally {
            executor.shutdownNow();
        }

        // The client repeats a request when the server was just closing its connection.
        assertThat(app.store.creates).hasValueGreaterThan(VISITORS / 4 * 4);
        assertThat(app.sessions.count()).isLessThanOrEqualTo(most);
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        long more = usedBytes() - before;
        System.out.printf(
                "%s: %d visitors in %d s; %d sessions and %d MiB more of heap at the end%n",
                getClass().getSimpleName(), app.store.creates.get(), seconds, app.sessions.count(), more >> 20);
        assertThat(more).isLessThan(MAX_BYTES);
        assertThat(user.get("/count").body()).isEqualTo("2");
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    @DisplayName("a hundred cookies of the name cost eight looks into the store and one new session")
    void cookieBomb() {
        withCounter();
        Browser browser = started();
        String cookies = Stream.generate(() -> NAME + "=" + SessionId.generate().value())
                .limit(100)
                .collect(Collectors.joining("; "));

        assertThat(browser.get("/count", "Cookie", cookies).body()).isEqualTo("1");

        assertThat(app.store.loads).hasValueLessThanOrEqualTo(8);
        assertThat(app.store.creates).hasValue(1);
    }

    @Test
    @DisplayName("a cookie of the name as long as the container lets through costs no look into the store")
    void longCookie() {
        withCounter();
        Browser browser = started();

        assertThat(browser.get("/count", "Cookie", NAME + "=" + "A".repeat(6_000))
                        .body())
                .isEqualTo("1");

        assertThat(app.store.loads).hasValue(0);
        assertThat(app.store.creates).hasValue(1);
    }

    @Test
    @DisplayName("cookies beyond what the container lets through never reach the session")
    void tooLongCookie() throws Exception {
        withCounter();
        Browser browser = started();

        try (Socket socket = connect()) {
            String request = "GET /count HTTP/1.1\r\nHost: localhost\r\nCookie: " + NAME + "=" + "A".repeat(2_000_000)
                    + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            assertThat(firstLine(socket)).doesNotContain(" 200");
        } catch (IOException e) {
            // Containers may also hang up before everything was sent.
        }

        assertThat(app.store.all()).isZero();
        assertThat(browser.get("/count").body()).isEqualTo("1");
    }

    @Test
    @DisplayName("clients that do not read their answers hold nothing: their session is stored, and others use it")
    void slowReaders() throws Exception {
        byte[] much = new byte[1024 * 1024];
        withCounter().on("/much", (request, response) -> {
            request.getSession().setAttribute(request.getParameter("name"), "written");
            OutputStream out = response.getOutputStream();
            for (int i = 0; i < 64; i++) {
                out.write(much);
            }
        });
        app.on("/show", (request, response) -> print(response, attribute(request, request.getParameter("name"))));
        Browser browser = started();
        assertThat(browser.get("/count").body()).isEqualTo("1");

        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                slow.add(send("GET /much?name=slow" + i, browser.cookie, "", ""));
            }
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                assertThat(firstLine(slow.get(i))).contains(" 200");
                assertThat(browser.get("/show?name=slow" + i).body()).isEqualTo("written");
            }
            assertThat(app.store.busy).hasValue(0);
            assertThat(browser.get("/count").body()).isEqualTo("2");
        } finally {
            closeAll(slow);
        }
    }

    @Test
    @DisplayName(
            "clients that do not send their body hold nothing: others use their session, and their own changes arrive")
    void slowSenders() throws Exception {
        CountDownLatch began = new CountDownLatch(SLOW_CLIENTS);
        withCounter().on("/upload", (request, response) -> {
            request.getSession().setAttribute(request.getParameter("name"), "begun");
            began.countDown();
            String body = new String(request.getInputStream().readAllBytes(), US_ASCII);
            request.getSession().setAttribute(request.getParameter("name"), body);
        });
        app.on("/show", (request, response) -> print(response, attribute(request, request.getParameter("name"))));
        Browser browser = started();
        assertThat(browser.get("/count").body()).isEqualTo("1");

        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                slow.add(send("POST /upload?name=slow" + i, browser.cookie, "Content-Length: 8\r\n", "all"));
            }
            assertThat(began.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
            assertThat(app.store.busy).hasValue(0);
            assertThat(browser.get("/count").body()).isEqualTo("2");

            for (int i = 0; i < SLOW_CLIENTS; i++) {
                slow.get(i).getOutputStream().write(" sent".getBytes(US_ASCII));
                assertThat(firstLine(slow.get(i))).contains(" 200");
                assertThat(browser.get("/show?name=slow" + i).body()).isEqualTo("all sent");
            }
        } finally {
            closeAll(slow);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private Socket send(String line, String cookie, String header, String body) throws IOException {
        Socket socket = connect();
        String request = line + " HTTP/1.1\r\nHost: localhost\r\nCookie: " + NAME + "=" + cookie + "\r\n" + header
                + "\r\n" + body;
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        return socket;
    }

    private static String firstLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next >= 0 && next != '\n';
                next = socket.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
