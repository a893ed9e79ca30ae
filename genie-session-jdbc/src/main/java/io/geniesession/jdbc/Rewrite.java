package io.geniesession.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * What a persist replaces instead of appending its entries to the changes, which it empties. It does so only while the row's
 * version is the one that this was made from; otherwise the entries are appended.
 *
 * @param base that version
 * @param snapshot the new snapshot; null: it stays
 * @param slot the slot that is written, from 1; 0: none
 * @param content the slot's new content
 * @param cleared the slots that become free, slot 1 in the lowest bit
 */
@SuppressWarnings("ArrayRecordComponent") // carries bytes from one method to the next, is never compared
record Rewrite(long base, byte @Nullable [] snapshot, int slot, byte[] content, int cleared) {

    private static final int ALL = -1;

    /** All that there is becomes the snapshot. */
    static Rewrite ofAll(long base, byte[] snapshot) {
        return new Rewrite(base, snapshot, 0, Segments.NONE, ALL);
    }

    /** Tells whether a slot is written and nothing else changes. */
    boolean isOneSlot() {
        return slot > 0 && snapshot == null && cleared == 0;
    }

    boolean clears(int number) {
        return (cleared >> (number - 1) & 1) == 1;
    }

    long bytes() {
        return snapshot == null ? content.length : (long) content.length + snapshot.length;
    }
}
