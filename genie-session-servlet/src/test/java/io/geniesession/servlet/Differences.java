package io.geniesession.servlet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How our sessions differ from a container's own. Each difference stands under the words with which {@code docs/servlet.md}
 * explains it.
 */
final class Differences {

    /** One line of two transcripts. */
    record Difference(String scenario, String what, String theirs, String ours) {

        @Override
        public String toString() {
            return "%n  [%s] %s%n    theirs: %s%n    ours:   %s".formatted(scenario, what, theirs, ours);
        }
    }

    private static final String ENDED = "throws IllegalStateException";
    private static final String NO_COOKIE = "none";
    private static final String COOKIE = "id1 [HttpOnly, Path=/, SameSite=Strict]";
    private static final String REMOVAL = "removal [HttpOnly, Max-Age=0, Path=/, SameSite=Strict]";

    private final List<Difference> listed = new ArrayList<>();
    private final Map<String, Set<String>> reasons = new LinkedHashMap<>();
    private String scenario = "";
    private String reason = "";

    private Differences() {}

    List<Difference> of(String name) {
        return listed.stream()
                .filter(difference -> difference.scenario().equals(name))
                .toList();
    }

    /** Returns what explains the differences in a scenario; empty if there are none. */
    Set<String> reasons(String name) {
        return reasons.getOrDefault(name, Set.of());
    }

    private Differences because(String words, Consumer<Differences> differences) {
        reason = words;
        differences.accept(this);
        return this;
    }

    private Differences in(String name) {
        scenario = name;
        return this;
    }

    private Differences line(String what, String theirs, String ours) {
        listed.add(new Difference(scenario, what, theirs, ours));
        reasons.computeIfAbsent(scenario, name -> new LinkedHashSet<>()).add(reason);
        return this;
    }

    /** On each container that is tested. */
    private static Differences everywhere() {
        return new Differences()
                .because(
                        "Reading counts as an access once per quantum",
                        all -> all.in("times")
                                .line("reads again: access by a request that only read has counted", "true", "false"))
                .because(
                        "setMaxInactiveInterval(0) or less never ends",
                        all -> all.in("setMaxInactiveInterval").line("values: after 0", "0", "-1"))
                .because(
                        "An attribute's name has 1 to 255 characters",
                        all -> all.in("odd names and values")
                                .line("all: set empty", "done", "throws IllegalArgumentException")
                                .line("all: get empty", "x", "null")
                                .line("all: names", "[,  a.b\u20ac ]", "[ a.b\u20ac ]")
                                .line(
                                        "all: heard",
                                        "A created, B created, A added x, B added x, A added x, B added x",
                                        "A created, B created, A added x, B added x"))
                .because(
                        "A session that ends takes its cookie with it",
                        all -> all.in("invalidation")
                                .line("is over: requested id", "id1", "null")
                                .in("what listeners can do at the end")
                                .line("all: Set-Cookie", COOKIE, NO_COOKIE))
                .because(
                        "No URL rewriting",
                        all -> all.in("URLs")
                                .line("begins: encodeURL", "false", "true")
                                .line("begins: encodeRedirectURL", "false", "true"));
    }

    /** On Tomcat and on Jetty. */
    private static Differences tomcatAndJetty() {
        return everywhere()
                .because(
                        "A session that ends takes its cookie with it",
                        all -> all.in("invalidation")
                                .line("ends: Set-Cookie", NO_COOKIE, REMOVAL)
                                .line("is over: requested id from cookie", "true", "false")
                                .in("listeners")
                                .line("ends: Set-Cookie", NO_COOKIE, REMOVAL))
                .because("getRequestedSessionId() is null for a cookie that is no id at all", all -> {
                    all.in("hostile cookies");
                    all.noId("empty", "\"\"");
                    all.noId("percent-encoded", "\"%41%42\"");
                    all.noId("a path", "\"../../etc/pa\"");
                    all.noId("oversized", "\"xxxxxxxxxxxx\"");
                    all.noId("markup", "\"<script>\"");
                });
    }

    private void noId(String step, String theirs) {
        line(step + ": requested id", theirs, "null");
        line(step + ": requested id from cookie", "true", "false");
    }

