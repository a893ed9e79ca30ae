package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.servlet.Browser.Answer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two requests on one session at the same time: each may read, write, remove, renew and invalidate. */
abstract class ParallelContract extends ContainerFixture {

    private enum Act {
        READ,
        WRITE,
        REMOVE,
        RENEW,
        INVALIDATE
    }

    private interface Meeting {
        void run() throws Exception;
    }

    private final TestApplication node = new TestApplication(app.store);

    /** What happens when the first request has loaded its session and before it goes on. */
    private volatile Meeting first = () -> {};

    /** The same for the second. */
    private volatile Meeting second = () -> {};

    /** Says where the nodes keep their sessions; in the memory of both otherwise, as bytes. */
    void keep(TestApplication application) {
        application.store.bytes = true;
    }

    @Test
    @DisplayName("in one node no attribute is lost, no session comes back and nothing fails, whatever meets")
    void oneNode() {
        keep(app);
        pages(app);
        started();
        everyCombination(server.port());
    }

    @Test
    @DisplayName("in two nodes no attribute is lost, no session comes back and nothing fails, whatever meets")
    void twoNodes() throws Exception {
        for (TestApplication each : new TestApplication[] {app, node}) {
            keep(each);
            pages(each);
        }
        started();
        TestServer other = start("", node.initializers());
        try {
            everyCombination(other.port());
        } finally {
            other.close();
        }
    }

    private void pages(TestApplication application) {
        application
                .on("/begin", (request, response) -> {
                    request.getSession().setAttribute("first", "old");
                    request.getSession().setAttribute("second", "old");
                })
                .on("/show", (request, response) -> print(response, shown(request)))
                .on("/out", (request, response) -> request.getSession().invalidate())
                .on("/first", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    assertThat(session.getAttribute("first")).isEqualTo("old");
                    first.run();
                    act(request, session, "first");
                })
                .on("/second", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    assertThat(session.getAttribute("second")).isEqualTo("old");
                    second.run();
                    act(request, session, "second");
                });
    }

    private static String shown(HttpServletRequest request) {
        return request.getSession(false) == null
                ? "none"
                : attribute(request, "first") + " " + attribute(request, "second");
    }

    private static void act(HttpServletRequest request, HttpSession session, String name) {
        switch (Act.valueOf(request.getParameter("act"))) {
            case READ -> assertThat(session.getAttribute(name)).isEqualTo("old");
            case WRITE -> session.setAttribute(name, "new");
            case REMOVE -> session.removeAttribute(name);
            case RENEW -> request.changeSessionId();
            case INVALIDATE -> session.invalidate();
        }
    }

    private void everyCombination(int otherPort) {
        for (Act one : Act.values()) {
            for (Act other : Act.values()) {
                overtaken(one, other, otherPort);
                together(one, other, otherPort);
            }
        }
    }

    /** The second request begins after the first has loaded the session, and is over before the first goes on. */
    private void overtaken(Act one, Act other, int otherPort) {
        Browser browser = begun();
        CompletableFuture<Answer> faster = new CompletableFuture<>();
        first = () -> faster.complete(with(browser, otherPort).get("/second?act=" + other));
        second = () -> {};
        Answer slower = with(browser, server.port()).get("/first?act=" + one);
        String what = one + " overtaken by " + other;
        check(what, browser, one, slower, other, faster.join());
        if (one != Act.INVALIDATE && (other == Act.INVALIDATE || other == Act.RENEW)) {
            assertThat(slower.setCookies()).as(what).isEmpty();
        }
    }

    /** Both go on when both have loaded the session. */
    private void together(Act one, Act other, int otherPort) {
        Browser browser = begun();
        CyclicBarrier both = new CyclicBarrier(2);
        first = () -> both.await(20, TimeUnit.SECONDS);
        second = first;
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(
                () -> with(browser, otherPort).get("/second?act=" + other), runnable -> new Thread(runnable).start());
        Answer own = with(browser, server.port()).get("/first?act=" + one);
        check(one + " together with " + other, browser, one, own, other, answer.join());
    }

    private Browser begun() {
        Browser browser = new Browser(server.port(), "");
        browser.get("/begin");
        return browser;
    }

    private static Browser with(Browser browser, int port) {
        return new Browser(port, "").holding(browser.cookie);
    }

    private void check(String what, Browser browser, Act one, Answer first, Act other, Answer second) {
        assertThat(first.status()).as(what).isEqualTo(200);
        assertThat(second.status()).as(what).isEqualTo(200);
        Optional<String> firstCookie = renewed(one, first);
        Optional<String> secondCookie = renewed(other, second);
        if (one == Act.INVALIDATE || other == Act.INVALIDATE) {
            assertThat(browser.get("/show").body()).as(what).isEqualTo("none");
            firstCookie
                    .or(() -> secondCookie)
                    .ifPresent(cookie -> assertThat(
                                    browser.holding(cookie).get("/show").body())
                            .as(what)
                            .isEqualTo("none"));
            assertThat(app.sessions.count()).as(what).isZero();
        } else {
            if (one == Act.RENEW || other == Act.RENEW) {
                assertThat(firstCookie.isPresent()).as(what).isNotEqualTo(secondCookie.isPresent());
                assertThat(browser.get("/show").body()).as(what).isEqualTo("none");
                browser.holding(firstCookie.or(() -> secondCookie).orElseThrow());
            }
            assertThat(browser.get("/show").body()).as(what).isEqualTo(left(one) + " " + left(other));
            assertThat(app.sessions.count()).as(what).isEqualTo(1);
            browser.get("/out");
        }
    }

    private static Optional<String> renewed(Act act, Answer answer) {
        return act == Act.RENEW ? answer.sessionCookie(NAME) : Optional.empty();
    }

    private static String left(Act act) {
        return switch (act) {
            case WRITE -> "new";
            case REMOVE -> "null";
            default -> "old";
        };
    }
}
