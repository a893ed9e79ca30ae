package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.servlet.Browser.Answer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionIdListener;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What requests see of each other with {@code genie.session.view=shared}, over real HTTP and a store that keeps bytes. */
abstract class SharedViewHttpContract extends ContainerFixture {

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Object> seen = new CopyOnWriteArrayList<>();
    private TestServer otherServer;

    @BeforeEach
    void share() {
        app.store.bytes = true;
        app.set("view", "shared")
                .set("types", "io.geniesession.servlet.**")
                .on("/put", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("cart", new ArrayList<>(List.of("tea")));
                    session.setAttribute("n", 0);
                })
                .on("/see", (request, response) -> {
                    Object cart = request.getSession().getAttribute("cart");
                    seen.add(cart);
                    print(response, String.valueOf(cart));
                })
                .on("/n", (request, response) -> print(response, attribute(request, "n")));
    }

    @AfterEach
    void stopClients() throws Exception {
        release.countDown();
        clients.shutdown();
        assertThat(clients.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        if (otherServer != null) {
            otherServer.close();
        }
    }

    /** A request that uses its session until the test releases it. */
    private Future<Answer> hold(Browser browser, TestApplication.Page before, TestApplication.Page after) {
        app.on("/hold", (request, response) -> {
            before.answer(request, response);
            held.countDown();
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
            after.answer(request, response);
        });
        Browser own = beside(browser);
        Future<Answer> answer = clients.submit(() -> own.get("/hold"));
        await(held);
        return answer;
    }

    private Future<Answer> hold(Browser browser) {
        return hold(browser, (request, response) -> seen.add(cart(request)), (request, response) -> {});
    }

    private Answer released(Future<Answer> request) {
        release.countDown();
        try {
            return request.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private Browser visitor() {
        Browser browser = started();
        browser.get("/put");
        return browser;
    }

    private Browser beside(Browser browser) {
        return new Browser(server.port(), "").holding(browser.cookie);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> cart(HttpServletRequest request) {
        return (List<Object>) request.getSession().getAttribute("cart");
    }

    @Test
    @DisplayName("requests that overlap have the same objects, and the next one after all of them has its own")
    void objectsAreShared() {
        Browser browser = visitor();
        Future<Answer> holder = hold(browser);
        beside(browser).get("/see");
        beside(browser).get("/see");
        assertThat(seen).hasSize(3);
        assertThat(seen.get(1)).isSameAs(seen.get(0));
        assertThat(seen.get(2)).isSameAs(seen.get(0));
        assertThat(released(holder).status()).isEqualTo(200);
        browser.get("/see");
        assertThat(seen.get(3)).isEqualTo(seen.get(0)).isNotSameAs(seen.get(0));
    }

    @Test
    @DisplayName("without the setting each request has objects of its own")
    void objectsAreNotSharedWithoutTheSetting() {
        app.set("view", "request");
        Browser browser = visitor();
        Future<Answer> holder = hold(browser);
        beside(browser).get("/see");
        released(holder);
        assertThat(seen.get(1)).isEqualTo(seen.get(0)).isNotSameAs(seen.get(0));
    }

    @Test
    @DisplayName(
            "a lock in an attribute protects a counter of all requests of a node, whether or not one holds the view")
    void lockProtects() throws Exception {
        app.on("/lock", (request, response) -> request.getSession().setAttribute("mutex", new Mutex()))
                .on("/count", (request, response) -> {
                    HttpSession session = request.getSession();
                    synchronized (session.getAttribute("mutex")) {
                        int n = (Integer) session.getAttribute("n");
                        session.setAttribute("n", n + 1);
                        response.flushBuffer();
                    }
                });
        Browser browser = visitor();
        browser.get("/lock");
        together(4, () -> {
            for (int i = 0; i < 15; i++) {
                assertThat(beside(browser).get("/count").status()).isEqualTo(200);
            }
        });
        assertThat(browser.get("/n").body()).isEqualTo("60");
    }

    @Test
    @DisplayName("without the setting the later of two requests that count at the same time wins")
    void countsAreLostWithoutTheSetting() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        app.set("view", "request").on("/count", (request, response) -> {
            int n = (Integer) request.getSession().getAttribute("n");
            both.await(30, TimeUnit.SECONDS);
            request.getSession().setAttribute("n", n + 1);
        });
        Browser browser = visitor();
        together(2, () -> beside(browser).get("/count"));
        assertThat(browser.get("/n").body()).isEqualTo("1");
    }

    @Test
    @DisplayName("what a request changes is stored before its response, on every node, while others go on")
    void changesAreStoredBeforeTheResponse() throws Exception {
        app.on("/add", (request, response) -> {
            cart(request).add("cake");
            response.sendRedirect("/see");
        });
        Browser browser = visitor();
        Future<Answer> holder = hold(browser);
        assertThat(beside(browser).get("/add").status()).isEqualTo(302);
        assertThat(other(browser).get("/see").body()).isEqualTo("[tea, cake]");
        released(holder);
    }

    @Test
    @DisplayName("two nodes merge per attribute, and a request sees what the other node stored before it began")
    void nodesMerge() throws Exception {
        Browser browser = visitor();
        Browser elsewhere = other(browser);
        Future<Answer> holder = hold(
                browser,
                (request, response) -> {
                    seen.add(cart(request));
                    request.getSession().setAttribute("mine", "here");
                },
                (request, response) -> print(response, attribute(request, "n")));
        elsewhere.get("/count");
        assertThat(beside(browser).get("/n").body()).isEqualTo("1");
        beside(browser).get("/see");
        assertThat(seen.get(1)).isSameAs(seen.get(0));
        assertThat(released(holder).body()).isEqualTo("1");
        assertThat(elsewhere.get("/mine").body()).isEqualTo("here");
        assertThat(elsewhere.get("/n").body()).isEqualTo("1");
    }

    /** Starts another node on the same store. */
    private Browser other(Browser browser) throws Exception {
        TestApplication second = new TestApplication(app.store)
                .set("view", "shared")
                .set("types", "io.geniesession.servlet.**")
                .on("/see", (request, response) -> print(response, attribute(request, "cart")))
                .on("/n", (request, response) -> print(response, attribute(request, "n")))
                .on("/mine", (request, response) -> print(response, attribute(request, "mine")))
                .on("/count", (request, response) -> request.getSession().setAttribute("n", 1));
        otherServer = start("", second.initializers());
        return new Browser(otherServer.port(), "").holding(browser.cookie);
    }

    @Test
    @DisplayName("an invalidation is seen at once by the others, whose responses are left alone")
    void invalidationIsSeenAtOnce() {
        app.on("/end", (request, response) -> request.getSession().invalidate());
        Browser browser = visitor();
        Future<Answer> holder = hold(
                browser,
                (request, response) -> {
                    seen.add(cart(request));
                    request.getSession().setAttribute("n", 7);
                    request.setAttribute("session", request.getSession());
                },
                (request, response) -> {
                    HttpSession session = (HttpSession) request.getAttribute("session");
                    String found;
                    try {
                        found = String.valueOf(session.getAttribute("n"));
                    } catch (IllegalStateException e) {
                        found = "ended";
                    }
                    print(response, found + " " + request.getSession(false));
                });
        assertThat(beside(browser).get("/end").setCookies(NAME)).hasSize(1);
        Answer answer = released(holder);
        assertThat(answer.body()).isEqualTo("ended null");
        assertThat(answer.setCookies()).isEmpty();
        assertThat(browser.get("/n").body()).isEqualTo("none");
    }

    @Test
    @DisplayName("a new id goes to the client of the request that renewed, listeners hear of it once, the others go on")
    void renewalDuringOverlap() {
        AtomicInteger heard = new AtomicInteger();
        app.listeners.add((HttpSessionIdListener) (event, old) -> heard.incrementAndGet());
        app.on("/renew", (request, response) -> print(response, request.changeSessionId()));
        Browser browser = visitor();
        Future<Answer> holder = hold(browser, (request, response) -> seen.add(cart(request)), (request, response) -> {
            HttpSession session = request.getSession();
            session.setAttribute("n", 9);
            print(
                    response,
                    session.getId() + " " + request.getRequestedSessionId().equals(session.getId()) + " "
                            + request.isRequestedSessionIdValid() + " " + session.isNew());
        });
        String former = browser.cookie;
        Answer renewal = browser.get("/renew");
        assertThat(browser.cookie).isNotEqualTo(former);
        browser.get("/see");
        assertThat(seen.get(1)).isSameAs(seen.get(0));
        Answer late = new Browser(server.port(), "").holding(former).get("/n");
        assertThat(late.body()).isEqualTo("none");
        assertThat(late.setCookies()).isEmpty();

        Answer answer = released(holder);

        assertThat(answer.body()).isEqualTo(renewal.body() + " false false false");
        assertThat(answer.setCookies()).isEmpty();
        assertThat(browser.get("/n").body()).isEqualTo("9");
        assertThat(heard).hasValue(1);
    }

    @Test
    @DisplayName("asynchronous processing holds the view until it completes")
    void asyncRequestHoldsTheView() throws Exception {
        AtomicReference<AsyncContext> pending = new AtomicReference<>();
        app.on("/async", (request, response) -> {
            seen.add(cart(request));
            AsyncContext context = request.startAsync();
            context.setTimeout(60_000);
            pending.set(context);
            held.countDown();
        });
        Browser browser = visitor();
        Future<Answer> async = clients.submit(() -> beside(browser).get("/async"));
        await(held);
        beside(browser).get("/see");
        assertThat(seen.get(1)).isSameAs(seen.get(0));
        pending.get().complete();
        async.get(30, TimeUnit.SECONDS);
        browser.get("/see");
        assertThat(seen.get(2)).isNotSameAs(seen.get(0));
    }

    @Test
    @DisplayName("a listener that uses the session when the request is over holds the view no longer than that")
    void lateListenerLeavesTheView() {
        CountDownLatch heard = new CountDownLatch(1);
        app.before(context -> context.addListener(new LateUser(seen, heard)));
        app.on("/late", (request, response) -> print(response, "late"));
        Browser browser = visitor();
        browser.get("/late");
        await(heard);
        // The listener may still be about to leave when the first of these begin.
        for (int i = 0; i < 20 && (i == 0 || seen.get(i) == seen.get(0)); i++) {
            browser.get("/see");
        }
        assertThat(seen.get(seen.size() - 1)).isNotSameAs(seen.get(0)).isEqualTo(seen.get(0));
    }

    /** Uses the session of a request that has not used it before, when no filter is around it any more. */
    record LateUser(List<Object> seen, CountDownLatch heard) implements ServletRequestListener {
        @Override
        public void requestDestroyed(ServletRequestEvent event) {
            HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
            if (request.getRequestURI().endsWith("/late")) {
                seen.add(cart(request));
                heard.countDown();
            }
        }
    }

    @Test
    @DisplayName(
            "of values that requests set at the same time each is bound once and each but the last is unbound once")
    void valuesAreUnboundOnce() throws Exception {
        Bound.EVENTS.clear();
        AtomicInteger numbers = new AtomicInteger();
        app.on(
                        "/bind",
                        (request, response) ->
                                request.getSession().setAttribute("bound", new Bound(numbers.incrementAndGet())))
                .on("/unbind", (request, response) -> request.getSession().removeAttribute("bound"));
        Browser browser = visitor();
        Future<Answer> holder = hold(browser);
        together(4, () -> {
            for (int i = 0; i < 5; i++) {
                beside(browser).get("/bind");
            }
        });
        beside(browser).get("/unbind");
        released(holder);
        List<String> expected = new ArrayList<>();
        for (int number = 1; number <= 20; number++) {
            expected.add("bound " + number);
            expected.add("unbound " + number);
        }
        assertThat(Bound.EVENTS).containsExactlyInAnyOrderElementsOf(expected);
    }

    private void together(int threads, Runnable client) throws Exception {
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(CompletableFuture.runAsync(client, clients));
        }
        for (CompletableFuture<Void> step : running) {
            step.get(60, TimeUnit.SECONDS);
        }
    }

    /** What applications put into a session to lock on. */
    static final class Mutex implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** A value that hears of its binding. */
    record Bound(int number) implements HttpSessionBindingListener, Serializable {
        static final List<String> EVENTS = new CopyOnWriteArrayList<>();

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            EVENTS.add("bound " + number);
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            EVENTS.add("unbound " + number);
        }
    }
}
