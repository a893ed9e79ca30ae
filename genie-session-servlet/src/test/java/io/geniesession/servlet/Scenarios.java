package io.geniesession.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/** What the specification speaks of, as an application can see it. */
final class Scenarios {

    static final String COOKIE = "SID";

    private static final String UNKNOWN = "A".repeat(42) + "E";

    private Scenarios() {}

    static List<Scenario> all() {
        return List.of(
                beginning(),
                times(),
                timeouts(),
                attributes(),
                oddNames(),
                listeners(),
                failingListener(),
                invalidation(),
                newSessionAfterInvalidation(),
                endSeenByListeners(),
                renewal(),
                afterTheCommit(),
                renewalAfterTheCommit(),
                requestedIds(),
                hostileCookies(),
                urls(),
                dispatches(),
                begunElsewhere(),
                errorPages(),
                head());
    }

    private static Scenario beginning() {
        return new Scenario("a session begins")
                .get("nobody asks", (request, response, seen) -> {})
                .get("somebody looks", (request, response, seen) -> {
                    seen.show("getSession(false)", () -> request.getSession(false));
                    seen.show("requested", () -> request.getRequestedSessionId());
                })
                .get("begins", (request, response, seen) -> {
                    HttpSession session = request.getSession();
                    seen.known(session.getId());
                    seen.show("id", () -> seen.id(session.getId()));
                    seen.show("is new", session::isNew);
                    seen.show("getSession(true) is the same", () -> request.getSession(true) == session);
                    seen.show("getSession(false) is the same", () -> request.getSession(false) == session);
                    seen.show(
                            "of a wrapped request",
                            () -> new HttpServletRequestWrapper(request).getSession() == session);
                    seen.show("context", () -> session.getServletContext() == request.getServletContext());
                    requested(request, seen);
                })
                .get("goes on", (request, response, seen) -> {
                    HttpSession session = request.getSession(false);
                    seen.show("id", () -> seen.id(session.getId()));
                    seen.show("is new", session::isNew);
                    seen.show("getSession(true) is the same", () -> request.getSession(true) == session);
                    requested(request, seen);
                });
    }

    private static void requested(HttpServletRequest request, Transcript seen) {
        seen.show("requested id", () -> seen.id(request.getRequestedSessionId()));
        seen.show("requested id is valid", request::isRequestedSessionIdValid);
        seen.show("requested id from cookie", request::isRequestedSessionIdFromCookie);
        seen.show("requested id from URL", request::isRequestedSessionIdFromURL);
        seen.show("there is a session", () -> request.getSession(false) != null);
    }

    /** A time that an attribute holds and transcripts do not show. */
    private record Moment(long millis) {
        @Override
        public String toString() {
            return "moment";
        }
    }

    private static Scenario times() {
        return new Scenario("times")
                .get("begins", (request, response, seen) -> {
                    HttpSession session = request.getSession();
                    seen.show(
                            "created and accessed at once",
                            () -> session.getCreationTime() == session.getLastAccessedTime());
                    session.setAttribute("created", new Moment(session.getCreationTime()));
                    nextMilli();
                })
                .get("changes", (request, response, seen) -> {
                    HttpSession session = request.getSession();
                    seen.show(
                            "creation time stays",
                            () -> session.getAttribute("created").equals(new Moment(session.getCreationTime())));
                    accessed(session, seen);
                })
                .get("reads", (request, response, seen) -> {
                    HttpSession session = request.getSession();
                    Moment before = (Moment) session.getAttribute("accessed");
                    seen.show(
                            "access by a request that changed has counted",
                            () -> session.getLastAccessedTime() > before.millis());
                    request.getServletContext().setAttribute("accessed", session.getLastAccessedTime());
                    nextMilli();
                })
                .get("reads again", (request, response, seen) -> {
                    long before = (long) request.getServletContext().getAttribute("accessed");
                    seen.show(
                            "access by a request that only read has counted",
                            () -> request.getSession().getLastAccessedTime() > before);
                });
    }

