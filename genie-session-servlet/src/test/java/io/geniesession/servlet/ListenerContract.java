package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionKey;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.time.Duration;
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
    @DisplayName("with expose-id=secret a view shows the new id at once, and listeners get what getId() returned")
    void renewalShowsAtOnce() {
        app.set("servlet.expose-id", "secret");
        AtomicReference<String> old = new AtomicReference<>();
        app.listeners.add((jakarta.servlet.http.HttpSessionIdListener) (event, oldId) -> {
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
