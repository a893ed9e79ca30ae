package io.geniesession.internal.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/**
 * The names that attributes were read with lately, so that each need not be made anew for every session.
 *
 * <p>Strategy: a name has one place, which its bytes decide, and the last one that came there has it. So whatever is stored, the
 * table does not grow; names that share a place cost what they would without it. Names that are long or not ASCII are not kept.
 *
 * <p>Safe for use by several threads: texts are immutable, and whoever sees an old one makes the name itself.
 */
final class KnownNames {
    private static final int LONGEST = 40;
    private static final int PLACES = 1024;

    private final @Nullable String[] places = new @Nullable String[PLACES];

    /**
     * Returns the name that these bytes are.
     *
     * @return the name, or null if the bytes are too many or not ASCII
     */
    @Nullable
    String of(byte[] source, int start, int length) {
        if (length > LONGEST) {
            return null;
        }
        int hash = 0;
        int bits = 0;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + source[i];
            bits |= source[i];
        }
        if (bits < 0) {
            return null;
        }
        int place = (hash ^ (hash >>> 10) ^ (hash >>> 20)) & (PLACES - 1);
        String known = places[place];
        if (known == null || !isOf(known, source, start, length)) {
            known = new String(source, start, length, US_ASCII);
            places[place] = known;
        }
        return known;
    }

    private static boolean isOf(String known, byte[] source, int start, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != source[start + i]) {
                return false;
            }
        }
        return true;
    }
}