    private static void accessed(HttpSession session, Transcript seen) {
        seen.show(
                "last access is not before the creation",
                () -> session.getLastAccessedTime() >= session.getCreationTime());
        session.setAttribute("accessed", new Moment(session.getLastAccessedTime()));
        nextMilli();
    }

    private static void nextMilli() {
        long now = System.currentTimeMillis();
        while (System.currentTimeMillis() == now) {
            Thread.onSpinWait();
        }
    }

    private static Scenario timeouts() {
        return new Scenario("setMaxInactiveInterval")
                .get("values", (request, response, seen) -> {
                    HttpSession session = request.getSession();
                    seen.show("default", session::getMaxInactiveInterval);
                    for (int seconds : List.of(60, 0, -1, -77, Integer.MAX_VALUE, 300)) {
                        session.setMaxInactiveInterval(seconds);
                        seen.show("after " + seconds, session::getMaxInactiveInterval);
                    }
                })
                .get("later", (request, response, seen) -> {
                    HttpSession session = request.getSession();
                    seen.show("as set", session::getMaxInactiveInterval);
                    session.setMaxInactiveInterval(0);
                })
                .get(
                        "never",
                        (request, response, seen) ->
                                seen.show("there is a session", () -> request.getSession(false) != null));
    }

    private static Scenario attributes() {
        return new Scenario("attributes")
                .get("set", (request, response, seen) -> {
                    HttpSession session = request.getSession();
                    seen.show("unknown", () -> session.getAttribute("unknown"));
                    session.setAttribute("a", "1");
                    session.setAttribute("b", List.of("2"));
                    session.setAttribute("c", "3");
                    session.setAttribute("c", null);
                    session.removeAttribute("unknown");
                    seen.show("names", () -> names(session));
                })
                .get("get", (request, response, seen) -> {
                    HttpSession session = request.getSession();
                    seen.show("a", () -> session.getAttribute("a"));
                    seen.show("b", () -> session.getAttribute("b"));
                    seen.show("names", () -> names(session));
                    session.removeAttribute("a");
                    seen.show("names after removal", () -> names(session));
                })
                .get("later", (request, response, seen) -> seen.show("names", () -> names(request.getSession())));
    }

    private static Set<String> names(HttpSession session) {
        return new TreeSet<>(Collections.list(session.getAttributeNames()));
    }

    private static Scenario oddNames() {
        return new Scenario("odd names and values").get("all", (request, response, seen) -> {
            HttpSession session = request.getSession();
            seen.show("get null", () -> session.getAttribute(null));
            seen.does("set null", () -> session.setAttribute(null, "x"));
            seen.does("set null to null", () -> session.setAttribute(null, null));
            seen.does("remove null", () -> session.removeAttribute(null));
            seen.does("set empty", () -> session.setAttribute("", "x"));
            seen.show("get empty", () -> session.getAttribute(""));
            seen.does("set blanks and dots", () -> session.setAttribute(" a.b\u20ac ", "x"));
            seen.show("names", () -> names(session));
        });
    }

    private static Scenario listeners() {
        Value first = new Value("first");
        return new Scenario("listeners")
                .get("added", (request, response, seen) -> request.getSession().setAttribute("v", first))
                .get(
                        "set again",
                        (request, response, seen) -> request.getSession().setAttribute("v", first))
                .get(
                        "replaced",
                        (request, response, seen) -> request.getSession().setAttribute("v", new Value("second")))
                .get(
                        "replaced by a plain one",
                        (request, response, seen) -> request.getSession().setAttribute("v", "plain"))
                .get(
                        "plain replaced",
                        (request, response, seen) -> request.getSession().setAttribute("v", "other"))
                .get(
                        "set to null",
                        (request, response, seen) -> request.getSession().setAttribute("v", null))
                .get(
                        "removed without being there",
                        (request, response, seen) -> request.getSession().removeAttribute("v"))
                .get(
                        "added again",
                        (request, response, seen) -> request.getSession().setAttribute("v", new Value("third")))
                .get(
                        "removed",
                        (request, response, seen) -> request.getSession().removeAttribute("v"))
                .get("renewed", (request, response, seen) -> request.changeSessionId())
                .get(
                        "added at last",
                        (request, response, seen) -> request.getSession().setAttribute("v", new Value("last")))
                .get("ends", (request, response, seen) -> request.getSession().invalidate());
    }

