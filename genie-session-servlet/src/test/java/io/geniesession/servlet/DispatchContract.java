package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.servlet.Browser.Answer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One session over everything that a request goes through, and its changes stored before the client can act on them. */
abstract class DispatchContract extends ContainerFixture {

    private int stored() {
        return app.store.creates.get() + app.store.persists.get();
    }

    private void showing() {
        app.on("/show", (request, response) -> print(response, attribute(request, "a")));
    }

    // ---- dispatchers and filters

    @Test
    @DisplayName("a named dispatch sees the session of its request")
    void namedDispatch() {
        showing();
        app.on("/begin", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.setAttribute("session", request.getSession());
                request.getServletContext().getNamedDispatcher("pages").include(request, response);
                request.getServletContext().getNamedDispatcher("pages").forward(request, response);
            } else {
                append(request, request.getDispatcherType().toString());
            }
        });
        // Containers differ in whether a named dispatch, which has no path, shows the path of the request.
        app.on(
                "null",
                (request, response) ->
                        append(request, request.getDispatcherType().toString()));
        Browser browser = started();
        Answer answer = browser.get("/begin");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("null INCLUDE FORWARD");
        assertThat(stored()).isEqualTo(1);
    }

    private static void append(HttpServletRequest request, String text) {
        HttpSession session = request.getSession(false);
        assertThat(session).isSameAs(request.getAttribute("session"));
        session.setAttribute("a", session.getAttribute("a") + " " + text);
    }

    /** Wraps request and response anew in every dispatch, and keeps the body back until the end. */
    private static final class Buffering extends HttpFilter {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            PrintWriter writer = new PrintWriter(kept, true, StandardCharsets.UTF_8);
            chain.doFilter(new HttpServletRequestWrapper(request), new HttpServletResponseWrapper(response) {
                @Override
                public PrintWriter getWriter() {
                    return writer;
                }
            });
            writer.flush();
            response.getOutputStream().write(kept.toByteArray());
        }
    }

    @Test
    @DisplayName("filters that wrap request and response change nothing")
    void wrappingFilters() {
        for (String filter : new String[] {"outer", "inner"}) {
            app.after(context -> context.addFilter(filter, new Buffering())
                    .addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, "/*"));
        }
        showing();
        app.on("/begin", (request, response) -> {
                    request.setAttribute("session", request.getSession());
                    request.getRequestDispatcher("/target").forward(request, response);
                })
                .on("/target", (request, response) -> {
                    append(request, "target");
                    assertThat(GenieSessions.session(request).isStored()).isFalse();
                    response.getWriter().print("x".repeat(100_000));
                });
        Browser browser = started();
        Answer answer = browser.get("/begin");
        assertThat(answer.body()).hasSize(100_000);
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("null target");
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    @DisplayName("an included page that fails leaves the session to the one that goes on")
    void failingInclude() {
        showing();
        app.on("/begin", (request, response) -> {
                    request.getSession().setAttribute("a", "begun");
                    try {
                        request.getRequestDispatcher("/fails").include(request, response);
                    } catch (RuntimeException e) {
                        // Some containers wrap it into another one.
                        assertThat(e).hasStackTraceContaining("on purpose");
                        request.getSession()
                                .setAttribute("a", request.getSession().getAttribute("a") + " caught");
                    }
                })
                .on("/fails", (request, response) -> {
                    request.getSession().setAttribute("a", "included");
                    throw new IllegalArgumentException("on purpose");
                });
        Browser browser = started();
        assertThat(browser.get("/begin").status()).isEqualTo(200);
        assertThat(browser.get("/show").body()).isEqualTo("included caught");
        assertThat(stored()).isEqualTo(1);
    }

    // ---- asynchronous processing

    /** Hears of the end of asynchronous processing. */
    private abstract static class Hearing implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) throws IOException {}

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {}

        @Override
        public void onError(AsyncEvent event) throws IOException {}

        @Override
        public void onStartAsync(AsyncEvent event) throws IOException {}
    }

    @Test
    @DisplayName("several asynchronous cycles of a request share one session, stored once")
    void severalCycles() {
        showing();
        app.on("/async", (request, response) -> {
            HttpSession session = request.getSession();
            Object before = session.getAttribute("a");
            int cycle = before == null ? 1 : (int) before + 1;
            session.setAttribute("a", cycle);
            if (cycle < 4) {
                AsyncContext async = request.startAsync();
                onThread(async::dispatch);
            } else {
                print(response, "cycle " + cycle);
            }
        });
        Browser browser = started();
        Answer answer = browser.get("/async");
        assertThat(answer.body()).isEqualTo("cycle 4");
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("4");
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    @DisplayName("a dispatched page that fails keeps its changes, and an error page sees the session")
    void asyncError() {
        showing();
        app.on("/async", (request, response) -> {
                    request.setAttribute("session", request.getSession());
                    request.startAsync().dispatch("/fails");
                })
                .on("/fails", (request, response) -> {
                    append(request, "failed");
                    throw new IllegalArgumentException("on purpose");
                })
                .on("/begin", (request, response) -> request.getSession())
                // Containers differ in whether they find the page for the exception in what they wrap it into.
                .on(
                        "/error",
                        (request, response) ->
                                assertThat(request.getSession(false)).isSameAs(request.getAttribute("session")));
        Browser browser = started();
        browser.get("/begin");
        assertThat(browser.get("/async").status()).isEqualTo(500);
        assertThat(browser.get("/show").body()).isEqualTo("null failed");
    }

    @Test
    @DisplayName("a page that fails after startAsync keeps its changes")
    void failureAfterStartAsync() {
        showing();
        app.on("/async", (request, response) -> {
            request.startAsync().addListener(new Hearing() {
                @Override
                public void onError(AsyncEvent event) throws IOException {
                    HttpServletRequest own = (HttpServletRequest) event.getSuppliedRequest();
                    HttpSession session = own == null ? null : own.getSession(false);
                    if (session != null) {
                        session.setAttribute("b", "heard");
                    }
                }
            });
            request.getSession().setAttribute("a", "kept");
            throw new IllegalArgumentException("on purpose");
        });
        app.on("/begin", (request, response) -> request.getSession());
        Browser browser = started();
        browser.get("/begin");
        // What is persisted after the answer comes too late for the next request.
        CountDownLatch answered = new CountDownLatch(1);
        app.store.beforePersist = () -> await(answered);
        assertThat(browser.get("/async").status()).isEqualTo(500);
        assertThat(browser.get("/show").body()).isEqualTo("kept");
        answered.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(200, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName("server-sent events: what is stored before each flush is there for whoever acts on it")
    void serverSentEvents() {
        CountDownLatch acted = new CountDownLatch(1);
        showing();
        app.on("/events", (request, response) -> {
            AsyncContext async = request.startAsync();
            HttpSession session = request.getSession();
            response.setContentType("text/event-stream");
            onThread(() -> {
                session.setAttribute("a", "first");
                ServletResponse out = async.getResponse();
                out.getWriter().print("data: 1\n\n");
                out.flushBuffer();
                acted.await(10, TimeUnit.SECONDS);
                session.setAttribute("a", "second");
                out.getWriter().print("data: 2\n\n");
                out.flushBuffer();
                session.setAttribute("a", "last");
                async.complete();
            });
        });
        Browser browser = started();
        assertThat(browser.begin("/events")).isEqualTo(200);
        assertThat(browser.get("/show").body()).isEqualTo("first");
        acted.countDown();
        String seen = "first";
        while (!seen.equals("last")) {
            seen = browser.get("/show").body();
            assertThat(seen).isIn("first", "second", "last");
        }
    }

    // ---- non-blocking

    @Test
    @DisplayName("a non-blocking reader sets attributes that are stored before the response")
    void readListener() {
        showing();
        app.on("/upload", (request, response) -> {
            AsyncContext async = request.startAsync();
            HttpSession session = request.getSession();
            ServletInputStream in = request.getInputStream();
            in.setReadListener(new ReadListener() {
                private int length;

                @Override
                public void onDataAvailable() throws IOException {
                    byte[] bytes = new byte[1000];
                    while (in.isReady() && !in.isFinished()) {
                        int read = in.read(bytes);
                        length += Math.max(0, read);
                    }
                }

                @Override
                public void onAllDataRead() throws IOException {
                    session.setAttribute("a", length + " bytes");
                    async.getResponse().getWriter().print("read");
                    async.complete();
                }

                @Override
                public void onError(Throwable failure) {
                    failures.add(failure);
                }
            });
        });
        Browser browser = started();
        Answer answer = browser.post("/upload", "x".repeat(50_000));
        assertThat(answer.body()).isEqualTo("read");
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("50000 bytes");
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    @DisplayName("a non-blocking writer's changes are stored before the response is committed")
    void writeListener() {
        showing();
        app.on("/download", (request, response) -> {
            AsyncContext async = request.startAsync();
            HttpSession session = request.getSession();
            ServletOutputStream out = response.getOutputStream();
            out.setWriteListener(new WriteListener() {
                private int parts;

                @Override
                public void onWritePossible() throws IOException {
                    if (parts == 0) {
                        session.setAttribute("a", "writing");
                    }
                    while (out.isReady()) {
                        if (parts == 20) {
                            async.complete();
                            return;
                        }
                        parts++;
                        out.write(new byte[10_000]);
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    failures.add(failure);
                }
            });
        });
        Browser browser = started();
        Answer answer = browser.get("/download");
        assertThat(answer.body()).hasSize(200_000);
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("writing");
        assertThat(stored()).isEqualTo(1);
    }

    // ---- more ways to commit

    @Test
    @DisplayName("commit: the end of a forward, which closes the response")
    void endOfForward() {
        showing();
        app.on("/begin", (request, response) -> {
                    request.getRequestDispatcher("/target").forward(request, response);
                    // The container may have sent the response; the store has the session.
                    assertThat(stored()).isEqualTo(1);
                })
                .on("/target", (request, response) -> request.getSession().setAttribute("a", "forwarded"));
        Browser browser = started();
        Answer answer = browser.get("/begin");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("forwarded");
    }

    @Test
    @DisplayName("commit: println of the stream overflows the buffer")
    void overflowByFormatting() {
        persistsBefore((request, response) -> {
            int size = response.getBufferSize();
            for (int i = 0; i <= size; i += 50) {
                response.getOutputStream().println("x".repeat(50));
            }
        });
    }

    @Test
    @DisplayName("commit: append and format of the writer overflow the buffer")
    void overflowByAppending() {
        persistsBefore((request, response) -> {
            int size = response.getBufferSize();
            for (int i = 0; i <= size; i += 50) {
                response.getWriter().append("x".repeat(25)).format("%25d%n", i);
            }
        });
    }

    @Test
    @DisplayName("commit: Content-Length added as an int header and reached by single bytes")
    void contentLengthBySingleBytes() {
        persistsBefore((request, response) -> {
            response.addIntHeader("Content-Length", 3);
            for (int i = 0; i < 3; i++) {
                response.getOutputStream().write('x');
            }
        });
    }

    @Test
    @DisplayName("commit: what was written before a reset does not count")
    void commitAfterReset() {
        persistsBefore((request, response) -> {
            response.getWriter().print("x".repeat(500));
            response.reset();
            response.setContentLength(5);
            response.getOutputStream().print("hello");
        });
    }

    @Test
    @DisplayName("commit: Content-Length reached within an include")
    void contentLengthInInclude() {
        app.on("/part", (request, response) -> response.getWriter().print("hello"));
        persistsBefore((request, response) -> {
            response.setContentLength(5);
            request.getRequestDispatcher("/part").include(request, response);
        });
    }

    @Test
    @DisplayName("a new id reaches the client also if the page fails afterwards, and there is no page for the failure")
    void renewalBeforeAFailure() {
        showing();
        app.on("/begin", (request, response) -> request.getSession().setAttribute("a", "begun"))
                .on("/renew", (request, response) -> {
                    response.addHeader("Set-Cookie", "other=1");
                    request.changeSessionId();
                    throw new IllegalStateException("on purpose");
                });
        Browser browser = started();
        browser.get("/begin");
        String before = browser.cookie;
        Answer answer = browser.get("/renew");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.cookie).isNotEqualTo(before);
        assertThat(browser.get("/show").body()).isEqualTo("begun");
    }

    /** Takes no headers while a page is included, as the specification has it. */
    private static void strict(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
            @Override
            public void addHeader(String name, String value) {
                if (request.getAttribute(INCLUDING) == null) {
                    super.addHeader(name, value);
                }
            }
        });
    }

    private static final String INCLUDING = "including";

    @Test
    @DisplayName("where an include takes no headers, the cookie is set when the included page is over")
    void cookieAfterAnInclude() {
        app.before(context -> context.addFilter("strict", (Filter) DispatchContract::strict)
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*"));
        showing();
        app.on("/part", (request, response) -> response.getOutputStream().write(new byte[response.getBufferSize() / 4]))
                .on("/begin", (request, response) -> {
                    request.getSession().setAttribute("a", "begun");
                    request.setAttribute(INCLUDING, true);
                    request.getRequestDispatcher("/part").include(request, response);
                    request.removeAttribute(INCLUDING);
                });
        Browser browser = started();
        Answer answer = browser.get("/begin");
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("begun");
    }

    /** Says one word on the upgraded connection. */
    public static final class Upgraded implements HttpUpgradeHandler {

        @Override
        public void init(WebConnection connection) {
            try (connection) {
                connection.getOutputStream().print("upgraded");
                connection.getOutputStream().flush();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void destroy() {}
    }

    @Test
    @DisplayName("commit: upgrade of the connection")
    void upgrade() throws IOException {
        showing();
        app.on("/upgrade", (request, response) -> {
            request.getSession().setAttribute("a", "upgraded");
            response.setHeader("Connection", "Upgrade");
            response.setHeader("Upgrade", "word");
            request.upgrade(Upgraded.class);
        });
        Browser browser = started();
        String answer;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /upgrade HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: word\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            answer = read(socket, " 101");
            Assumptions.assumeTrue(answer.endsWith(" 101"), "the container does not upgrade connections");
            answer = read(socket, "upgraded");
        }
        assertThat(answer).endsWith("upgraded").contains("Set-Cookie: " + NAME + "=");
        String cookie = answer.substring(answer.indexOf(NAME + "=") + NAME.length() + 1);
        browser.cookie = cookie.substring(0, cookie.indexOf(';'));
        assertThat(browser.get("/show").body()).isEqualTo("upgraded");
    }

    /** Reads up to a word, or all that comes before nothing comes any more. */
    private static String read(Socket socket, String word) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            int octet = socket.getInputStream().read();
            while (octet >= 0) {
                text.append((char) octet);
                octet = text.length() >= word.length()
                                && text.substring(text.length() - word.length()).equals(word)
                        ? -1
                        : socket.getInputStream().read();
            }
        } catch (SocketTimeoutException e) {
            return text + " ...";
        }
        return text.toString();
    }

    @Test
    @DisplayName("a second persist, by a flush or at the end, happens only if something changed after the first")
    void secondPersistOnlyAfterAChange() {
        app.on("/unchanged", (request, response) -> {
                    request.getSession().setAttribute("a", "once");
                    response.getWriter().print("x");
                    response.flushBuffer();
                    request.getSession().getAttribute("a");
                    response.getWriter().print("y");
                    response.flushBuffer();
                    response.getWriter().close();
                })
                .on("/changed", (request, response) -> {
                    request.getSession().setAttribute("a", "first");
                    response.flushBuffer();
                    request.getSession().setAttribute("a", "second");
                    response.flushBuffer();
                    response.flushBuffer();
                    request.getSession().setAttribute("a", "third");
                });
        Browser browser = started();
        browser.get("/unchanged");
        assertThat(stored()).isEqualTo(1);
        browser.get("/changed");
        assertThat(stored()).isEqualTo(4);
    }

    @Test
    @DisplayName(
            "a session begun by one request is there for another application thread that holds the wrapped request")
    void requestHandedOn() {
        showing();
        app.on("/hand-on", (request, response) -> {
            CountDownLatch done = new CountDownLatch(1);
            ServletRequest wrapped = new HttpServletRequestWrapper(request);
            onThread(() -> {
                ((HttpServletRequest) wrapped).getSession().setAttribute("a", "other thread");
                done.countDown();
            });
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        });
        Browser browser = started();
        assertThat(browser.get("/hand-on").setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("other thread");
    }
}
