package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.servlet.Browser.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two nodes of one application that share a store. */
abstract class NodesContract extends ContainerFixture {

    private final TestApplication node = new TestApplication(app.store);
    private final List<String> heard = Value.HEARD;
    private final CountDownLatch answered = new CountDownLatch(1);
    private TestServer other;

    /** Says where the nodes keep their sessions; in the memory of both otherwise, as bytes. */
    void keep(TestApplication application) {
        application.store.bytes = true;
    }

    @BeforeEach
    void startBoth() throws Exception {
        heard.clear();
        for (TestApplication each : List.of(app, node)) {
            keep(each);
            each.set("types", Value.class.getName())
                    .on(
                            "/in",
                            (request, response) ->
                                    request.getSession().setAttribute("v", new Value(request.getParameter("v"))))
                    .on("/redirect", (request, response) -> {
                        request.getSession().setAttribute("v", new Value("written"));
                        response.sendRedirect("/show");
                        response.flushBuffer();
                        // Not longer: there are containers that send a redirect only when the page ends.
                        answered.await(1, TimeUnit.SECONDS);
                    })
                    .on("/show", (request, response) -> print(response, attribute(request, "v")))
                    .on("/out", (request, response) -> request.getSession().invalidate());
        }
        app.listeners.add(new Recorder("", heard));
        node.listeners.add(new Recorder("", heard));
        started();
        other = start("", node.initializers());
        // Containers that make filters and listeners with the first request have them then.
        new Browser(other.port(), "").get("/show");
        new Browser(server.port(), "").get("/show");
    }

    @AfterEach
    void stopOther() throws Exception {
        other.close();
    }

    /** The same browser at the other node. */
    private Browser atOther(Browser browser) {
        return new Browser(other.port(), "").holding(browser.cookie);
    }

    @Test
    @DisplayName("a redirect's target on the other node sees the write, although the request is still running")
    void redirectTargetSeesTheWrite() {
        Browser browser = new Browser(server.port(), "");
        assertThat(browser.begin("/redirect")).isEqualTo(302);
        assertThat(atOther(browser).get("/show").body()).isEqualTo("written");
        answered.countDown();
    }

    @Test
    @DisplayName("of sessions that expired each is told once over both nodes, whichever sweeps")
    void expiryIsToldOnce() {
        for (int i = 0; i < 6; i++) {
            new Browser(i % 2 == 0 ? server.port() : other.port(), "").get("/in?v=" + i);
        }
        heard.clear();
        app.clock.advance(Duration.ofDays(1));
        node.clock.advance(Duration.ofDays(1));
        Thread[] sweeps = {new Thread(app.sessions::sweep), new Thread(node.sessions::sweep)};
        for (Thread sweep : sweeps) {
            sweep.start();
        }
        for (Thread sweep : sweeps) {
            join(sweep);
        }
        assertThat(app.sessions.sweep() + node.sessions.sweep()).isZero();
        for (int i = 0; i < 6; i++) {
            assertThat(heard).containsOnlyOnce("destroyed " + i, "unbound " + i + " null", "removed " + i);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    @DisplayName("a sign-out on one node is told once, and counts on the other")
    void signOutIsToldOnce() {
        Browser browser = new Browser(server.port(), "");
        browser.get("/in?v=a");
        Browser elsewhere = atOther(browser);
        assertThat(elsewhere.get("/show").body()).isEqualTo("a");
        heard.clear();
        assertThat(elsewhere.get("/out").status()).isEqualTo(200);
        Answer after = browser.get("/show");
        assertThat(after.body()).isEqualTo("none");
        app.clock.advance(Duration.ofDays(1));
        assertThat(app.sessions.sweep()).isZero();
        assertThat(heard).containsOnlyOnce("destroyed a", "unbound a null", "removed a");
    }
}