    private static Scenario failingListener() {
        return new Scenario("a listener fails").get("all", (request, response, seen) -> {
            HttpSession session = request.getSession();
            seen.does("set", () -> session.setAttribute("v", Listeners.FAIL));
            seen.show("is set", () -> session.getAttribute("v") != null);
            seen.does("remove", () -> session.removeAttribute("v"));
            seen.show("is set after removal", () -> session.getAttribute("v") != null);
        });
    }

    private static Scenario invalidation() {
        return new Scenario("invalidation")
                .get("begins", (request, response, seen) -> request.getSession().setAttribute("v", "kept"))
                .get("ends", (request, response, seen) -> {
                    HttpSession session = request.getSession();
                    seen.does("invalidate", session::invalidate);
                    seen.does("invalidate again", session::invalidate);
                    seen.show("id", () -> seen.id(session.getId()));
                    seen.show("creation time", session::getCreationTime);
                    seen.show("last accessed time", session::getLastAccessedTime);
                    seen.show("is new", session::isNew);
                    seen.show("attribute", () -> session.getAttribute("v"));
                    seen.show("attribute null", () -> session.getAttribute(null));
                    seen.show("names", () -> names(session));
                    seen.does("set", () -> session.setAttribute("v", "x"));
                    seen.does("set to null", () -> session.setAttribute("v", null));
                    seen.does("remove", () -> session.removeAttribute("v"));
                    seen.show("interval", session::getMaxInactiveInterval);
                    seen.does("set interval", () -> session.setMaxInactiveInterval(5));
                    seen.show("context", () -> session.getServletContext() == request.getServletContext());
                    seen.show("getSession(false)", () -> request.getSession(false));
                    seen.show("changeSessionId", request::changeSessionId);
                    seen.show("requested id is valid", request::isRequestedSessionIdValid);
                })
                .get("is over", (request, response, seen) -> requested(request, seen));
    }

    private static Scenario newSessionAfterInvalidation() {
        return new Scenario("a new session after invalidation")
                .get("begins", (request, response, seen) -> request.getSession().setAttribute("v", "old"))
                .get("begins again", (request, response, seen) -> {
                    HttpSession old = request.getSession();
                    String oldId = old.getId();
                    old.invalidate();
                    HttpSession session = request.getSession();
                    seen.show("is another", () -> session != old);
                    seen.show("has another id", () -> !session.getId().equals(oldId));
                    seen.show("is new", session::isNew);
                    seen.show("names", () -> names(session));
                    session.setAttribute("v", "new");
                    seen.show("old is over", () -> old.getAttribute("v"));
                    seen.known(session.getId());
                    requested(request, seen);
                })
                .get("goes on", (request, response, seen) -> {
                    seen.show("v", () -> request.getSession().getAttribute("v"));
                    requested(request, seen);
                });
    }

    private static Scenario endSeenByListeners() {
        return new Scenario("what listeners can do at the end").get("all", (request, response, seen) -> {
            HttpSession session = request.getSession();
            session.setAttribute("v", "kept");
            session.setAttribute("action", new Listeners.AtTheEnd(ending -> {
                seen.show("attribute", () -> ending.getAttribute("v"));
                seen.show("creation time", () -> ending.getCreationTime() > 0);
                seen.show("is new", ending::isNew);
                seen.does("set", () -> ending.setAttribute("late", "x"));
                seen.does("remove", () -> ending.removeAttribute("v"));
                seen.does("invalidate", ending::invalidate);
                // One attribute stays, because their order is nobody's promise.
                ending.removeAttribute("action");
            }));
            seen.does("end", session::invalidate);
        });
    }

