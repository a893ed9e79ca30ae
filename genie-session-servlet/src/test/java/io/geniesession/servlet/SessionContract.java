package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.SessionListener;
import io.geniesession.SessionMeter;
import io.geniesession.servlet.Browser.Answer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an application sees of its sessions, over real HTTP. */
abstract class SessionContract extends ContainerFixture {

    // ---- what costs nothing

    @Test
    @DisplayName("a request that does not use the session costs no store access and no cookie")
    void untouchedSessionCostsNothing() {
        app.on("/static", (request, response) -> print(response, "hello"));
        Browser browser = started().holding(SessionId.generate().value());
        for (String method : List.of("GET", "HEAD", "OPTIONS", "POST")) {
            Answer answer = browser.send(method, "/static");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.setCookies()).isEmpty();
        }
        assertThat(app.store.all()).isZero();
    }

    @Test
    @DisplayName("getSession(false) of a visitor without a cookie costs no store access and makes no session")
    void lookingForNoSessionCostsNothing() {
        app.on("/look", (request, response) -> print(response, String.valueOf(request.getSession(false))));
        Answer answer = started().get("/look");
        assertThat(answer.body()).isEqualTo("null");
        assertThat(answer.setCookies()).isEmpty();
        assertThat(app.store.all()).isZero();
    }

    @Test
    @DisplayName("reading costs one load and no write")
    void readingWritesNothing() {
        withCounter();
        Browser browser = started();
        browser.get("/count");
        int writes = app.store.writes();
        int loads = app.store.loads.get();
        Answer answer = browser.get("/read");
        assertThat(answer.body()).isEqualTo("1");
        assertThat(answer.setCookies()).isEmpty();
        assertThat(app.store.loads.get() - loads).isEqualTo(1);
        assertThat(app.store.writes()).isEqualTo(writes);
    }

    @Test
    @DisplayName("a request persists once, however often it changes the session")
    void changesPersistOnce() {
        app.on("/many", (request, response) -> {
            HttpSession session = request.getSession();
            for (int i = 0; i < 20; i++) {
                session.setAttribute("a" + i, i);
            }
            response.flushBuffer();
            response.getWriter().print("x".repeat(50_000));
            response.getWriter().close();
        });
        Browser browser = started();
        browser.get("/many");
        assertThat(app.store.creates).hasValue(1);
        assertThat(app.store.persists).hasValue(0);
        browser.get("/many");
        assertThat(app.store.persists).hasValue(1);
        assertThat(app.store.creates).hasValue(1);
    }

    @Test
    @DisplayName("a change after the commit is persisted by a second call")
    void lateChangeIsPersisted() {
        app.on("/late", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("a", "early");
                    response.flushBuffer();
                    session.setAttribute("a", "late");
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        browser.get("/late");
        assertThat(browser.get("/show").body()).isEqualTo("late");
        assertThat(app.store.creates.get() + app.store.persists.get()).isEqualTo(2);
    }

    // ---- ids and cookies

    @Test
    @DisplayName("the cookie has the secret, getId() the public id")
    void cookieHasTheSecret() {
        app.on(
                "/id",
                (request, response) -> print(response, request.getSession().getId()));
        Answer answer = started("/shop").get("/id");
        String value = answer.sessionCookie(NAME).orElseThrow();
        assertThat(SessionId.parse(value)).isPresent();
        assertThat(answer.body())
                .isEqualTo(SessionId.parse(value).orElseThrow().publicId())
                .isNotEqualTo(value);
        assertThat(answer.setCookies(NAME))
                .containsExactly(NAME + "=" + value + "; Path=/shop; HttpOnly; SameSite=Lax");
    }

    @Test
    @DisplayName("the root context's cookie has the path /")
    void rootCookiePath() {
        app.on("/id", (request, response) -> request.getSession());
        assertThat(started().get("/id").setCookies(NAME).get(0)).contains("; Path=/;");
    }

    @Test
    @DisplayName("expose-id=secret makes getId() the cookie's value, before and after a renewal")
    void exposedSecret() {
        app.set("servlet.expose-id", "secret")
                .on(
                        "/id",
                        (request, response) ->
                                print(response, request.getSession().getId()))
                .on("/renew", (request, response) -> print(response, request.changeSessionId()))
                .on("/requested", (request, response) -> print(response, request.getRequestedSessionId()));
        Browser browser = started();
        assertThat(browser.get("/id").body()).isEqualTo(browser.cookie);
        String first = browser.cookie;
        assertThat(browser.get("/renew").body()).isEqualTo(browser.cookie).isNotEqualTo(first);
        assertThat(browser.get("/requested").body()).isEqualTo(browser.cookie);
    }

    @Test
    @DisplayName("settings decide the cookie's name and attributes")
    void cookieSettings() {
        app.set("cookie.name", "__Host-s")
                .set("cookie.secure", "always")
                .set("cookie.same-site", "strict")
                .set("cookie.max-age", "1h")
                .on("/id", (request, response) -> request.getSession());
        String header = started("/shop").get("/id").setCookies("__Host-s").get(0);
        assertThat(header).contains("; Max-Age=3600", "; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Strict");
    }

    @Test
    @DisplayName("SessionCookieConfig and session-timeout count, weaker than settings of ours")
    void containerSettings() {
        app.set("cookie.path", "/mine")
                .before(context -> {
                    context.getSessionCookieConfig().setName("FROMXML");
                    context.getSessionCookieConfig().setPath("/theirs");
                    context.getSessionCookieConfig().setMaxAge(77);
                    context.getSessionCookieConfig().setSecure(true);
                    context.getSessionCookieConfig().setAttribute("SameSite", "Strict");
                    context.setSessionTimeout(7);
                })
                .on(
                        "/id",
                        (request, response) ->
                                print(response, "" + request.getSession().getMaxInactiveInterval()));
        Answer answer = started().get("/id");
        assertThat(answer.setCookies("FROMXML").get(0))
                .contains("; Max-Age=77", "; Path=/mine;", "; Secure", "; SameSite=Strict");
        assertThat(answer.body()).isEqualTo("420");
    }

    @Test
    @DisplayName("what the container assumes when nobody said anything changes nothing")
    void containerDefaultsChangeNothing() {
        app.on(
                "/id",
                (request, response) -> print(response, "" + request.getSession().getMaxInactiveInterval()));
        Answer answer = started().get("/id");
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(answer.body()).isEqualTo("1800");
    }

    @Test
    @DisplayName("unknown, malformed and expired ids give new ids that are never the client's")
    void foreignIdsAreNeverAdopted() {
        withCounter();
        Browser browser = started();
        browser.get("/count");
        String expired = browser.cookie;
        app.clock.advance(Duration.ofHours(2));
        List<String> foreign = List.of(
                SessionId.generate().value(),
                "x",
                "a".repeat(43),
                "../../etc/passwd",
                "%00",
                "a".repeat(3000),
                expired);
        for (String value : foreign) {
            Browser stranger = new Browser(server.port(), "").holding(value);
            Answer read = stranger.get("/read");
            assertThat(read.body()).isEqualTo("none");
            assertThat(read.setCookies()).isEmpty();
            Answer answer = stranger.get("/count");
            assertThat(answer.body()).isEqualTo("1");
            assertThat(answer.sessionCookie(NAME).orElseThrow()).isNotEqualTo(value);
        }
    }

    @Test
    @DisplayName("of several cookies of the name the one that opens a session is used")
    void duplicateCookies() {
        withCounter()
                .on(
                        "/requested",
                        (request, response) -> print(
                                response, request.getRequestedSessionId() + " " + request.isRequestedSessionIdValid()));
        Browser browser = started();
        browser.get("/count");
        String valid = browser.cookie;
        browser.cookie = null;
        String stale = SessionId.generate().value();
        String header = "a=b; " + NAME + "=" + stale + "; c=d; " + NAME + "=junk; " + NAME + "=" + valid;
        assertThat(browser.get("/read", "Cookie", header).body()).isEqualTo("1");
        assertThat(browser.get("/requested", "Cookie", header).body())
                .isEqualTo(SessionId.parse(valid).orElseThrow().publicId() + " true");
    }

    @Test
    @DisplayName("a cookie beside one that the container rejects is found")
    void cookieBesideJunk() {
        withCounter();
        Browser browser = started();
        browser.get("/count");
        String valid = browser.cookie;
        browser.cookie = null;
        for (String junk : List.of("a=b c; ", "a=\"; ", "=; ", "x@y={\"k\":1,2}; ", "ä=ü; ")) {
            assertThat(browser.get("/read", "Cookie", junk + NAME + "=" + valid).body())
                    .as(junk)
                    .isEqualTo("1");
            String behindStale = NAME + "=" + SessionId.generate().value() + "; " + junk + NAME + "=" + valid;
            assertThat(browser.get("/read", "Cookie", behindStale).body())
                    .as("stale; " + junk)
                    .isEqualTo("1");
        }
    }

    @Test
    @DisplayName("other cookies of the response are left alone")
    void otherCookiesStay() {
        app.on("/cookies", (request, response) -> {
            response.addCookie(new Cookie("one", "1"));
            request.getSession().setAttribute("a", 1);
            response.addHeader("Set-Cookie", "two=2");
            request.getSession().invalidate();
            request.getSession().setAttribute("a", 2);
            response.addCookie(new Cookie("three", "3"));
        });
        Browser browser = started();
        for (int i = 0; i < 2; i++) {
            Answer answer = browser.get("/cookies");
            assertThat(answer.setCookies("one")).hasSize(1);
            assertThat(answer.setCookies("two")).hasSize(1);
            assertThat(answer.setCookies("three")).hasSize(1);
            assertThat(answer.setCookies(NAME)).hasSize(1);
        }
    }

    @Test
    @DisplayName("with keys of digests the requested id is that of the session, too")
    void requestedIdUnderKeys() {
        requestedIdUnderKeys("public");
    }

    @Test
    @DisplayName("with keys of digests the exposed id is the cookie's value, too")
    void exposedSecretUnderKeys() {
        requestedIdUnderKeys("secret");
    }

    private void requestedIdUnderKeys(String exposed) {
        app.set(
                        "id-digest.keys",
                        "new:AAEHFTFgu0ZSmt9hwIrYY9uKAbYFRSJEGOPTyIq9nFE=,old:d0y8XhUL5RlLrAoQfS8y4ws2o1vSYmUcD2a0n6nqzRw=")
                .set("id-digest.key", "old")
                .set("servlet.expose-id", exposed);
        withCounter()
                .on(
                        "/requested",
                        (request, response) -> print(
                                response,
                                request.getSession().getId() + " " + request.getRequestedSessionId() + " "
                                        + request.isRequestedSessionIdValid()));
        Browser browser = started();
        browser.get("/count");
        String shown = browser.get("/requested").body();
        String id = shown.substring(0, shown.indexOf(' '));
        assertThat(shown).isEqualTo(id + " " + id + " true");
        assertThat(id.equals(browser.cookie)).isEqualTo(exposed.equals("secret"));
        assertThat(id)
                .isNotEqualTo(SessionId.parse(browser.cookie).orElseThrow().publicId());
    }

    @Test
    @DisplayName("the requested id is the client's, valid or not; URLs carry none")
    void requestedId() {
        withCounter().on("/requested", (request, response) -> {
            String before = request.getRequestedSessionId() + " " + request.isRequestedSessionIdValid() + " "
                    + request.isRequestedSessionIdFromCookie() + " " + request.isRequestedSessionIdFromURL();
            print(response, before + " " + response.encodeURL("/x?y") + " " + response.encodeRedirectURL("/z"));
        });
        Browser browser = started();
        assertThat(browser.get("/requested").body()).isEqualTo("null false false false /x?y /z");
        browser.get("/count");
        String id = SessionId.parse(browser.cookie).orElseThrow().publicId();
        assertThat(browser.get("/requested").body()).isEqualTo(id + " true true false /x?y /z");
        SessionId unknown = SessionId.generate();
        assertThat(new Browser(server.port(), "")
                        .holding(unknown.value())
                        .get("/requested")
                        .body())
                .isEqualTo(unknown.publicId() + " false true false /x?y /z");
        assertThat(new Browser(server.port(), "")
                        .holding("junk")
                        .get("/requested")
                        .body())
                .isEqualTo("null false false false /x?y /z");
        assertThat(new Browser(server.port(), "")
                        .get("/requested;jsessionid=" + browser.cookie)
                        .body())
                .startsWith("null false false false");
    }

    private List<LogRecord> startedTracking(Set<SessionTrackingMode> modes) {
        app.before(context -> context.setSessionTrackingModes(modes));
        return loggedBy(SessionBinding.class, () -> started().get("/count"));
    }

    @Test
    @DisplayName("who wants sessions in URLs is told at the start that they are kept by cookies, which work as ever")
    void trackingByUrl() {
        withCounter().on("/encode", (request, response) -> {
            HttpSession session = request.getSession();
            print(response, response.encodeURL("/x") + " " + response.encodeRedirectURL("/y") + " " + session.isNew());
        });
        List<LogRecord> logged = startedTracking(EnumSet.of(SessionTrackingMode.URL));
        assertThat(logged).singleElement().satisfies(record -> {
            assertThat(record.getLevel()).isEqualTo(Level.WARNING);
            assertThat(record.getMessage()).contains("cookies only", "encodeURL");
            assertThat(record.getParameters()).contains("URL");
        });
        Browser browser = new Browser(server.port(), "");
        Answer answer = browser.get("/encode");
        assertThat(answer.body()).isEqualTo("/x /y true");
        assertThat(answer.setCookies()).singleElement().asString().startsWith(NAME + "=");
        assertThat(browser.get("/encode").body()).isEqualTo("/x /y false");
        assertThat(new Browser(server.port(), "")
                        .get("/encode;jsessionid=" + browser.cookie)
                        .body())
                .isEqualTo("/x /y true");
    }

    @Test
    @DisplayName("who wants sessions tracked by SSL is told the same, unless the container has refused it already")
    void trackingBySsl() {
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        withCounter()
                .before(context -> refusal.set(
                        catchThrowable(() -> context.setSessionTrackingModes(EnumSet.of(SessionTrackingMode.SSL)))));
        List<LogRecord> logged = loggedBy(
                SessionBinding.class,
                () -> assertThat(started().get("/count").setCookies(NAME)).hasSize(1));
        if (refusal.get() == null) {
            assertThat(logged)
                    .singleElement()
                    .satisfies(record ->
                            assertThat((String) record.getParameters()[0]).startsWith("SSL"));
        } else {
            assertThat(refusal.get()).isInstanceOf(IllegalArgumentException.class);
            assertThat(logged).isEmpty();
        }
    }

    @Test
    @DisplayName("tracking by cookies, alone or beside URLs, is what there is, and no message is needed")
    void trackingByCookies() {
        withCounter();
        assertThat(startedTracking(EnumSet.of(SessionTrackingMode.COOKIE, SessionTrackingMode.URL)))
                .isEmpty();
    }

    // ---- commits

    @Test
    @DisplayName("commit: sendRedirect(location)")
    void redirect() {
        persistsBefore((request, response) -> response.sendRedirect("/show"));
    }

    @Test
    @DisplayName("commit: sendError(status)")
    void error() {
        persistsBefore((request, response) -> response.sendError(404));
    }

    @Test
    @DisplayName("commit: sendError(status, message)")
    void errorWithMessage() {
        persistsBefore((request, response) -> response.sendError(404, "gone"));
    }

    @Test
    @DisplayName("commit: flushBuffer")
    void flushBuffer() {
        persistsBefore((request, response) -> response.flushBuffer());
    }

    @Test
    @DisplayName("commit: flush of the stream")
    void flushStream() {
        persistsBefore((request, response) -> response.getOutputStream().flush());
    }

    @Test
    @DisplayName("commit: close of the stream")
    void closeStream() {
        persistsBefore((request, response) -> response.getOutputStream().close());
    }

    @Test
    @DisplayName("commit: flush of the writer")
    void flushWriter() {
        persistsBefore((request, response) -> response.getWriter().flush());
    }

    @Test
    @DisplayName("commit: close of the writer")
    void closeWriter() {
        persistsBefore((request, response) -> response.getWriter().close());
    }

    @Test
    @DisplayName("commit: checkError of the writer, which flushes")
    void checkErrorOfWriter() {
        persistsBefore((request, response) -> response.getWriter().checkError());
    }

    @Test
    @DisplayName("commit: overflow of the buffer by small writes")
    void overflowBySmallWrites() {
        persistsBefore((request, response) -> {
            byte[] bytes = new byte[500];
            for (int i = 0; i <= response.getBufferSize(); i += bytes.length) {
                response.getOutputStream().write(bytes);
            }
        });
    }

    @Test
    @DisplayName("commit: overflow of the buffer by single bytes")
    void overflowBySingleBytes() {
        persistsBefore((request, response) -> {
            int size = response.getBufferSize();
            for (int i = 0; i <= size; i++) {
                response.getOutputStream().write('x');
            }
        });
    }

    @Test
    @DisplayName("commit: one large write")
    void oneLargeWrite() {
        persistsBefore((request, response) -> response.getOutputStream().write(new byte[response.getBufferSize() / 2]));
    }

    @Test
    @DisplayName("commit: overflow of a buffer made smaller")
    void overflowOfSetBuffer() {
        persistsBefore((request, response) -> {
            response.setBufferSize(1024);
            int size = response.getBufferSize();
            for (int i = 0; i <= size; i += 100) {
                response.getWriter().print("x".repeat(100));
            }
        });
    }

    @Test
    @DisplayName("commit: overflow by characters of several bytes")
    void overflowByWideCharacters() {
        persistsBefore((request, response) -> {
            response.setContentType("text/plain;charset=UTF-8");
            int size = response.getBufferSize();
            for (int i = 0; i <= size / 3; i += 100) {
                response.getWriter().println("\u20ac".repeat(100));
            }
        });
    }

    @Test
    @DisplayName("commit: Content-Length reached")
    void contentLengthReached() {
        persistsBefore((request, response) -> {
            response.setContentLength(5);
            response.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    @DisplayName("commit: Content-Length, as a header, reached by the writer")
    void contentLengthHeaderReached() {
        persistsBefore((request, response) -> {
            response.setHeader("Content-Length", "5");
            response.getWriter().write("hello");
        });
    }

    @Test
    @DisplayName("commit: Content-Length set after that much was written")
    void contentLengthSetAfterwards() {
        persistsBefore((request, response) -> {
            response.getOutputStream().print("hello");
            response.setContentLengthLong(5);
        });
    }

    @Test
    @DisplayName("a redirect's target sees the write although the request is still running")
    void redirectTargetSeesTheWrite() {
        CountDownLatch seen = new CountDownLatch(1);
        app.on("/redirect", (request, response) -> {
                    request.getSession().setAttribute("a", "written");
                    response.sendRedirect("/show");
                    response.flushBuffer();
                    // Not longer: there are containers that send a redirect only when the page ends.
                    seen.await(1, TimeUnit.SECONDS);
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        assertThat(browser.begin("/redirect")).isEqualTo(302);
        assertThat(browser.get("/show").body()).isEqualTo("written");
        seen.countDown();
    }

    @Test
    @DisplayName("reset before the commit keeps the cookie of a session that is stored")
    void resetKeepsTheCookie() {
        app.on("/reset", (request, response) -> {
                    request.getSession().setAttribute("a", "written");
                    // Counts as a commit, by its size, and is none yet.
                    response.getOutputStream().write(new byte[response.getBufferSize() / 4]);
                    response.reset();
                    response.setStatus(201);
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        app.on("/probe", (request, response) -> {
            response.getOutputStream().write(new byte[response.getBufferSize() / 4]);
            response.setHeader("Committed", String.valueOf(response.isCommitted()));
        });
        org.junit.jupiter.api.Assumptions.assumeTrue(
                browser.get("/probe").header("Committed").isPresent(), "the container sends such a write at once");
        Answer answer = browser.get("/reset");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("written");
    }

    @Test
    @DisplayName("HEAD of a page that begins a session answers with its cookie")
    void head() {
        withCounter();
        Browser browser = started();
        Answer answer = browser.send("HEAD", "/count");
        assertThat(answer.sessionCookie(NAME)).isPresent();
        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    @Test
    @DisplayName("a session cannot begin after the commit")
    void noSessionAfterCommit() {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        app.on("/late", (request, response) -> {
            response.flushBuffer();
            assertThat(request.getSession(false)).isNull();
            try {
                request.getSession();
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
        });
        assertThat(started().get("/late").setCookies()).isEmpty();
        assertThat(thrown.get()).hasMessageContaining("committed");
        assertThat(app.store.writes()).isZero();
    }

    // ---- the life of a session

    @Test
    @DisplayName("isNew is true in the request that begins the session, false from the next on")
    void isNew() {
        app.on(
                "/new",
                (request, response) -> print(response, "" + request.getSession().isNew()));
        Browser browser = started();
        assertThat(browser.get("/new").body()).isEqualTo("true");
        assertThat(browser.get("/new").body()).isEqualTo("false");
    }

    @Test
    @DisplayName("creation and last access are those of the requests")
    void times() {
        app.on("/times", (request, response) -> {
            HttpSession session = request.getSession();
            print(response, session.getCreationTime() + " " + session.getLastAccessedTime());
        });
        Browser browser = started();
        long created = app.clock.millis();
        assertThat(browser.get("/times").body()).isEqualTo(created + " " + created);
        app.clock.advance(Duration.ofMinutes(5));
        long second = app.clock.millis();
        assertThat(browser.get("/times").body()).isEqualTo(created + " " + created);
        app.clock.advance(Duration.ofMinutes(5));
        assertThat(browser.get("/times").body()).isEqualTo(created + " " + second);
    }

    @Test
    @DisplayName("setMaxInactiveInterval: positive shortens, zero and less never end")
    void maxInactiveInterval() {
        app.on("/set", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setMaxInactiveInterval(Integer.parseInt(request.getParameter("s")));
                    print(response, "" + session.getMaxInactiveInterval());
                })
                .on("/read", (request, response) -> print(response, String.valueOf(request.getSession(false) != null)));
        Browser browser = started();
        assertThat(browser.get("/set?s=60").body()).isEqualTo("60");
        app.clock.advance(Duration.ofMinutes(3));
        assertThat(browser.get("/read").body()).isEqualTo("false");
        for (String never : List.of("0", "-1", "-77")) {
            Browser endless = new Browser(server.port(), "");
            assertThat(Integer.parseInt(endless.get("/set?s=" + never).body())).isLessThanOrEqualTo(0);
            app.clock.advance(Duration.ofDays(4000));
            assertThat(endless.get("/read").body()).isEqualTo("true");
        }
    }

    @Test
    @DisplayName("invalidate ends the session, removes the cookie, and later use throws where the specification says")
    void invalidate() {
        List<String> outcome = Collections.synchronizedList(new ArrayList<>());
        withCounter().on("/out", (request, response) -> {
            HttpSession session = request.getSession(false);
            session.invalidate();
            List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> throwing = List.of(
                    session::invalidate,
                    session::isNew,
                    session::getCreationTime,
                    session::getLastAccessedTime,
                    session::getAttributeNames,
                    () -> session.getAttribute("n"),
                    () -> session.setAttribute("n", 1),
                    () -> session.setAttribute("n", null),
                    () -> session.removeAttribute("n"));
            for (org.assertj.core.api.ThrowableAssert.ThrowingCallable call : throwing) {
                assertThatThrownBy(call).isInstanceOf(IllegalStateException.class);
            }
            assertThat(session.getId()).isNotNull();
            assertThat(session.getMaxInactiveInterval()).isEqualTo(1800);
            session.setMaxInactiveInterval(5);
            assertThat(session.getServletContext()).isNotNull();
            assertThat(request.getSession(false)).isNull();
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            outcome.add("checked");
        });
        Browser browser = started();
        browser.get("/count");
        String cookie = browser.cookie;
        Answer answer = browser.get("/out");
        assertThat(outcome).containsExactly("checked");
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(answer.setCookies(NAME).get(0)).startsWith(NAME + "=;").contains("Max-Age=0", "Path=/");
        assertThat(new Browser(server.port(), "").holding(cookie).get("/read").body())
                .isEqualTo("none");
    }

    @Test
    @DisplayName("a session begun through our own interface after invalidate is the request's session from then on")
    void sessionBegunAgainThroughOurInterface() {
        app.on("/sign-in", (request, response) -> {
            request.getSession().invalidate();
            GenieSessions.session(request).setPrincipal("anna");
            HttpSession begun = request.getSession(false);
            print(response, String.valueOf(begun != null && begun.isNew()));
        });
        app.on(
                "/who",
                (request, response) -> print(
                        response, GenieSessions.session(request).principal().orElse("nobody")));
        Browser browser = started();
        assertThat(browser.get("/sign-in").body()).isEqualTo("true");
        assertThat(browser.get("/who").body()).isEqualTo("anna");
    }

    @Test
    @DisplayName("a new session after invalidate in the same request has another id and nothing of the old one")
    void newSessionAfterInvalidate() {
        withCounter().on("/swap", (request, response) -> {
            HttpSession old = request.getSession();
            old.invalidate();
            HttpSession fresh = request.getSession();
            assertThat(fresh).isNotSameAs(old);
            assertThat(fresh.getId()).isNotEqualTo(old.getId());
            assertThat(fresh.isNew()).isTrue();
            assertThat(fresh.getAttributeNames().hasMoreElements()).isFalse();
            fresh.setAttribute("n", 41);
            print(response, "swapped");
        });
        Browser browser = started();
        browser.get("/count");
        String before = browser.cookie;
        Answer answer = browser.get("/swap");
        assertThat(answer.body()).isEqualTo("swapped");
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.cookie).isNotEqualTo(before);
        assertThat(browser.get("/count").body()).isEqualTo("42");
    }

    @Test
    @DisplayName("changeSessionId keeps the data, ends the old id and is told to the client")
    void changeSessionId() {
        withCounter().on("/renew", (request, response) -> {
            HttpSession session = request.getSession(false);
            String before = session.getId();
            String after = request.changeSessionId();
            assertThat(request.getSession()).isSameAs(session);
            assertThat(session.getId()).isEqualTo(after).isNotEqualTo(before);
            assertThat(request.getRequestedSessionId()).isEqualTo(before);
            assertThat(request.isRequestedSessionIdValid()).isFalse();
            print(response, "renewed");
        });
        Browser browser = started();
        browser.get("/count");
        String old = browser.cookie;
        assertThat(browser.get("/renew").body()).isEqualTo("renewed");
        assertThat(browser.cookie).isNotEqualTo(old);
        assertThat(browser.get("/count").body()).isEqualTo("2");
        Answer stale = new Browser(server.port(), "").holding(old).get("/count");
        assertThat(stale.body()).isEqualTo("1");
        assertThat(stale.setCookies())
                .as("the visitor's newer cookie is left alone")
                .isEmpty();
        assertThat(browser.get("/count").body()).isEqualTo("3");
    }

    @Test
    @DisplayName("a session that is not stored because of a former id is none that began too late: the log stays empty")
    void formerIdIsNoFailure() {
        withCounter()
                .on("/renew", (request, response) -> request.changeSessionId())
                .on("/early", (request, response) -> {
                    request.getSession().setAttribute("n", 1);
                    response.flushBuffer();
                });
        Browser browser = started();
        browser.get("/count");
        String old = browser.cookie;
        browser.get("/renew");
        List<LogRecord> logged = loggedBy(RequestState.class, () -> {
            Answer stale = new Browser(server.port(), "").holding(old).get("/early");
            assertThat(stale.status()).isEqualTo(200);
            assertThat(stale.setCookies()).isEmpty();
        });
        assertThat(logged).isEmpty();
    }

    @Test
    @DisplayName("changeSessionId of a session that begins gives another id; without a session it throws")
    void changeSessionIdOfNewSession() {
        app.on("/renew", (request, response) -> {
            assertThatThrownBy(request::changeSessionId).isInstanceOf(IllegalStateException.class);
            HttpSession session = request.getSession();
            String before = session.getId();
            assertThat(request.changeSessionId()).isNotEqualTo(before).isEqualTo(session.getId());
            print(response, session.getId());
        });
        Browser browser = started();
        Answer answer = browser.get("/renew");
        assertThat(answer.body())
                .isEqualTo(SessionId.parse(browser.cookie).orElseThrow().publicId());
    }

    @Test
    @DisplayName("setting the principal renews the id and the principal's sessions can be found")
    void principal() {
        withCounter().on("/login", (request, response) -> {
            GenieSessions.session(request).setPrincipal("ada");
            response.sendRedirect("/read");
        });
        Browser browser = started();
        browser.get("/count");
        String anonymous = browser.cookie;
        browser.get("/login");
        assertThat(browser.cookie).isNotEqualTo(anonymous);
        assertThat(browser.get("/read").body()).isEqualTo("1");
        assertThat(app.sessions.count(Session.PRINCIPAL, "ada")).isEqualTo(1);
        assertThat(GenieSessions.sessions(app.context)).isSameAs(app.sessions);
    }

    @Test
    @DisplayName("what is put in through our own interface is the HttpSession's, and begins a session")
    void ownInterface() {
        app.on("/own", (request, response) -> {
                    assertThat(GenieSessions.session(request).isStored()).isFalse();
                    assertThat(request.getSession(false)).isNull();
                    GenieSessions.session(request).set("a", "own").flash().put("m", "once");
                    assertThat(request.getSession(false).getAttribute("a")).isEqualTo("own");
                })
                .on(
                        "/show",
                        (request, response) -> print(
                                response,
                                attribute(request, "a") + " "
                                        + GenieSessions.session(request)
                                                .flash()
                                                .get("m")
                                                .orElse("-")));
        Browser browser = started();
        assertThat(browser.get("/own").status()).isEqualTo(200);
        assertThat(browser.get("/show").body()).isEqualTo("own once");
        assertThat(browser.get("/show").body()).isEqualTo("own -");
    }

    @Test
    @DisplayName(
            "a session kept beyond its request is used by GenieSessions.access, also after a renewal, until it ends")
    void usedBeyondItsRequest() {
        AtomicReference<HttpSession> kept = new AtomicReference<>();
        withCounter()
                .on("/keep", (request, response) -> {
                    kept.set(request.getSession());
                    GenieSessions.access(kept.get(), session -> session.setAttribute("n", 1));
                    assertThat(app.store.writes()).as("before it is stored").isZero();
                })
                .on("/renew", (request, response) -> request.changeSessionId())
                .on("/out", (request, response) -> request.getSession().invalidate());
        Browser browser = started();
        browser.get("/keep");
        assertThat(browser.get("/count").body()).isEqualTo("2");
        browser.get("/renew");
        GenieSessions.access(kept.get(), session -> {
            assertThat(session.getAttribute("n")).isEqualTo(2);
            session.setAttribute("n", 10);
        });
        assertThat(browser.get("/count").body()).isEqualTo("11");
        browser.get("/out");
        assertThatThrownBy(() -> GenieSessions.access(kept.get(), session -> {}))
                .isInstanceOf(IllegalStateException.class);
        HttpSession foreign = (HttpSession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpSession.class}, (proxy, method, arguments) -> null);
        assertThatThrownBy(() -> GenieSessions.access(foreign, session -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(foreign.getClass().getName());
    }

    @Test
    @DisplayName(
            "a session that ended meanwhile: the response is left alone, no new cookie, no revival; event and counter tell")
    void endedMeanwhile() {
        AtomicInteger gone = new AtomicInteger();
        List<String> lost = new CopyOnWriteArrayList<>();
        app.storage = builder -> builder.adapter(app.store)
                .meter(new SessionMeter() {
                    @Override
                    public void gone() {
                        gone.incrementAndGet();
                    }
                })
                .listener(new SessionListener() {
                    @Override
                    public void changesLost(SessionInfo session) {
                        lost.add(session.publicId());
                    }
                });
        withCounter()
                .on("/slow", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    app.sessions.end(GenieSessions.session(request).key());
                    session.setAttribute("n", 99);
                    print(response, "done");
                })
                .on(
                        "/id",
                        (request, response) ->
                                print(response, request.getSession().getId()));
        Browser browser = started();
        browser.get("/count");
        String id = browser.get("/id").body();
        assertThat(gone).hasValue(0);
        Answer answer = browser.get("/slow");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("done");
        assertThat(answer.setCookies()).isEmpty();
        assertThat(gone).hasValue(1);
        assertThat(lost).containsExactly(id);
        assertThat(browser.get("/read").body()).isEqualTo("none");
        assertThat(app.sessions.count()).isZero();
    }

    @Test
    @DisplayName("parallel requests that add different attributes both keep theirs")
    void parallelRequests() {
        int requests = 6;
        CyclicBarrier together = new CyclicBarrier(requests);
        withCounter()
                .on("/add", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    together.await(10, TimeUnit.SECONDS);
                    session.setAttribute("p" + request.getParameter("i"), "x");
                })
                .on(
                        "/names",
                        (request, response) -> print(
                                response,
                                new TreeSet<>(Collections.list(
                                                request.getSession().getAttributeNames()))
                                        .toString()));
        Browser browser = started();
        browser.get("/count");
        List<CompletableFuture<Answer>> running = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            int number = i;
            running.add(CompletableFuture.supplyAsync(
                    () -> browser.get("/add?i=" + number), runnable -> new Thread(runnable).start()));
        }
        running.forEach(answer -> assertThat(answer.join().status()).isEqualTo(200));
        assertThat(browser.get("/names").body()).isEqualTo("[n, p0, p1, p2, p3, p4, p5]");
    }

    @Test
    @DisplayName("a session that ends after the commit ends, although its cookie cannot be removed")
    void invalidateAfterCommit() {
        withCounter().on("/out", (request, response) -> {
            HttpSession session = request.getSession(false);
            print(response, "bye");
            response.flushBuffer();
            session.invalidate();
            assertThat(request.getSession(false)).isNull();
        });
        Browser browser = started();
        browser.get("/count");
        Answer answer = browser.get("/out");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.setCookies()).isEmpty();
        assertThat(browser.get("/read").body()).isEqualTo("none");
    }

    @Test
    @DisplayName("a sign-in after the commit is not stored, because the new id could not be sent")
    void principalAfterCommit() {
        withCounter().on("/login", (request, response) -> {
            Session session = GenieSessions.session(request);
            response.flushBuffer();
            assertThatThrownBy(request::changeSessionId).hasMessageContaining("committed");
            session.setPrincipal("ada");
        });
        Browser browser = started();
        browser.get("/count");
        browser.get("/login");
        assertThat(browser.get("/count").body()).isEqualTo("2");
        assertThat(app.sessions.count(Session.PRINCIPAL, "ada")).isZero();
    }

    @Test
    @DisplayName("a value changed in place is stored, and reading one writes nothing")
    void changeInPlace() {
        app.store.bytes = true;
        app.on(
                        "/begin",
                        (request, response) -> request.getSession().setAttribute("list", new ArrayList<>(List.of("a"))))
                .on("/add", (request, response) -> {
                    @SuppressWarnings("unchecked")
                    List<String> list = (List<String>) request.getSession().getAttribute("list");
                    list.add("b");
                    response.sendRedirect("/show");
                })
                .on("/show", (request, response) -> print(response, attribute(request, "list")));
        Browser browser = started();
        browser.get("/begin");
        browser.get("/add");
        int writes = app.store.writes();
        assertThat(browser.get("/show").body()).isEqualTo("[a, b]");
        assertThat(app.store.writes()).isEqualTo(writes).isEqualTo(2);
    }

    @Test
    @DisplayName("setAttribute refuses what cannot be stored and names the type; the rest is stored")
    void refusedValue() {
        app.store.bytes = true;
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        app.on("/refuse", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("a", "kept");
                    try {
                        session.setAttribute("b", new Thread());
                    } catch (RuntimeException e) {
                        thrown.set(e);
                    }
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a") + attribute(request, "b")));
        Browser browser = started();
        assertThat(browser.get("/refuse").status()).isEqualTo(200);
        assertThat(thrown.get()).hasMessageContaining("java.lang.Thread");
        assertThat(browser.get("/show").body()).isEqualTo("keptnull");
    }

    @Test
    @DisplayName("a value that can no longer be stored at the end of the request is answered 500, once")
    void refusedAtTheEnd() {
        app.store.bytes = true;
        app.on("/refuse", (request, response) -> {
                    List<Object> list = new ArrayList<>();
                    request.getSession().setAttribute("a", list);
                    list.add(new Thread());
                })
                .on("/read", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        Answer answer = browser.get("/refuse");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.setCookies()).isEmpty();
        assertThat(app.store.creates).hasValue(0);
    }

    // ---- dispatches

    @Test
    @DisplayName("requests that the application wraps see the same session")
    void wrappedRequests() {
        app.on("/begin", (request, response) -> {
                    HttpServletRequest wrapped = new HttpServletRequestWrapper(request);
                    HttpServletResponse wrappedResponse = new HttpServletResponseWrapper(response);
                    request.setAttribute("session", wrapped.getSession());
                    request.getRequestDispatcher("/included").include(wrapped, wrappedResponse);
                    request.getRequestDispatcher("/included").forward(wrapped, wrappedResponse);
                })
                .on("/included", (request, response) -> {
                    assertThat(request.getSession(false)).isSameAs(request.getAttribute("session"));
                    assertThat(GenieSessions.session(request).isStored()).isFalse();
                    request.getSession().setAttribute("n", 1);
                })
                .on("/show", (request, response) -> print(response, attribute(request, "n")));
        Browser browser = started();
        assertThat(browser.get("/begin").setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("1");
        assertThat(app.store.creates.get() + app.store.persists.get()).isEqualTo(1);
    }

    @Test
    @DisplayName("forward and include see one session and one state")
    void forwardAndInclude() {
        app.on("/begin", (request, response) -> {
                    request.setAttribute("session", request.getSession());
                    request.getSession().setAttribute("path", "begin");
                    request.getRequestDispatcher("/included").include(request, response);
                    request.getRequestDispatcher("/forwarded").forward(request, response);
                })
                .on("/included", (request, response) -> {
                    assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.INCLUDE);
                    assertThat(request.getSession(false)).isSameAs(request.getAttribute("session"));
                    request.getSession()
                            .setAttribute("path", request.getSession().getAttribute("path") + " included");
                })
                .on("/forwarded", (request, response) -> {
                    assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.FORWARD);
                    assertThat(request.getSession(false)).isSameAs(request.getAttribute("session"));
                    request.getSession()
                            .setAttribute("path", request.getSession().getAttribute("path") + " forwarded");
                    print(response, "done");
                })
                .on("/show", (request, response) -> print(response, attribute(request, "path")));
        Browser browser = started();
        Answer answer = browser.get("/begin");
        assertThat(answer.body()).isEqualTo("done");
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("begin included forwarded");
        assertThat(app.store.creates.get() + app.store.persists.get()).isEqualTo(1);
    }

    @Test
    @DisplayName("a session that begins in an include gets its cookie")
    void sessionBeginsInInclude() {
        app.on("/begin", (request, response) -> {
                    request.getRequestDispatcher("/included").include(request, response);
                    print(response, "outer");
                })
                .on("/included", (request, response) -> request.getSession().setAttribute("a", "included"))
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        assertThat(browser.get("/begin").setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("included");
    }

    @Test
    @DisplayName("a session that is stored while a page is included gets its cookie when that page is over")
    void storedInInclude() {
        app.on("/part", (request, response) -> response.getOutputStream().write(new byte[response.getBufferSize() / 4]))
                .on("/begin", (request, response) -> {
                    request.getSession().setAttribute("a", "begun");
                    request.getRequestDispatcher("/part").include(request, response);
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        assertThat(browser.get("/begin").setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("begun");
    }

    @Test
    @DisplayName("an error page after sendError sees the same session and may change it")
    void errorPageAfterSendError() {
        app.on("/teapot", (request, response) -> {
                    request.setAttribute("session", request.getSession());
                    request.getSession().setAttribute("a", "page");
                    response.sendError(418);
                })
                .on("/error", (request, response) -> {
                    assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.ERROR);
                    assertThat(request.getSession(false)).isSameAs(request.getAttribute("session"));
                    request.getSession().setAttribute("a", request.getSession().getAttribute("a") + " error");
                    print(response, "error page");
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        Answer answer = browser.get("/teapot");
        assertThat(answer.status()).isEqualTo(418);
        assertThat(answer.body()).isEqualTo("error page");
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("page error");
    }

    @Test
    @DisplayName("changes before an exception are kept, and the error page sees the same session")
    void errorPageAfterException() {
        withCounter()
                .on("/fail", (request, response) -> {
                    request.setAttribute("session", request.getSession());
                    request.getSession().setAttribute("a", "kept");
                    throw new IllegalArgumentException("on purpose");
                })
                .on("/error", (request, response) -> {
                    assertThat(request.getSession(false)).isSameAs(request.getAttribute("session"));
                    print(response, "error page");
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        browser.get("/count");
        Answer answer = browser.get("/fail");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("error page");
        assertThat(browser.get("/show").body()).isEqualTo("kept");
    }

    // ---- asynchronous processing

    @Test
    @DisplayName("attributes set on another thread before complete are persisted before the response")
    void asyncComplete() {
        asyncComplete(true);
    }

    @Test
    @DisplayName("startAsync without arguments: the context's response does not slip past the filter")
    void asyncCompleteOriginal() {
        asyncComplete(false);
    }

    private void asyncComplete(boolean withArguments) {
        app.on("/async", (request, response) -> {
                    AsyncContext async = withArguments ? request.startAsync(request, response) : request.startAsync();
                    assertThat(async.hasOriginalRequestAndResponse()).isEqualTo(!withArguments);
                    assertThat(request.getAsyncContext()).isSameAs(async);
                    HttpSession session = request.getSession();
                    onThread(() -> {
                        session.setAttribute("a", "async");
                        HttpServletRequest same = (HttpServletRequest) async.getRequest();
                        assertThat(same.getSession(false)).isSameAs(session);
                        async.getResponse().getWriter().print("done");
                        async.getResponse().flushBuffer();
                        async.complete();
                    });
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        Answer answer = browser.get("/async");
        assertThat(answer.body()).isEqualTo("done");
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("async");
        assertThat(app.store.creates.get() + app.store.persists.get()).isEqualTo(1);
    }

    @Test
    @DisplayName("an asynchronous dispatch sees the same session; one persist for all of it")
    void asyncDispatch() {
        app.on("/async", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    HttpSession session = request.getSession();
                    request.setAttribute("session", session);
                    onThread(() -> {
                        session.setAttribute("a", "thread");
                        async.dispatch("/dispatched");
                    });
                })
                .on("/dispatched", (request, response) -> {
                    assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.ASYNC);
                    assertThat(request.getSession(false)).isSameAs(request.getAttribute("session"));
                    request.getSession().setAttribute("a", request.getSession().getAttribute("a") + " dispatched");
                    print(response, "done");
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        Answer answer = browser.get("/async");
        assertThat(answer.body()).isEqualTo("done");
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("thread dispatched");
        assertThat(app.store.creates.get() + app.store.persists.get()).isEqualTo(1);
    }

    @Test
    @DisplayName("a timeout's listener may change the session and complete")
    void asyncTimeout() {
        app.on("/async", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(100);
                    request.getSession().setAttribute("a", "started");
                    async.addListener(new Completing(event -> {
                        HttpServletRequest own =
                                (HttpServletRequest) event.getAsyncContext().getRequest();
                        own.getSession().setAttribute("a", "timeout");
                        event.getAsyncContext().getResponse().getWriter().print("late");
                        event.getAsyncContext().complete();
                    }));
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        Answer answer = browser.get("/async");
        assertThat(answer.body()).isEqualTo("late");
        assertThat(answer.setCookies(NAME)).hasSize(1);
        assertThat(browser.get("/show").body()).isEqualTo("timeout");
    }

    @Test
    @DisplayName("a timeout that nobody handles keeps the changes")
    void asyncTimeoutUnhandled() {
        withCounter()
                .on("/async", (request, response) -> {
                    request.startAsync().setTimeout(100);
                    request.getSession().setAttribute("a", "kept");
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a")));
        Browser browser = started();
        browser.get("/count");
        assertThat(browser.get("/async").status()).isEqualTo(500);
        assertThat(browser.get("/show").body()).isEqualTo("kept");
    }

    @Test
    @DisplayName("a store that fails before an asynchronous request completes is answered 503")
    void asyncOutage() {
        withCounter().on("/async", (request, response) -> {
            AsyncContext async = request.startAsync();
            HttpSession session = request.getSession();
            onThread(() -> {
                session.setAttribute("n", 77);
                async.getResponse().getWriter().print("half");
                app.store.fail(true);
                async.complete();
            });
        });
        Browser browser = started();
        browser.get("/count");
        Answer answer = browser.get("/async");
        app.store.fail(false);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).contains("5");
        assertThat(answer.body()).isEmpty();
        assertThat(answer.setCookies()).isEmpty();
        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    private interface OnTimeout {
        void accept(AsyncEvent event) throws java.io.IOException;
    }

    private record Completing(OnTimeout action) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) throws java.io.IOException {
            action.accept(event);
        }

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    // ---- activity

    @Test
    @DisplayName("passive paths and the passive header keep no session alive")
    void passiveRequests() {
        app.set("servlet.passive-paths", "/poll/*,*.json").set("servlet.passive-header", "X-Poll");
        withCounter();
        for (String path : List.of("/poll/a", "/x.json", "/active")) {
            app.on(path, (request, response) -> print(response, attribute(request, "n")));
        }
        Browser browser = started();
        browser.get("/count");
        for (int i = 0; i < 5; i++) {
            app.clock.advance(Duration.ofMinutes(5));
            assertThat(browser.get("/poll/a").body()).isEqualTo("1");
            assertThat(browser.get("/x.json").body()).isEqualTo("1");
            assertThat(browser.get("/active", "X-Poll", "1").body()).isEqualTo("1");
        }
        assertThat(app.store.touches).hasValue(0);
        assertThat(browser.get("/active").body()).isEqualTo("1");
        assertThat(app.store.touches).hasValue(1);
        app.clock.advance(Duration.ofMinutes(20));
        browser.get("/poll/a");
        app.clock.advance(Duration.ofMinutes(15));
        assertThat(browser.get("/active").body()).isEqualTo("none");
    }

    // ---- outage

    @Test
    @DisplayName("a store that cannot be read is answered 503 with Retry-After; the cookie stays and works afterwards")
    void outageOnLoad() {
        withCounter().set("servlet.retry-after", "7s");
        Browser browser = started();
        browser.get("/count");
        String cookie = browser.cookie;
        app.store.fail(true);
        for (String path : List.of("/read", "/count")) {
            Answer answer = browser.get(path);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).contains("7");
            assertThat(answer.setCookies()).isEmpty();
        }
        app.store.fail(false);
        assertThat(browser.cookie).isEqualTo(cookie);
        assertThat(browser.get("/count").body()).isEqualTo("2");
    }

    @Test
    @DisplayName("a store that cannot be written is answered 503 whatever was to be sent, and asked once")
    void outageOnPersist() {
        app.on("/count", (request, response) -> request.getSession().setAttribute("n", 1))
                .on("/redirect", (request, response) -> {
                    request.getSession().setAttribute("n", 2);
                    response.sendRedirect("/elsewhere");
                })
                .on("/swallow", (request, response) -> {
                    request.getSession().setAttribute("n", 3);
                    try {
                        response.sendRedirect("/elsewhere");
                    } catch (RuntimeException e) {
                        response.setStatus(200);
                    }
                })
                .on("/wrapped", (request, response) -> {
                    request.getSession().setAttribute("n", 4);
                    try {
                        response.flushBuffer();
                    } catch (RuntimeException e) {
                        throw new jakarta.servlet.ServletException("view failed", e);
                    }
                })
                .on("/begin", (request, response) -> {
                    request.getSession().invalidate();
                    request.getSession().setAttribute("n", 5);
                })
                .on("/read", (request, response) -> print(response, attribute(request, "n")));
        Browser browser = started();
        browser.get("/count");
        String cookie = browser.cookie;
        app.store.writesFail = true;
        for (String path : List.of("/redirect", "/swallow", "/wrapped", "/begin")) {
            int before = app.store.refused.get();
            Answer answer = browser.get(path);
            assertThat(answer.status()).as(path).isEqualTo(503);
            assertThat(answer.header("Location")).isEmpty();
            assertThat(answer.setCookies()).isEmpty();
            assertThat(app.store.refused.get() - before).as(path).isEqualTo(1);
        }
        Answer fresh = new Browser(server.port(), "").get("/count");
        assertThat(fresh.status()).isEqualTo(503);
        assertThat(fresh.setCookies()).isEmpty();
        app.store.fail(false);
        assertThat(browser.cookie).isEqualTo(cookie);
        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    @Test
    @DisplayName("the error page of a 503 may ask for a session and gets one of its own")
    void outageErrorPage() {
        withCounter().on("/error", (request, response) -> {
            assertThat(request.getSession(false)).isNull();
            request.getSession().setAttribute("a", 1);
            print(response, "sorry");
        });
        Browser browser = started();
        browser.get("/count");
        app.store.fail(true);
        Answer answer = browser.get("/count");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("sorry");
        assertThat(answer.header("Retry-After")).contains("5");
        assertThat(answer.setCookies()).isEmpty();
    }

    @Test
    @DisplayName("outage=continue: requests go on without their session, which is back afterwards")
    void outageContinue() {
        app.set("servlet.outage", "continue");
        withCounter();
        Browser browser = started();
        browser.get("/count");
        String cookie = browser.cookie;
        app.store.fail(true);
        assertThat(browser.get("/read").body()).isEqualTo("none");
        Answer answer = browser.get("/count");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("1");
        assertThat(answer.setCookies()).isEmpty();
        app.store.fail(false);
        assertThat(browser.cookie).isEqualTo(cookie);
        assertThat(browser.get("/count").body()).isEqualTo("2");
        app.store.writesFail = true;
        assertThat(browser.get("/count").body()).isEqualTo("3");
        app.store.writesFail = false;
        assertThat(browser.get("/count").body()).isEqualTo("3");
    }

    @Test
    @DisplayName("outage=continue: a sign-out that cannot be stored is not pretended")
    void outageContinueInvalidate() {
        app.set("servlet.outage", "continue");
        withCounter().on("/out", (request, response) -> request.getSession().invalidate());
        Browser browser = started();
        browser.get("/count");
        app.store.writesFail = true;
        assertThat(browser.get("/out").status()).isEqualTo(503);
        app.store.writesFail = false;
        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    // ---- start

    @Test
    @DisplayName("wrong settings fail the start with a message that names them")
    void wrongSettings() {
        app.set("servlet.outage", "ignore");
        assertThatThrownBy(() -> start("", app.initializers()).close())
                .hasStackTraceContaining("genie.session.servlet.outage")
                .hasStackTraceContaining("unavailable, continue");
    }

    @Test
    @DisplayName("a wrong value in the container's session settings is named as such")
    void wrongContainerSettings() {
        app.before(context -> context.getSessionCookieConfig().setPath("no-slash"));
        assertThatThrownBy(() -> start("", app.initializers()).close())
                .hasStackTraceContaining("genie.session.cookie.path")
                .hasStackTraceContaining("web.xml");
    }

    @Test
    @DisplayName("a second installation is refused")
    void secondInstallation() {
        List<ServletContainerInitializer> twice = new ArrayList<>(app.initializers());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        twice.add((classes, context) -> {
            try {
                GenieSessions.install(context, app.sessions);
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
            new GenieSessionInitializer().onStartup(null, context);
        });
        try {
            server = start("", twice);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        assertThat(thrown.get()).hasMessageContaining("genie.session.servlet.enabled");
    }

    @Test
    @DisplayName("the initializer needs nothing but the class path and the context's parameters")
    void initializer() throws Exception {
        server = start(
                "/shop",
                List.of(
                        (classes, context) -> {
                            context.setInitParameter("genie.session.cookie.name", "PARAMETER");
                            context.setInitParameter("other", "ignored");
                        },
                        new GenieSessionInitializer(),
                        (classes, context) -> context.addServlet("one", new HttpServlet() {
                                    private static final long serialVersionUID = 1L;

                                    @Override
                                    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                                        request.getSession();
                                    }
                                })
                                .addMapping("/one")));
        assertThat(new Browser(server.port(), "/shop").get("/one").setCookies("PARAMETER"))
                .hasSize(1);
    }

    @Test
    @DisplayName("the sessions are closed together with the application")
    void closesWithTheContext() throws Exception {
        started();
        assertThat(app.store.closed).isFalse();
        server.close();
        server = null;
        assertThat(app.store.closed).isTrue();
    }
}
