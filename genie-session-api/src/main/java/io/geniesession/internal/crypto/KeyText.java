package io.geniesession.internal.crypto;

import io.geniesession.SessionConfigException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keys as they are written in a setting or a file: {@code id:base64}, separated by commas or line ends. */
final class KeyText {
    private static final String[] NO_ENTRIES = {};

    private KeyText() {}

    /**
     * Reads keys.
     *
     * @param text the entries; lines that begin with {@code #} are comments
     * @param source where the text comes from, for messages, which show nothing of it but ids
     * @return the keys by id, in their order
     * @throws SessionConfigException if an entry is not of this form, or an id stands twice
     */
    static Map<String, byte[]> read(String text, String source) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            for (String entry : line.strip().startsWith("#") ? NO_ENTRIES : line.split(",", -1)) {
                if (!entry.isBlank()) {
                    add(entry.strip(), ++number, source, keys);
                }
            }
        }
        return keys;
    }

    private static void add(String entry, int number, String source, Map<String, byte[]> keys) {
        int colon = entry.indexOf(':');
        if (colon < 1) {
            throw new SessionConfigException("Entry " + number + " of " + source
                    + " (not shown) is not of the form id:key, such as 2026a:… with the key in base64");
        }
        String id = entry.substring(0, colon).strip();
        byte[] key = decode(entry.substring(colon + 1).strip(), number, source);
        byte[] former = keys.putIfAbsent(id, key);
        if (former != null) {
            Arrays.fill(key, (byte) 0);
            throw new SessionConfigException("Entry " + number + " of " + source
                    + " has the id of an earlier one. Give each key an id of its own, which never comes back");
        }
    }

    private static byte[] decode(String key, int number, String source) {
        try {
            return Base64.getDecoder().decode(key.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            // The cause would name a character of the key.
            throw new SessionConfigException("The key in entry " + number + " of " + source
                    + " (not shown) is not base64. " + KeyRing.HOW_TO_MAKE_ONE);
        }
    }
}
