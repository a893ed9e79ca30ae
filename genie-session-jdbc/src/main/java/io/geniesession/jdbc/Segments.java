package io.geniesession.jdbc;

import io.geniesession.SessionStoreException;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.SessionLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a row has of its session's entries: the snapshot, the slots where the dialect has any, and the changes. Entries in a slot
 * override those in the snapshot, and those in the changes override both. No two slots have an entry of the same name.
 *
 * <p>The arrays are not copied; nobody changes them.
 *
 * @param slots one for each slot of the table, empty where it is free
 * @param changes the changes in the order in which they came, however they are cut up
 */
@SuppressWarnings("ArrayRecordComponent") // carries bytes from one method to the next, is never compared
record Segments(byte[] snapshot, byte[][] slots, List<byte[]> changes) {

    static final byte[] NONE = {};

    static final byte[][] NO_SLOTS = {};

    /** As long as a row is short enough for PostgreSQL to keep all of it in one place, next to a few changes. */
    private static final int MOST_IN_ROW = 1_600;

    /**
     * Describes a new row: each attribute has a slot of its own if there are few and all of them fit into the row. Otherwise
     * everything is the snapshot, and attributes get slots as they change.
     */
    static Segments ofNew(Map<String, AttributeValue> attributes, Map<String, Optional<String>> indexes, int slots) {
        List<byte[]> entries = new ArrayList<>();
        attributes.forEach((name, value) -> entries.add(SessionLog.encode(Map.of(name, value), Set.of(), Map.of())));
        byte[] rest = SessionLog.encode(Map.of(), Set.of(), indexes);
        long length = rest.length;
        for (byte[] entry : entries) {
            length += entry.length;
        }
        if (entries.size() > slots || length > MOST_IN_ROW) {
            entries.add(rest);
            return of(join(entries, length), slots);
        }
        Segments segments = of(rest, slots);
        for (int i = 0; i < entries.size(); i++) {
            segments.slots[i] = entries.get(i);
        }
        return segments;
    }

    private static byte[] join(List<byte[]> entries, long length) {
        if (length > Integer.MAX_VALUE - 64) {
            throw new SessionStoreException("The session's entries are larger than 2 GiB together", null, false, null);
        }
        byte[] joined = new byte[(int) length];
        int at = 0;
        for (byte[] entry : entries) {
            System.arraycopy(entry, 0, joined, at, entry.length);
            at += entry.length;
        }
        return joined;
    }

    /** Describes a row that has nothing but a snapshot. */
    static Segments of(byte[] snapshot, int slots) {
        byte[][] free = new byte[slots][];
        Arrays.fill(free, NONE);
        return new Segments(snapshot, free, List.of());
    }

    SessionLog read() {
        return SessionLog.read(all());
    }

    /** Returns the snapshot, the slots and the changes, in the order in which they override each other. */
    byte[][] all() {
        byte[][] all = new byte[1 + slots.length + changes.size()][];
        all[0] = snapshot;
        System.arraycopy(slots, 0, all, 1, slots.length);
        for (int i = 0; i < changes.size(); i++) {
            all[1 + slots.length + i] = changes.get(i);
        }
        return all;
    }

    long size() {
        long size = snapshot.length + changesSize();
        for (byte[] slot : slots) {
            size += slot.length;
        }
        return size;
    }

    long changesSize() {
        long size = 0;
        for (byte[] change : changes) {
            size += change.length;
        }
        return size;
    }

    /** Returns the row's segments after an append. */
    Segments append(byte[] entries) {
        List<byte[]> more = new ArrayList<>(changes);
        more.add(entries);
        return new Segments(snapshot, slots, more);
    }

    /** Returns the row's segments after a rewrite. */
    Segments after(Rewrite rewrite) {
        byte[][] written = slots.clone();
        for (int i = 0; i < written.length; i++) {
            if (rewrite.slot() == i + 1) {
                written[i] = rewrite.content();
            } else if (rewrite.clears(i + 1)) {
                written[i] = NONE;
            }
        }
        byte[] kept = rewrite.snapshot() == null ? snapshot : rewrite.snapshot();
        return new Segments(kept, written, List.of());
    }
}
