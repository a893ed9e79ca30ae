package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.servlet.Browser.Answer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;

/**
 * One application in one container per test, over real HTTP. Contracts extend this class and say nothing of the container;
 * tests extend a contract and implement the {@link TestContainer} it runs on, also in the modules of other containers.
 */
abstract class ContainerFixture implements TestContainer {

    static final String NAME = "__geniesid";

    final TestApplication app = new TestApplication();
    final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    TestServer server;

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        assertThat(failures).as("what failed on threads of the tests").isEmpty();
    }

    final Browser started() {
        return started("");
    }

    final Browser started(String contextPath) {
        try {
            server = start(contextPath, app.initializers());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return new Browser(server.port(), contextPath);
    }

    final TestApplication withCounter() {
        return app.on("/count", (request, response) -> {
                    HttpSession session = request.getSession();
                    Integer before = (Integer) session.getAttribute("n");
                    int now = before == null ? 1 : before + 1;
                    session.setAttribute("n", now);
                    print(response, String.valueOf(now));
                })
                .on("/read", (request, response) -> print(response, attribute(request, "n")));
    }

    static String attribute(HttpServletRequest request, String name) {
        HttpSession session = request.getSession(false);
        return session == null ? "none" : String.valueOf(session.getAttribute(name));
    }

    static void print(HttpServletResponse response, String text) throws Exception {
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().print(text);
    }

    /** Sets an attribute, commits in one way, and must find the attribute on the next request. */
    final void persistsBefore(TestApplication.Page commit) {
        // A client may have its answer before the page goes on.
        CompletableFuture<Integer> atCommit = new CompletableFuture<>();
        app.on("/commit", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("a", "written");
                    commit.answer(request, response);
                    // Whatever the container does with it, the store has it now.
                    atCommit.complete(app.store.creates.get());
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        Answer answer = browser.get("/commit");
        assertThat(answer.sessionCookie(NAME)).isPresent();
        assertThat(atCommit.completeOnTimeout(-1, 10, TimeUnit.SECONDS).join()).isEqualTo(1);
        assertThat(browser.get("/show").body()).isEqualTo("written");
        assertThat(app.store.creates).hasValue(1);
        assertThat(app.store.persists).hasValue(0);
    }

    /** Returns what a class of ours logs during an action. */
    static List<LogRecord> loggedBy(Class<?> type, Runnable action) {
        List<LogRecord> logged = Collections.synchronizedList(new ArrayList<>());
        Logger logger = Logger.getLogger(type.getName());
        logger.setFilter(record -> !logged.add(record));
        try {
            action.run();
        } finally {
            logger.setFilter(null);
        }
        return List.copyOf(logged);
    }

    /** Runs what may fail on a thread of its own. */
    final void onThread(Failing action) {
        new Thread(() -> {
                    try {
                        action.run();
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                })
                .start();
    }

    interface Failing {
        void run() throws Exception;
    }
}
