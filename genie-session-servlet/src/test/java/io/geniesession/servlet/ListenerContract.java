package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.geniesession.SessionKey;
import io.geniesession.servlet.Browser.Answer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who hears of sessions, of what, and in which order. */
abstract class ListenerContract extends ContainerFixture {

    private final Recorder recorder = new Recorder("", Value.HEARD);
    private final List<String> heard = Value.HEARD;

    @BeforeEach
    void silence() {
        heard.clear();
        app.set("types", Value.class.getName());
    }

    private void withValue() {
        app.on(
                        "/in",
                        (request, response) ->
                                request.getSession().setAttribute("v", new Value(request.getParameter("v"))))
                .on("/show", (request, response) -> print(response, attribute(request, "v")))
                .on("/out", (request, response) -> request.getSession().invalidate());
    }

    // ---- however registered

    @Test
    @DisplayName("listeners that code adds to the container, before or after us, are called in that order")
    void addedToTheContainer() {
        List<String> names = new CopyOnWriteArrayList<>();
        app.before(context -> context.addListener(new Recorder("before ", names)));
        app.after(context -> context.addListener(new Recorder("after ", names)));
        app.listeners.add(new Recorder("ours ", names));
        app.on("/life", (request, response) -> {
            HttpSession session = request.getSession();
            session.setAttribute("v", "a");
            session.setAttribute("v", "b");
            session.removeAttribute("v");
            request.changeSessionId();
            session.invalidate();
        });
        assertThat(started().get("/life").status()).isEqualTo(200);
        assertThat(names)
                .containsExactly(
                        "before created",
                        "after created",
                        "ours created",
                        "before added a",
                        "after added a",
                        "ours added a",
                        "before replaced a",
                        "after replaced a",
                        "ours replaced a",
                        "before removed b",
                        "after removed b",
                        "ours removed b",
                        "before id changed",
                        "after id changed",
                        "ours id changed",
                        "ours destroyed null",
                        "after destroyed null",
                        "before destroyed null");
    }

    /** A listener whose object must be the container's: it keeps what it gets when the application starts. */
    public static final class Starting implements ServletContextListener, HttpSessionListener {

        private String greeting = "not started";