    /** Where a name that is null is not looked at. */
    private static void nullNames(Differences all) {
        all.in("odd names and values")
                .line("all: get null", "throws NullPointerException", "null")
                .line("all: set null", "throws NullPointerException", "throws IllegalArgumentException")
                .line("all: set null to null", "throws NullPointerException", "throws IllegalArgumentException")
                .line("all: remove null", "throws NullPointerException", "done");
    }

    /** Where a listener's exception is logged. */
    private static void failuresSwallowed(Differences all) {
        all.in("a listener fails")
                .line("all: set", "done", "throws UnsupportedOperationException")
                .line("all: remove", "done", "throws UnsupportedOperationException")
                .line(
                        "all: heard",
                        "A created, B created, A added fail, B added fail, A removed fail, B removed fail",
                        "A created, B created, A added fail, A removed fail");
    }

    /** On Tomcat 11. */
    static Differences tomcat() {
        return tomcat101()
                .because(
                        "A cookie is found whatever stands beside it",
                        all -> all.in("hostile cookies")
                                .line("quoted: requested id", "other", "id1")
                                .line("quoted: requested id is valid", "false", "true")
                                .line("quoted: there is a session", "false", "true"));
    }

    /** On Tomcat 10.1. */
    static Differences tomcat101() {
        return tomcatAndJetty()
                .because(
                        "setMaxInactiveInterval(0) or less never ends",
                        all -> all.in("setMaxInactiveInterval").line("values: after -77", "-77", "-1"))
                .because("getRequestedSessionId() is null for a cookie that is no id at all", all -> {
                    all.in("hostile cookies");
                    all.noId("without a value", "\"\"");
                })
                .because(
                        "After changeSessionId() it is still the id that the request came with",
                        all -> all.in("changeSessionId")
                                .line("in the next: requested id", "other", "id1")
                                .line("in the next: requested id is valid", "true", "false"))
                .because(
                        "After the commit neither getSession() for a new session nor changeSessionId() works",
                        all -> all.in("changeSessionId after the commit")
                                .line("renewed: changeSessionId", "true", "throws IllegalStateException")
                                .line("renewed: heard", "A id changed, B id changed", "")
                                .line("afterwards: there is a session", "false", "true"))
                .because("A listener that fails in the course of a call fails the call", Differences::failuresSwallowed)
                .because(
                        "Listeners hear what the specification says",
                        all -> all.in("listeners")
                                .line(
                                        "replaced: heard",
                                        "bound second first, unbound first second, A replaced second, B replaced second",
                                        "bound second first, unbound first second, A replaced first, B replaced first")
                                .line(
                                        "ends: heard",
                                        "B destroyed last, A destroyed last, unbound last over, A removed last, B removed last",
                                        "B destroyed last, A destroyed last, unbound last null, A removed last, B removed last"));
    }

    /** On Jetty 12, ee10 and ee11. */
    static Differences jetty() {
        return tomcatAndJetty()
                .because("An attribute's name has 1 to 255 characters", Differences::nullNames)
                .because(
                        "A cookie is found whatever stands beside it",
                        all -> all.in("hostile cookies")
                                .line("after an open quote: requested id", "null", "id1")
                                .line("after an open quote: requested id is valid", "false", "true")
                                .line("after an open quote: requested id from cookie", "false", "true")
                                .line("after an open quote: there is a session", "false", "true"))
                .because(
                        "Listeners hear what the specification says",
                        all -> all.in("listeners")
                                .line(
                                        "added: heard",
                                        "A created, B created, bound first first, A added first, B added first",
                                        "A created, B created, bound first null, A added first, B added first")
                                .line("set again: heard", "", "A replaced first, B replaced first")
                                .line(
                                        "replaced: heard",
                                        "unbound first second, bound second second, A replaced first, B replaced first",
                                        "bound second first, unbound first second, A replaced first, B replaced first")
                                .line(
                                        "added again: heard",
                                        "bound third third, A added third, B added third",
                                        "bound third null, A added third, B added third")
                                .line(
                                        "added at last: heard",
                                        "bound last last, A added last, B added last",
                                        "bound last null, A added last, B added last"));
    }