    private static Scenario renewal() {
        return new Scenario("changeSessionId")
                .get(
                        "without a session",
                        (request, response, seen) -> seen.show("changeSessionId", request::changeSessionId))
                .get("in the first request", (request, response, seen) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("v", "kept");
                    changes(request, session, seen);
                })
                .get("in the next", (request, response, seen) -> {
                    changes(request, request.getSession(), seen);
                    requested(request, seen);
                })
                .get("afterwards", (request, response, seen) -> {
                    seen.show("v", () -> request.getSession().getAttribute("v"));
                    requested(request, seen);
                })
                .with(
                        cookies -> COOKIE + "=" + UNKNOWN,
                        "stranger",
                        (request, response, seen) -> seen.show("changeSessionId", request::changeSessionId));
    }

    private static void changes(HttpServletRequest request, HttpSession session, Transcript seen) {
        String before = session.getId();
        String returned = request.changeSessionId();
        seen.show("is another", () -> !returned.equals(before));
        seen.show("is the session's", () -> returned.equals(session.getId()));
        seen.show("same object", () -> request.getSession(false) == session);
    }

    private static Scenario afterTheCommit() {
        return new Scenario("after the commit")
                .get("no session", (request, response, seen) -> {
                    response.flushBuffer();
                    seen.show("getSession(false)", () -> request.getSession(false));
                    seen.show("getSession()", () -> request.getSession() != null);
                })
                .get("a session", (request, response, seen) -> {
                    request.getSession().setAttribute("v", "early");
                    response.flushBuffer();
                    request.getSession().setAttribute("v", "late");
                })
                .get("ends", (request, response, seen) -> {
                    seen.show("v", () -> request.getSession().getAttribute("v"));
                    response.flushBuffer();
                    seen.does("invalidate", () -> request.getSession().invalidate());
                    seen.show("getSession(false)", () -> request.getSession(false));
                    seen.show("getSession()", () -> request.getSession() != null);
                })
                .get(
                        "over",
                        (request, response, seen) -> seen.show("getSession(false)", () -> request.getSession(false)));
    }

    private static Scenario renewalAfterTheCommit() {
        return new Scenario("changeSessionId after the commit")
                .get("begins", (request, response, seen) -> request.getSession())
                .get("renewed", (request, response, seen) -> {
                    response.flushBuffer();
                    seen.show("changeSessionId", () -> request.changeSessionId() != null);
                })
                .get(
                        "afterwards",
                        (request, response, seen) ->
                                seen.show("there is a session", () -> request.getSession(false) != null));
    }

    private static Scenario requestedIds() {
        Scenario scenario = new Scenario("requested ids")
                .get(
                        "begins",
                        (request, response, seen) ->
                                seen.known(request.getSession().getId()));
        Scenario.Page asks = (request, response, seen) -> requested(request, seen);
        return scenario.with(cookies -> "", "no cookie", asks)
                .get("valid", asks)
                .with(cookies -> COOKIE + "=" + UNKNOWN, "unknown", asks)
                .with(cookies -> "other=1; " + cookies + "; another=2", "among others", asks)
                .with(cookies -> COOKIE + "=" + UNKNOWN + "; " + cookies, "unknown, then valid", asks)
                .with(cookies -> cookies + "; " + COOKIE + "=" + UNKNOWN, "valid, then unknown", asks)
                .with(cookies -> cookies + "; " + cookies, "valid twice", asks)
                .with(cookies -> cookies.replace(COOKIE, "sid"), "name in lower case", asks)
                .with(cookies -> COOKIE + "=" + UNKNOWN, "unknown begins", (request, response, seen) -> {
                    HttpSession session = request.getSession();
                    seen.show("adopted", () -> session.getId().equals(UNKNOWN));
                    seen.show("is new", session::isNew);
                });
    }

    private static Scenario hostileCookies() {
        Scenario scenario = new Scenario("hostile cookies")
                .get(
                        "begins",
                        (request, response, seen) ->
                                seen.known(request.getSession().getId()));
        Scenario.Page asks = (request, response, seen) -> requested(request, seen);
        return scenario.with(cookies -> COOKIE + "=", "empty", asks)
                .with(cookies -> COOKIE, "without a value", asks)
                .with(cookies -> cookies.replace("=", "=\"") + "\"", "quoted", asks)
                .with(cookies -> COOKIE + "=%41%42", "percent-encoded", asks)
                .with(cookies -> COOKIE + "=../../etc/passwd", "a path", asks)
                .with(cookies -> COOKIE + "=" + "x".repeat(5000), "oversized", asks)
                .with(cookies -> COOKIE + "=<script>", "markup", asks)
                .with(cookies -> "a=\"; " + cookies, "after an open quote", asks)
                .with(cookies -> "=; " + cookies, "after a nameless one", asks)
                .with(cookies -> "a=b c; " + cookies, "after a blank", asks);
    }

    private static Scenario urls() {
        return new Scenario("URLs")
                .get("begins", (request, response, seen) -> {
                    request.getSession();
                    seen.show("encodeURL", () -> response.encodeURL("/x?y").equals("/x?y"));
                    seen.show(
                            "encodeRedirectURL",
                            () -> response.encodeRedirectURL("/x").equals("/x"));
                })
                .get(
                        "with the cookie",
                        (request, response, seen) -> seen.show("encodeURL", () -> response.encodeURL("/x?y")));
    }

    private static Scenario dispatches() {
        return new Scenario("dispatches")
                .get("begins", (request, response, seen) -> {
                    request.setAttribute("session", request.getSession());
                    request.getRequestDispatcher("/target").include(request, response);
                    request.getRequestDispatcher("/target").include(new HttpServletRequestWrapper(request), response);
                    request.getServletContext().getNamedDispatcher("target").include(request, response);
                    request.getRequestDispatcher("/target").forward(request, response);
                })
                .get("goes on", (request, response, seen) -> {
                    request.setAttribute("session", request.getSession());
                    request.getServletContext().getNamedDispatcher("target").forward(request, response);
                })
                .get("asynchronously", (request, response, seen) -> {
                    request.setAttribute("session", request.getSession());
                    request.startAsync().dispatch("/target");
                });
    }

    private static Scenario begunElsewhere() {
        return new Scenario("a session begins in a dispatch")
                .get(
                        "include",
                        (request, response, seen) ->
                                request.getRequestDispatcher("/target").include(request, response))
                .with(
                        cookies -> "",
                        "forward",
                        (request, response, seen) ->
                                request.getRequestDispatcher("/target").forward(request, response));
    }

    private static Scenario errorPages() {
        return new Scenario("error pages")
                .get("sendError", (request, response, seen) -> {
                    request.setAttribute("session", request.getSession());
                    response.sendError(418);
                })
                .get("exception", (request, response, seen) -> {
                    request.setAttribute("session", request.getSession());
                    request.getSession().setAttribute("v", "before the failure");
                    throw new IllegalArgumentException("on purpose");
                })
                .get(
                        "afterwards",
                        (request, response, seen) ->
                                seen.show("v", () -> request.getSession().getAttribute("v")))
                .with(
                        cookies -> "",
                        "a session begins in the page",
                        (request, response, seen) -> response.sendError(418))
                .with(cookies -> "", "a session begins before the failure", (request, response, seen) -> {
                    request.getSession();
                    throw new IllegalArgumentException("on purpose");
                })
                .with(cookies -> "", "a session begins before an unknown failure", (request, response, seen) -> {
                    request.getSession();
                    throw new IllegalStateException("on purpose");
                });
    }

    private static Scenario head() {
        return new Scenario("HEAD")
                .send("HEAD", "begins", (request, response, seen) -> {
                    request.getSession().setAttribute("v", "by HEAD");
                    response.getWriter().print("not sent");
                })
                .get(
                        "goes on",
                        (request, response, seen) ->
                                seen.show("v", () -> request.getSession().getAttribute("v")));
    }

    /** What the target of a dispatch and the error page see. */
    static void target(HttpServletRequest request, Transcript seen) {
        String type = request.getDispatcherType().toString();
        Callable<Object> same = () -> request.getAttribute("session") == null
                ? "begins " + (request.getSession() != null)
                : request.getSession(false) == request.getAttribute("session");
        seen.show(type + " same session", same);
    }
}