        @Override
        public void contextInitialized(ServletContextEvent event) {
            greeting = "started";
        }

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            event.getSession().setAttribute("v", greeting);
        }
    }

    @Test
    @DisplayName("listeners are the container's own objects, of which each is called once")
    void containersOwnObjects() {
        app.before(context -> context.addListener(Starting.class));
        app.before(context -> {
            context.addListener(recorder);
            app.listeners.add(recorder);
        });
        withValue();
        app.on(
                "/begin",
                (request, response) -> print(response, "" + request.getSession().getAttribute("v")));
        assertThat(started().get("/begin").body()).isEqualTo("started");
        assertThat(heard).containsExactly("added started", "created");
    }

    @Test
    @DisplayName("a listener added while the application runs is called")
    void addedWhileRunning() {
        withValue();
        Browser browser = started();
        GenieSessions.addListener(app.context, recorder);
        browser.get("/in?v=a");
        assertThat(heard).containsExactly("created", "bound a null", "added a");
        assertThatThrownBy(() -> GenieSessions.addListener(app.context, new ServletContextListener() {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HttpSessionListener");
    }

    // ---- of what

    @Test
    @DisplayName("listeners and values hear of everything, in order, with old values")
    void everything() {
        app.listeners.add(recorder);
        app.on("/life", (request, response) -> {
            HttpSession session = request.getSession();
            Value first = new Value("first");
            session.setAttribute("v", first);
            session.setAttribute("v", first);
            session.setAttribute("v", new Value("second"));
            session.removeAttribute("v");
            session.removeAttribute("v");
            session.setAttribute("v", new Value("third"));
            request.changeSessionId();
            session.invalidate();
        });
        assertThat(started().get("/life").status()).isEqualTo(200);
        assertThat(heard)
                .containsExactly(
                        "created",
                        "bound first null",
                        "added first",
                        "replaced first",
                        "bound second first",
                        "unbound first second",
                        "replaced first",
                        "unbound second null",
                        "removed second",
                        "bound third null",
                        "added third",
                        "id changed",
                        "destroyed third",
                        "unbound third null",
                        "removed third");
    }

    @Test
    @DisplayName("attributes that a listener sets in a session that begins are stored")
    void initialAttributes() {
        app.listeners.add(new HttpSessionListener() {
            @Override
            public void sessionCreated(HttpSessionEvent event) {
                event.getSession().setAttribute("v", "initial");
            }
        });
        withValue();
        app.on("/begin", (request, response) -> request.getSession());
        Browser browser = started();
        browser.get("/begin");
        assertThat(browser.get("/show").body()).isEqualTo("initial");
    }

    @Test
    @DisplayName("a renewal through our own interface is told once, when it is stored")
    void renewalThroughOurOwnInterface() {
        app.listeners.add(recorder);
        withValue();
        app.on("/sign-in", (request, response) -> {
            GenieSessions.session(request).setPrincipal("ada");
            assertThat(heard).isEmpty();
            response.flushBuffer();
            assertThat(heard).containsExactly("id changed");
        });
        app.on("/both", (request, response) -> {
            request.changeSessionId();
            GenieSessions.session(request).setPrincipal("bob");
        });
        app.on(
                "/key",
                (request, response) -> print(
                        response, GenieSessions.session(request).key().value().toString()));
        Browser browser = started();
        browser.get("/in?v=a");
        heard.clear();
        assertThat(browser.get("/sign-in").status()).isEqualTo(200);
        heard.clear();
        browser.get("/both");
        assertThat(heard).containsExactly("id changed");
        heard.clear();
        app.sessions
                .load(new SessionKey(UUID.fromString(browser.get("/key").body())))
                .orElseThrow()
                .renew()
                .persist();
        assertThat(heard).as("outside of a request").containsExactly("id changed");
    }

    @Test
    @DisplayName(
            "changeSessionId is told when it is stored; one that is refused, because another was faster, to nobody")
    void refusedRenewal() {
        app.listeners.add(recorder);
        withValue();
        app.on("/renew", (request, response) -> {
            request.changeSessionId();
            assertThat(heard).as("before it is stored").isEmpty();
            response.flushBuffer();
            assertThat(heard).as("when it is stored").containsExactly("id changed");
        });
        AtomicReference<String> faster = new AtomicReference<>();
        app.on("/slow", (request, response) -> {
            String cookie = request.getHeader("Cookie");
            request.changeSessionId();
            Answer answer = new Browser(server.port(), "").get("/renew", "Cookie", cookie);
            assertThat(answer.status()).isEqualTo(200);
            faster.set(answer.sessionCookie(NAME).orElseThrow());
        });
        Browser browser = started();
        browser.get("/in?v=a");
        heard.clear();
        Answer slow = browser.get("/slow");
        assertThat(slow.status()).isEqualTo(200);
        assertThat(slow.setCookies()).isEmpty();
        assertThat(heard).containsExactly("id changed");
        assertThat(browser.holding(faster.get()).get("/show").body()).isEqualTo("a");
    }

    @Test
    @DisplayName("a renewal and the end in one request are told in this order, the end by the new id")
    void renewedAndEnded() {
        List<String> ids = new CopyOnWriteArrayList<>();
        app.listeners.add(recorder);
        app.listeners.add((HttpSessionIdListener) (event, oldId) -> {
            ids.add(oldId);
            ids.add(event.getSession().getId());
        });
        app.listeners.add(new HttpSessionListener() {
            @Override
            public void sessionDestroyed(HttpSessionEvent event) {
                ids.add(event.getSession().getId());
            }
        });
        withValue();
        app.on("/renew-and-out", (request, response) -> {
            HttpSession session = request.getSession();
            String before = session.getId();
            request.changeSessionId();
            String after = request.changeSessionId();
            session.invalidate();
            assertThat(ids).containsExactly(before, after, after);
        });
        Browser browser = started();
        browser.get("/in?v=a");
        heard.clear();
        assertThat(browser.get("/renew-and-out").status()).isEqualTo(200);
        assertThat(heard).containsExactly("id changed", "destroyed a", "unbound a null", "removed a");
    }

    @Test
    @DisplayName("with expose-id=secret a view shows the new id at once, and listeners get what getId() returned")
    void renewalShowsAtOnce() {
        app.set("servlet.expose-id", "secret");
        AtomicReference<String> old = new AtomicReference<>();
        app.listeners.add((HttpSessionIdListener) (event, oldId) -> {
            old.set(oldId);
            heard.add(event.getSession().getId());
        });
        withValue();
        app.on("/renew", (request, response) -> {
            HttpSession session = request.getSession();
            String before = session.getId();
            GenieSessions.session(request).renew();
            assertThat(session.getId()).isNotEqualTo(before);
            print(response, session.getId());
        });
        Browser browser = started();
        browser.get("/in?v=a");
        String before = browser.cookie;
        String after = browser.get("/renew").body();
        assertThat(after).isEqualTo(browser.cookie).isNotEqualTo(before);
        assertThat(old).hasValue(before);
        assertThat(heard).endsWith(after);
    }

    // ---- the end

    @Test
    @DisplayName("listeners and values hear of expiry and of an end by others, once")
    void expiry() {
        endsAreTold();
    }

    @Test
    @DisplayName("listeners and values hear of the ends of sessions that the application opened itself")
    void expiryOfOpenedSessions() {
        app.opened = true;
        endsAreTold();
    }

    private void endsAreTold() {
        app.listeners.add(recorder);
        withValue();
        started().get("/in?v=idle");
        heard.clear();
        app.clock.advance(Duration.ofDays(2));
        assertThat(app.sessions.sweep()).isEqualTo(1);
        assertThat(heard).containsExactly("destroyed idle", "unbound idle null", "removed idle");

        new Browser(server.port(), "").get("/in?v=revoked");
        heard.clear();
        app.sessions.end(((HttpSessionView) recorder.last.get()).session().key());
        assertThat(heard).containsExactly("destroyed revoked", "unbound revoked null", "removed revoked");
        app.clock.advance(Duration.ofDays(2));
        assertThat(app.sessions.sweep()).isZero();
    }

    @Test
    @DisplayName("an end while the application starts is told when its listeners are there")
    void endDuringStart() {
        app.store.bytes = true;
        app.after(context -> {
            io.geniesession.Session early = app.sessions.create().set("v", new Value("early"));
            early.persist();
            app.sessions.end(early.key());
            assertThat(heard).isEmpty();
            context.addListener(recorder);
        });
        started();
        assertThat(heard).containsExactly("activated early", "destroyed early", "unbound early null", "removed early");
    }

    @Test
    @DisplayName("a session that begins and is never stored ends for listeners with its request")
    void neverStored() {
        app.listeners.add(recorder);
        withValue();
        Browser browser = started();
        app.store.writesFail = true;
        assertThat(browser.get("/in?v=lost").status()).isEqualTo(503);
        assertThat(heard)
                .containsExactly(
                        "created",
                        "bound lost null",
                        "added lost",
                        "destroyed lost",
                        "unbound lost null",
                        "removed lost");
    }

    @Test
    @DisplayName("a session that our own interface ends before it is stored ends for listeners too")
    void endedBeforeStored() {
        app.listeners.add(recorder);
        app.on("/in-and-out", (request, response) -> {
            request.getSession();
            GenieSessions.session(request).invalidate();
            request.getSession().setAttribute("v", "second");
        });
        started().get("/in-and-out");
        assertThat(heard).containsExactly("created", "destroyed null", "created", "added second");
    }

    @Test
    @DisplayName("without the store, with outage=continue, each session of one request begins and ends")
    void withoutTheStore() {
        app.set("servlet.outage", "continue");
        app.listeners.add(recorder);
        withValue();
        Browser browser = started();
        browser.get("/in?v=kept");
        heard.clear();
        app.store.fail(true);
        assertThat(browser.get("/in?v=lost").status()).isEqualTo(200);
        assertThat(heard).startsWith("created").endsWith("destroyed lost", "unbound lost null", "removed lost");
        app.store.fail(false);
        assertThat(browser.get("/show").body()).isEqualTo("kept");
    }

    @Test
    @DisplayName("a session kept beyond its request ends for listeners, and no other response hears of its cookie")
    void endedAfterItsRequest() {
        app.listeners.add(recorder);
        withValue();
        app.on("/end-other", (request, response) -> {
            recorder.last.get().invalidate();
            print(response, "ended");
        });
        Browser browser = started();
        browser.get("/in?v=kept");
        heard.clear();
        for (String path : List.of("/end-other", "/show")) {
            Answer later = new Browser(server.port(), "").get(path);
            assertThat(later.status()).isEqualTo(200);
            assertThat(later.setCookies()).isEmpty();
        }
        assertThat(heard).containsExactly("destroyed kept", "unbound kept null", "removed kept");
        assertThat(browser.get("/show").body()).isEqualTo("none");
    }

    @Test
    @DisplayName("a session kept beyond its request gets no new id, and no other response a cookie of it")
    void renewedAfterItsRequest() {
        AtomicReference<io.geniesession.Session> kept = new AtomicReference<>();
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        app.on(
                        "/keep",
                        (request, response) ->
                                kept.set(GenieSessions.session(request).set("v", "a")))
                .on("/show", (request, response) -> print(response, attribute(request, "v")))
                .on("/renew-other", (request, response) -> {
                    kept.get().renew();
                    refusal.set(catchThrowable(kept.get()::persist));
                    print(response, "refused");
                });
        Browser browser = started();
        browser.get("/keep");
        Answer later = new Browser(server.port(), "").get("/renew-other");
        assertThat(refusal.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("before the response is committed");
        assertThat(later.setCookies()).isEmpty();
        assertThat(new Browser(server.port(), "").get("/show").setCookies()).isEmpty();
        assertThat(browser.get("/show").body()).isEqualTo("a");
    }

    /** A filter before ours, whose response lets nobody remove a cookie. */
    private static void refuseRemoval(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
            @Override
            public void addHeader(String name, String value) {
                if (name.equals("Set-Cookie") && value.contains("Max-Age=0")) {
                    throw new IllegalStateException("No cookie is removed here");
                }
                super.addHeader(name, value);
            }
        });
    }

    @Test
    @DisplayName("an end is told also when the cookie cannot be removed")
    void endWithoutRemovalOfTheCookie() {
        app.before(context -> context.addFilter("refusing", (Filter) ListenerContract::refuseRemoval)
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*"));
        app.listeners.add(recorder);
        withValue();
        Browser browser = started();
        browser.get("/in?v=a");
        heard.clear();
        assertThat(browser.get("/out").status()).isEqualTo(200);
        assertThat(heard).containsExactly("destroyed a", "unbound a null", "removed a");
    }

    /** Fails at each event of an end, with more than exceptions. */
    private static final class FailingListener implements HttpSessionListener, HttpSessionAttributeListener {

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            throw new NoClassDefFoundError("thrown by a test");
        }

        @Override
        public void attributeRemoved(HttpSessionBindingEvent event) {
            throw new IllegalStateException("Thrown by a test");
        }
    }

    /** A value whose end fails. */
    private static final class FailingValue implements HttpSessionBindingListener {

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            throw new AssertionError("Thrown by a test");
        }

        @Override
        public String toString() {
            return "failing";
        }
    }

    @Test
    @DisplayName("at the end of a session every listener is called, also after others and values have failed")
    void everybodyHearsOfTheEnd() {
        app.listeners.add(new FailingListener());
        app.listeners.add(recorder);
        app.listeners.add(new FailingListener());
        app.on("/life", (request, response) -> {
            HttpSession session = request.getSession();
            session.setAttribute("v", new FailingValue());
            session.setAttribute("w", new Value("other"));
            heard.clear();
            session.invalidate();
        });
        assertThat(started().get("/life").status()).isEqualTo(200);
        assertThat(heard).first().isEqualTo("destroyed failing");
        assertThat(heard)
                .filteredOn(event -> !event.startsWith("unbound"))
                .containsExactlyInAnyOrder("destroyed failing", "removed failing", "removed other");
        assertThat(heard).filteredOn(event -> event.startsWith("unbound other")).hasSize(1);
    }

    @Test
    @DisplayName("of two applications that share their sessions both hear of an end and of a new id, each once")
    void applicationsThatShareTheirSessions() throws Exception {
        app.opened = true;
        app.listeners.add(recorder);
        withValue();
        app.on("/renew", (request, response) -> request.changeSessionId());
        Browser browser = started();
        TestApplication other = new TestApplication();
        other.on("/ready", (request, response) -> {});
        other.shared = app.sessions;
        other.listeners.add(new Recorder("other ", heard));
        TestServer second = start("", other.initializers());
        try {
            new Browser(second.port(), "").get("/ready");
            browser.get("/in?v=a");
            heard.clear();
            assertThat(browser.get("/renew").status()).isEqualTo(200);
            assertThat(heard).containsExactlyInAnyOrder("id changed", "other id changed");
            heard.clear();
            assertThat(browser.get("/out").status()).isEqualTo(200);
            assertThat(heard).containsOnlyOnce("destroyed a", "other destroyed a", "removed a", "other removed a");
        } finally {
            second.close();
        }
    }

    // ---- what the application persists itself

    @Test
    @DisplayName("a session that the application persists itself begins for listeners, once")
    void beginningPersistedByTheApplication() {
        app.listeners.add(recorder);
        app.on("/own", (request, response) -> {
            GenieSessions.session(request).set("v", "a").persist();
            print(response, "stored");
        });
        app.on("/both", (request, response) -> {
            GenieSessions.session(request).set("v", "b").persist();
            assertThat(request.getSession(false)).isNotNull();
            assertThat(heard).containsExactly("created");
        });
        started();
        for (String path : List.of("/own", "/both")) {
            heard.clear();
            assertThat(new Browser(server.port(), "").get(path).status()).isEqualTo(200);
            assertThat(heard).as(path).containsExactly("created");
        }
    }

    @Test
    @DisplayName("a new id that the application persists itself is told once")
    void renewalPersistedByTheApplication() {
        app.listeners.add(recorder);
        withValue();
        app.on("/change", (request, response) -> {
            request.changeSessionId();
            GenieSessions.session(request).persist();
        });
        app.on("/sign-in", (request, response) -> {
            GenieSessions.session(request).setPrincipal("ada").persist();
            request.getSession().setAttribute("w", "late");
        });
        app.on("/begin", (request, response) -> {
            request.getSession();
            GenieSessions.session(request).setPrincipal("bob").persist();
        });
        Browser browser = started();
        browser.get("/in?v=a");
        heard.clear();
        assertThat(browser.get("/change").status()).isEqualTo(200);
        assertThat(heard).as("through the request").containsExactly("id changed");
        heard.clear();
        assertThat(browser.get("/sign-in").status()).isEqualTo(200);
        assertThat(heard).as("by a sign-in").containsExactly("id changed", "added late");
        heard.clear();
        assertThat(new Browser(server.port(), "").get("/begin").status()).isEqualTo(200);
        assertThat(heard).as("before it was stored at all").containsExactly("created", "id changed");
        assertThat(browser.get("/show").body()).isEqualTo("a");
    }

    // ---- of requests

    /** Uses the session where no filter is yet, and where none is any more; and hears of other things as well. */
    public static final class RequestUser
            implements ServletRequestListener, HttpSessionIdListener, ServletRequestAttributeListener {

        private final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void requestInitialized(ServletRequestEvent event) {
            HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
            if (request.getRequestURI().endsWith("/begin")) {
                request.getSession().setAttribute("first", 1);
            }
            heard.add("in " + attribute(request, "first") + attribute(request, "last"));
            HttpSession session = request.getSession(false);
            if (session != null) {
                request.setAttribute("seen", session);
            }
        }

        @Override
        public void requestDestroyed(ServletRequestEvent event) {
            HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
            HttpSession session = request.getSession(false);
            if (session != null) {
                session.setAttribute("last", request.getRequestURI());
            }
            heard.add("out " + attribute(request, "n"));
        }

        @Override
        public void sessionIdChanged(HttpSessionEvent event, String oldSessionId) {
            heard.add("id changed");
        }

        @Override
        public void attributeAdded(ServletRequestAttributeEvent event) {
            if (event.getName().equals("seen")) {
                heard.add("attribute added");
            }
        }
    }

    @Test
    @DisplayName("listeners of requests see our sessions, before the filter and after it")
    void listenersOfRequests() {
        RequestUser user = new RequestUser();
        app.before(context -> context.addListener(user));
        app.on("/begin", (request, response) -> {
            assertThat(request.getAttribute("seen")).isSameAs(request.getSession(false));
            request.getSession().setAttribute("n", 1);
            print(response, "begun");
        });
        app.on("/renew", (request, response) -> request.changeSessionId());
        app.on("/show", (request, response) -> print(response, attribute(request, "last")));
        Browser browser = started();

        Answer first = browser.get("/begin");
        assertThat(first.setCookies()).singleElement().asString().startsWith(NAME + "=");
        awaitHeard(user, 1, "in 1null", "attribute added", "out 1");
        assertThat(browser.get("/show").body()).isEqualTo("/begin");
        awaitHeard(user, 2, "in 1/begin", "attribute added", "out 1");
        assertThat(browser.get("/renew").setCookies()).hasSize(1);
        awaitHeard(user, 4, "in 1/show", "attribute added", "id changed", "out 1");

        assertThat(new Browser(server.port(), "").get("/show").setCookies()).isEmpty();
        awaitHeard(user, 4, "in nonenone", "out none");
    }

    /** The client may have its answer before the container tells the end of the request. */
    private void awaitHeard(RequestUser user, int persists, String... expected) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while ((user.heard.size() < expected.length || app.store.persists.get() < persists)
                && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(user.heard).containsExactly(expected);
        assertThat(app.store.persists).hasValue(persists);
        user.heard.clear();
    }

    // ---- activation

    @Test
    @DisplayName("values hear that they are made from bytes and made into bytes")
    void activation() {
        app.store.bytes = true;
        app.on("/in", (request, response) -> {
                    request.getSession().setAttribute("v", new Value("a"));
                    heard.add("set");
                })
                .on("/read", (request, response) -> {
                    request.getSession().getAttribute("v");
                    heard.add("read");
                    request.getSession().getAttribute("v");
                    response.flushBuffer();
                    heard.add("flushed");
                    request.getSession().getAttribute("v");
                    heard.add("read again");
                })
                .on("/out", (request, response) -> request.getSession().invalidate());
        Browser browser = started();
        browser.get("/in");
        assertThat(heard).containsExactly("bound a null", "passivated a", "activated a", "set", "passivated a");
        heard.clear();
        browser.get("/read");
        assertThat(heard)
                .containsExactly(
                        "activated a", "read", "passivated a", "flushed", "activated a", "read again", "passivated a");
        heard.clear();
        browser.get("/out");
        assertThat(heard).containsExactly("activated a", "unbound a null");
    }

    @Test
    @DisplayName("values that the adapter keeps as objects are never passivated")
    void noActivationOfReferences() {
        withValue();
        Browser browser = started();
        browser.get("/in?v=a");
        assertThat(browser.get("/show").body()).isEqualTo("a");
        assertThat(heard).containsExactly("bound a null");
    }
}