    /** On Undertow. */
    static Differences undertow() {
        return everywhere()
                .because(
                        "setMaxInactiveInterval(0) or less never ends",
                        all -> all.in("setMaxInactiveInterval").line("values: after -77", "-77", "-1"))
                .because("An attribute's name has 1 to 255 characters", Differences::nullNames)
                .because("A listener that fails in the course of a call fails the call", Differences::failuresSwallowed)
                .because(
                        "A session that ends takes its cookie with it",
                        all -> all.in("invalidation")
                                .line("ends: Set-Cookie", COOKIE, REMOVAL)
                                .in("listeners")
                                .line("ends: Set-Cookie", COOKIE.replace("id1", "id2"), REMOVAL))
                .because(
                        "After its end a session still has its id and its timeout",
                        all -> all.in("invalidation")
                                .line("ends: attribute null", "throws NullPointerException", ENDED)
                                .line("ends: interval", ENDED, "1200")
                                .line("ends: set interval", ENDED, "done"))
                .because(
                        "isRequestedSessionIdFromCookie() is true for every id that a cookie brought",
                        all -> all.in("requested ids").line("unknown: requested id from cookie", "false", "true"))
                .because(
                        "A cookie is found whatever stands beside it",
                        all -> all.in("requested ids")
                                .line("valid, then unknown: requested id", "\"AAAAAAAAAAAA\"", "id1")
                                .line("valid, then unknown: requested id is valid", "false", "true")
                                .line("valid, then unknown: requested id from cookie", "false", "true")
                                .line("valid, then unknown: there is a session", "false", "true")
                                .in("hostile cookies")
                                .line("quoted: requested id", "other", "id1")
                                .line("quoted: requested id is valid", "false", "true")
                                .line("quoted: requested id from cookie", "false", "true")
                                .line("quoted: there is a session", "false", "true"))
                .because(
                        "getRequestedSessionId() is null for a cookie that is no id at all",
                        all -> all.in("hostile cookies")
                                .line("empty: requested id", "\"\"", "null")
                                .line("percent-encoded: requested id", "\"%41%42\"", "null")
                                .line("a path: requested id", "\"../../etc/pa\"", "null")
                                .line("oversized: requested id", "\"xxxxxxxxxxxx\"", "null")
                                .line("markup: requested id", "\"\"", "null"))
                .because("Listeners hear what the specification says", Differences::heardOnUndertow);
    }

    private static void heardOnUndertow(Differences all) {
        String changedTwice = "A id changed, B id changed, A id changed, B id changed";
        String changed = "A id changed, B id changed";
        String begun = "A created, B created, A added kept, B added kept, ";
        all.in("listeners")
                .line(
                        "added: heard",
                        "A created, B created, A added first, B added first, bound first first",
                        "A created, B created, bound first null, A added first, B added first")
                .line("set again: heard", "bound first first", "A replaced first, B replaced first")
                .line(
                        "replaced: heard",
                        "unbound first second, A replaced first, B replaced first, bound second second",
                        "bound second first, unbound first second, A replaced first, B replaced first")
                .line(
                        "added again: heard",
                        "A added third, B added third, bound third third",
                        "bound third null, A added third, B added third")
                .line(
                        "removed: heard",
                        "A removed third, B removed third, unbound third null",
                        "unbound third null, A removed third, B removed third")
                .line("renewed: heard", changedTwice, changed)
                .line(
                        "added at last: heard",
                        "A added last, B added last, bound last last",
                        "bound last null, A added last, B added last")
                .line(
                        "ends: heard",
                        "B destroyed last, A destroyed last, A removed last, B removed last, unbound last null",
                        "B destroyed last, A destroyed last, unbound last null, A removed last, B removed last")
                .in("what listeners can do at the end")
                .line("all: is new", ENDED, "true")
                .line("all: invalidate", ENDED, "done")
                .in("changeSessionId")
                .line("in the first request: heard", begun + changedTwice, begun + changed)
                .line("in the next: heard", changedTwice, changed);
    }
}
