package io.geniesession.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the {@code Cookie} header of a request, for bindings whose server does not (RFC 6265, section 5.4). Lenient: what is
 * no pair of name and value is skipped, and the rest is read. Holds no state. Safe for use by several threads.
 */
public final class CookieHeader {

    /** More than any server lets through; bounds the work on a header that no server has bounded. */
    private static final int MAX_CHARACTERS = 64 * 1024;

    private CookieHeader() {}

    /**
     * Returns the values of all cookies of one name, in the order of the header: the browser sends those of longer paths
     * first.
     *
     * @param lines the field values of the {@code Cookie} header, one per line of the request; 65 536 characters of them, in
     *     all, are read
     * @param name the cookie's name; case matters
     * @param limit how many values to return at most
     * @return the values without white space and quotes around them; untrusted
     */
    public static List<String> values(Iterable<String> lines, String name, int limit) {
        List<String> values = new ArrayList<>();
        int budget = MAX_CHARACTERS;
        for (String line : lines) {
            read(within(budget, line), name, limit, values);
            budget = Math.max(0, budget - line.length());
        }
        return List.copyOf(values);
    }

    /** Ends before the first pair that does not fit: half a value would be another value. */
    private static String within(int budget, String line) {
        return line.length() <= budget ? line : line.substring(0, Math.max(0, line.lastIndexOf(';', budget)));
    }

    private static void read(String line, String name, int limit, List<String> values) {
        int from = 0;
        while (from < line.length() && values.size() < limit) {
            int semicolon = line.indexOf(';', from);
            int to = semicolon < 0 ? line.length() : semicolon;
            readPair(line, from, to, name, values);
            from = to + 1;
        }
    }

    private static void readPair(String line, int from, int to, String name, List<String> values) {
        int start = from;
        while (start < to && isBlank(line.charAt(start))) {
            start++;
        }
        if (!line.startsWith(name, start)) {
            return;
        }
        int equals = start + name.length();
        while (equals < to && isBlank(line.charAt(equals))) {
            equals++;
        }
        if (equals < to && line.charAt(equals) == '=') {
            String value = unquoted(line.substring(equals + 1, to).strip());
            if (!hasControl(value)) {
                values.add(value);
            }
        }
    }

    private static boolean hasControl(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
