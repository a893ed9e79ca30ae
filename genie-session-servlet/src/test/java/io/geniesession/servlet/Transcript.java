package io.geniesession.servlet;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a scenario, by name. Session ids are written as the ones that they are, first, second and so on, so that
 * two runs can be compared.
 */
final class Transcript {

    private final Map<String, String> lines = new LinkedHashMap<>();
    private final Map<String, String> ids = new LinkedHashMap<>();
    private String step = "";

    synchronized void begin(String name) {
        step = name;
    }

    /** Notes what a call returns, or the kind of exception that it throws. */
    void show(String what, Callable<?> call) {
        String outcome;
        try {
            outcome = String.valueOf(call.call());
        } catch (IllegalStateException e) {
            outcome = "throws IllegalStateException";
        } catch (IllegalArgumentException e) {
            outcome = "throws IllegalArgumentException";
        } catch (Exception e) {
            outcome = "throws " + e.getClass().getSimpleName();
        }
        note(what, outcome);
    }

    /** Notes what an action does. */
    void does(String what, Action action) {
        show(what, () -> {
            action.run();
            return "done";
        });
    }

    interface Action {
        void run() throws Exception;
    }

    /** Several notes of one name follow each other. */
    synchronized void note(String what, String outcome) {
        lines.merge(step + ": " + what, outcome, (before, next) -> before + ", " + next);
    }

    /** Names a session id; what never was one shows its beginning. */
    synchronized String id(@Nullable String id) {
        if (id == null) {
            return "null";
        }
        String known = ids.get(withoutNode(id));
        boolean random = id.length() > 25 && id.chars().distinct().count() > 5;
        return known != null ? known : random ? "other" : "\"" + id.substring(0, Math.min(12, id.length())) + "\"";
    }

    /** Notes a cookie that the container sets, with its attributes in one order. */
    synchronized void cookie(String header) {
        List<String> parts = Arrays.asList(header.split("; *"));
        String value = parts.get(0).substring(parts.get(0).indexOf('=') + 1);
        if (!value.isEmpty()) {
            known(value);
        }
        TreeSet<String> attributes = new TreeSet<>();
        for (String attribute : parts.subList(1, parts.size())) {
            // The date says the same as Max-Age.
            if (!attribute.startsWith("Expires=")) {
                attributes.add(attribute);
            }
        }
        note("Set-Cookie", (value.isEmpty() ? "removal" : id(value)) + " " + attributes);
    }

    /** Learns a session id. */
    synchronized String known(String id) {
        return ids.computeIfAbsent(withoutNode(id), unknown -> "id" + (ids.size() + 1));
    }

    /** A cookie of Jetty's names the node as well, behind a dot. */
    private static String withoutNode(String id) {
        return id.startsWith(".") ? id : id.split("\\.", 2)[0];
    }

    synchronized Map<String, String> lines() {
        return new LinkedHashMap<>(lines);
    }
}
