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
    static Differences everywhere() {
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
                                .line("ends: Set-Cookie", NO_COOKIE, REMOVAL)
                                .line("is over: requested id", "id1", "null")
                                .line("is over: requested id from cookie", "true", "false")
                                .in("listeners")
                                .line("ends: Set-Cookie", NO_COOKIE, REMOVAL)
                                .in("what listeners can do at the end")
                                .line("all: Set-Cookie", COOKIE, NO_COOKIE))
                .because("getRequestedSessionId() is null for a cookie that is no id at all", Differences::noId)
                .because(
                        "No URL rewriting",
                        all -> all.in("URLs")
                                .line("begins: encodeURL", "false", "true")
                                .line("begins: encodeRedirectURL", "false", "true"));
    }

    private void noId() {
        in("hostile cookies");
        noId("empty", "\"\"");
        noId("percent-encoded", "\"%41%42\"");
        noId("a path", "\"../../etc/pa\"");
        noId("oversized", "\"xxxxxxxxxxxx\"");
        noId("markup", "\"<script>\"");
    }

    private void noId(String step, String theirs) {
        line(step + ": requested id", theirs, "null");
        line(step + ": requested id from cookie", "true", "false");
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
        return everywhere()
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
                .because(
                        "A listener that fails in the course of a call fails the call",
                        all -> all.in("a listener fails")
                                .line("all: set", "done", "throws UnsupportedOperationException")
                                .line("all: remove", "done", "throws UnsupportedOperationException")
                                .line(
                                        "all: heard",
                                        "A created, B created, A added fail, B added fail, A removed fail, B removed fail",
                                        "A created, B created, A added fail, A removed fail"))
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
        return everywhere()
                .because(
                        "An attribute's name has 1 to 255 characters",
                        all -> all.in("odd names and values")
                                .line("all: get null", "throws NullPointerException", "null")
                                .line("all: set null", "throws NullPointerException", "throws IllegalArgumentException")
                                .line(
                                        "all: set null to null",
                                        "throws NullPointerException",
                                        "throws IllegalArgumentException")
                                .line("all: remove null", "throws NullPointerException", "done"))
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
}
