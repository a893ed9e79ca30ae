package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.servlet.Browser.Answer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sessions over HTTP/2, where all requests of a client share one connection and a response is sent in pieces. */
abstract class Http2Contract extends ContainerFixture {

    /** Starts the application and changes to HTTP/2, with a request that does nothing. */
    private Browser startedWith2() {
        app.on("/nothing", (request, response) -> {})
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started().http2();
        assertThat(browser.get("/nothing").response().version()).isEqualTo(HttpClient.Version.HTTP_2);
        return browser;
    }

    @Test
    @DisplayName("whatever commits, the session is stored before, and its cookie comes with the header")
    void storedBeforeEachCommit() {
        Map<String, TestApplication.Page> commits = new LinkedHashMap<>();
        commits.put("/redirect", (request, response) -> response.sendRedirect("/show"));
        commits.put("/flush", (request, response) -> response.flushBuffer());
        commits.put("/close", (request, response) -> response.getOutputStream().close());
        commits.put("/overflow", (request, response) -> {
            byte[] bytes = new byte[500];
            for (int i = 0; i <= response.getBufferSize(); i += bytes.length) {
                response.getOutputStream().write(bytes);
            }
        });
        commits.put("/length", (request, response) -> {
            response.setContentLength(5);
            response.getWriter().print("hello");
        });
        Map<String, CompletableFuture<Integer>> storedAtCommit = new LinkedHashMap<>();
        commits.forEach((path, commit) -> {
            CompletableFuture<Integer> stored = new CompletableFuture<>();
            storedAtCommit.put(path, stored);
            app.on(path, (request, response) -> {
                int before = app.store.creates.get();
                request.getSession().setAttribute("a", "by " + path);
                commit.answer(request, response);
                stored.complete(app.store.creates.get() - before);
            });
        });
        startedWith2();
        storedAtCommit.forEach((path, stored) -> {
            Browser browser = new Browser(server.port(), "").http2();
            Answer answer = browser.get(path);
            assertThat(answer.response().version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.sessionCookie(NAME)).as(path).isPresent();
            assertThat(browser.get("/show").body()).isEqualTo("by " + path);
            assertThat(stored.completeOnTimeout(-1, 10, TimeUnit.SECONDS).join())
                    .as(path)
                    .isEqualTo(1);
        });
        assertThat(app.store.persists).hasValue(0);
        Answer head = new Browser(server.port(), "").http2().send("HEAD", "/flush");
        assertThat(head.sessionCookie(NAME)).isPresent();
        assertThat(head.body()).isEmpty();
    }

    @Test
    @DisplayName("a redirect's target, on the same connection, sees the write although the request is still running")
    void redirectTargetSeesTheWrite() {
        CountDownLatch seen = new CountDownLatch(1);
        app.on("/redirect", (request, response) -> {
            request.getSession().setAttribute("a", "written");
            response.sendRedirect("/show");
            response.flushBuffer();
            // Not longer: there are containers that send a redirect only when the page ends.
            seen.await(1, TimeUnit.SECONDS);
        });
        Browser browser = startedWith2();
        assertThat(browser.begin("/redirect")).isEqualTo(302);
        assertThat(browser.get("/show").body()).isEqualTo("written");
        seen.countDown();
    }

    @Test
    @DisplayName("server-sent events: what each event tells of is stored before the event is sent")
    void serverSentEvents() throws Exception {
        CyclicBarrier next = new CyclicBarrier(2);
        app.on("/events", (request, response) -> {
            AsyncContext async = request.startAsync();
            HttpSession session = request.getSession();
            response.setContentType("text/event-stream");
            onThread(() -> {
                ServletResponse out = async.getResponse();
                for (int i = 1; i <= 3; i++) {
                    session.setAttribute("a", i);
                    out.getWriter().print("data: " + i + "\n\n");
                    out.flushBuffer();
                    next.await(10, TimeUnit.SECONDS);
                }
                async.complete();
            });
        });
        Browser browser = startedWith2();
        HttpResponse<InputStream> events = browser.open("/events");
        assertThat(events.version()).isEqualTo(HttpClient.Version.HTTP_2);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            for (int i = 1; i <= 3; i++) {
                assertThat(lines.readLine()).isEqualTo("data: " + i);
                assertThat(lines.readLine()).isEmpty();
                assertThat(browser.get("/show").body()).isEqualTo(String.valueOf(i));
                next.await(10, TimeUnit.SECONDS);
            }
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    @DisplayName("parallel requests on one connection that add different attributes all keep theirs")
    void parallelRequests() {
        int requests = 8;
        CyclicBarrier together = new CyclicBarrier(requests);
        app.on("/begin", (request, response) -> request.getSession().setAttribute("a", "begun"))
                .on("/add", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    together.await(10, TimeUnit.SECONDS);
                    session.setAttribute("p" + request.getParameter("i"), "x");
                    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                })
                .on(
                        "/count",
                        (request, response) -> print(
                                response,
                                ""
                                        + Collections.list(request.getSession().getAttributeNames())
                                                .size()));
        Browser browser = startedWith2();
        browser.get("/begin");
        List<CompletableFuture<Answer>> running = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            String path = "/add?i=" + i;
            running.add(
                    CompletableFuture.supplyAsync(() -> browser.get(path), runnable -> new Thread(runnable).start()));
        }
        running.forEach(answer -> assertThat(answer.join().status()).isEqualTo(204));
        assertThat(browser.get("/count").body()).isEqualTo(String.valueOf(requests + 1));
    }
}
