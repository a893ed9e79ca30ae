package io.geniesession.spi;

import io.geniesession.SessionStoreException;
import io.geniesession.internal.codec.CborException;
import io.geniesession.internal.codec.CborReader;
import io.geniesession.internal.codec.CborWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The stored form of a session's attributes and indexes, for adapters that keep bytes: a snapshot, and the changes since, which
 * override it. Both are CBOR sequences (RFC 8742) of entries. Among the changes the newest stand first, and of several entries
 * of the same name the first counts.
 *
 * <p>Storing a change is therefore putting it in front of those before, which a database can do without reading them:
 *
 * <pre>{@code
 * byte[] change = SessionLog.encode(changes.set(), changes.removed(), changes.indexes());
 * // UPDATE … SET stored = :change || stored
 * SessionLog log = SessionLog.read(snapshot, stored).with(change);
 * byte[] nextSnapshot = log.compact();
 * }</pre>
 *
 * <p>In front, because a database that logs what differs between two versions of a row compares them from both ends: what comes
 * after the new entries is the same in both and is not logged again.
 *
 * <p>Reading scans the entries once and copies nothing but names and indexes; an attribute's bytes are copied when they
 * are asked for and are never interpreted, so those that this version cannot decode stay as they are. Entries of kinds
 * that only a newer version knows are kept too. {@code docs/encoding.md} has the grammar.
 *
 * <p>Immutable, provided that nobody changes the arrays given to {@code read} and {@code with}, which are not copied.
 */
public final class SessionLog {
    /** Stands for the number of an entry that starts with a name, and has none. */
    private static final int ATTRIBUTE = -1;

    /** What an entry of another kind starts with; larger numbers are for newer versions. */
    private static final int INDEX = 1;

    /** One byte each for the number of the kind and null, nine each for the heads of name and value. */
    private static final int ENTRY_OVERHEAD = 20;

    private final Map<String, Entry> attributes;
    private final Map<String, Entry> indexes;
    private final Map<String, Entry> others;
    private final long size;

    private SessionLog(
            Map<String, Entry> attributes, Map<String, Entry> indexes, Map<String, Entry> others, long size) {
        this.attributes = attributes;
        this.indexes = indexes;
        this.others = others;
        this.size = size;
    }

    /**
     * Returns the bytes of a change, or of a whole session.
     *
     * @param set the attributes that get a value
     * @param removed the names of the attributes that are removed
     * @param indexes the indexes that get a value or, where empty, are removed
     * @return the entries one after another; an empty array if nothing changes
     * @throws IllegalArgumentException if a name or an index value is not well-formed Unicode (has a lone surrogate), or
     *     a name is both set and removed
     * @throws SessionStoreException if the bytes would not fit into one array
     */
    public static byte[] encode(
            Map<String, AttributeValue> set, Set<String> removed, Map<String, Optional<String>> indexes) {
        if (set.isEmpty() && removed.isEmpty() && indexes.isEmpty()) {
            return new byte[0];
        }
        byte[][] values = new byte[set.size()][];
        long expected = 0;
        int at = 0;
        for (Map.Entry<String, AttributeValue> entry : set.entrySet()) {
            byte[] encoded = entry.getValue().encoded();
            values[at++] = encoded;
            expected += entry.getKey().length() + encoded.length + ENTRY_OVERHEAD;
        }
        expected += 64L * removed.size() + 64L * indexes.size();
        CborWriter out = new CborWriter((int) Math.min(expected, Integer.MAX_VALUE - 64), Integer.MAX_VALUE - 64);
        try {
            writeSet(set, values, removed, out);
            writeRemoved(removed, out);
            writeIndexes(indexes, out);
        } catch (CborException e) {
            throw new SessionStoreException("The session's entries are larger than 2 GiB together", null, false, null);
        }
        return out.toByteArray();
    }

    /**
     * Reads a snapshot since which nothing has changed.
     *
     * @param snapshot what {@link #encode} of a whole session or {@link #compact} returned; may be empty; not copied. Changes are
     *     something else: their order is the other way round
     * @return the log
     * @throws SessionStoreException if the bytes are damaged
     */
    public static SessionLog read(byte[] snapshot) {
        return read(snapshot, new byte[0]);
    }

    /**
     * Reads a snapshot and the changes since.
     *
     * @param snapshot what {@link #encode} of a whole session or {@link #compact} returned; may be empty; not copied
     * @param changes the changes, the newest first; may be empty; not copied
     * @return the log
     * @throws SessionStoreException if the bytes are damaged
     */
    public static SessionLog read(byte[] snapshot, byte[] changes) {
        Builder builder = new Builder(Map.of(), Map.of(), Map.of(), 0);
        builder.addSnapshot(snapshot);
        builder.addChanges(changes);
        return builder.build();
    }

    /**
     * Returns this log with one more change, the newest.
     *
     * @param change what {@link #encode} returned; not copied
     * @return a log of its own; this one stays as it is
     * @throws SessionStoreException if the bytes are damaged
     */
    public SessionLog with(byte[] change) {
        if (change.length == 0) {
            return this;
        }
        Builder builder = new Builder(attributes, indexes, others, size);
        builder.addChanges(change);
        return builder.build();
    }

    /**
     * Returns the names of the attributes that have a value.
     *
     * @return the names, unmodifiable, in no particular order
     */
    public Set<String> attributeNames() {
        return Collections.unmodifiableSet(attributes.keySet());
    }

    /**
     * Returns the encoded value of an attribute.
     *
     * @param name the attribute's name
     * @return a copy of its bytes, as {@link AttributeValue#encoded()} gave them; empty if the attribute has no value
     */
    public Optional<byte[]> attribute(String name) {
        Entry entry = attributes.get(Objects.requireNonNull(name, "name"));
        return entry == null ? Optional.empty() : Optional.of(entry.value());
    }

    /**
     * Returns the indexes that have a value.
     *
     * @return names and values, unmodifiable, in no particular order
     */
    public Map<String, String> indexes() {
        if (indexes.isEmpty()) {
            return Map.of();
        }
        Map<String, String> result = new LinkedHashMap<>();
        indexes.forEach((name, entry) -> result.put(name, entry.text));
        return Collections.unmodifiableMap(result);
    }

    /**
     * Returns the shortest snapshot with the same content: one entry for each attribute and index that has a value, copied
     * byte for byte: attributes, indexes, then entries of kinds that only a newer version knows. Among each of them what changed
     * last is last, so that what has not changed for long stands where it stood in the snapshot before.
     *
     * @return a new array; empty if nothing has a value
     */
    public byte[] compact() {
        long length = lengthOf(attributes) + lengthOf(indexes) + lengthOf(others);
        // It is at most as long as the arrays it was read from, which only together can be longer than one array.
        byte[] result = new byte[Math.toIntExact(length)];
        int at = copy(attributes, result, 0);
        at = copy(indexes, result, at);
        copy(others, result, at);
        return result;
    }

    /**
     * Returns the length of the log as it is stored, with the entries that newer ones override.
     *
     * @return the length in bytes
     */
    public long size() {
        return size;
    }

    /** Returns the number of attributes and the stored length; neither names nor values. */
    @Override
    public String toString() {
        return "SessionLog[attributes=" + attributes.size() + ", size=" + size + "]";
    }

    private static void writeSet(Map<String, AttributeValue> set, byte[][] values, Set<String> removed, CborWriter out)
            throws CborException {
        int at = 0;
        for (String name : set.keySet()) {
            if (removed.contains(name)) {
                throw new IllegalArgumentException("Attribute \"" + name + "\" is both set and removed");
            }
            name(name, "An attribute's name", out);
            out.bytes(values[at++]);
        }
    }

    private static void writeRemoved(Set<String> removed, CborWriter out) throws CborException {
        for (String name : removed) {
            name(name, "An attribute's name", out);
            out.nothing();
        }
    }

    private static void writeIndexes(Map<String, Optional<String>> indexes, CborWriter out) throws CborException {
        for (Map.Entry<String, Optional<String>> entry : indexes.entrySet()) {
            out.unsigned(INDEX);
            name(entry.getKey(), "An index's name", out);
            if (entry.getValue().isPresent()) {
                name(entry.getValue().get(), "An index's value", out);
            } else {
                out.nothing();
            }
        }
    }

    private static void name(String text, String what, CborWriter out) throws CborException {
        if (!out.text(text)) {
            throw new IllegalArgumentException(
                    what + " is not well-formed Unicode: it has half of a surrogate pair; " + text.length() + " chars");
        }
    }

    private static long lengthOf(Map<String, Entry> entries) {
        long length = 0;
        for (Entry entry : entries.values()) {
            length += entry.end - entry.start;
        }
        return length;
    }

    private static int copy(Map<String, Entry> entries, byte[] target, int position) {
        int at = position;
        for (Entry entry : entries.values()) {
            System.arraycopy(entry.source, entry.start, target, at, entry.end - entry.start);
            at += entry.end - entry.start;
        }
        return at;
    }

    /** Where an entry is, and what an index's value is; {@code end - valueLength} is where an attribute's bytes begin. */
    @SuppressWarnings("ArrayRecordComponent") // says where in the array, is never compared
    private record Entry(int kind, String name, byte[] source, int start, int end, int valueLength, String text) {
        /** A value length of an entry that takes the value away. */
        static final int REMOVED = -1;

        byte[] value() {
            return Arrays.copyOfRange(source, end - valueLength, end);
        }
    }

    private static final class Builder {
        private final Map<String, Entry> attributes;

        // Most sessions have no entries of these kinds; an empty map stands for none and is not written to.
        private Map<String, Entry> indexes;
        private Map<String, Entry> others;
        private long size;

        /** Begins with a copy of the given entries. */
        Builder(Map<String, Entry> attributes, Map<String, Entry> indexes, Map<String, Entry> others, long size) {
            this.attributes = new LinkedHashMap<>(attributes);
            this.indexes = copy(indexes);
            this.others = copy(others);
            this.size = size;
        }

        private static Map<String, Entry> copy(Map<String, Entry> entries) {
            return entries.isEmpty() ? Map.of() : new LinkedHashMap<>(entries);
        }

        SessionLog build() {
            return new SessionLog(attributes, indexes, others, size);
        }

        void addSnapshot(byte[] snapshot) {
            scan(snapshot, this::apply);
        }

        /** The newest stand first and override the others, so they are applied last. */
        void addChanges(byte[] changes) {
            if (changes.length == 0) {
                return;
            }
            List<Entry> entries = new ArrayList<>();
            scan(changes, entries::add);
            for (int i = entries.size() - 1; i >= 0; i--) {
                apply(entries.get(i));
            }
        }

        private void scan(byte[] segment, Consumer<Entry> entries) {
            CborReader in = new CborReader(segment, 0, segment.length);
            try {
                while (!in.atEnd()) {
                    entries.accept(next(segment, in));
                }
            } catch (CborException e) {
                throw new SessionStoreException(
                        "The stored attributes of a session are damaged: at byte " + in.position() + " of "
                                + segment.length + ", " + e.getMessage(),
                        null,
                        false,
                        null);
            }
            size += segment.length;
        }

        private static Entry next(byte[] segment, CborReader in) throws CborException {
            int start = in.position();
            int kind = in.isTextNext() ? ATTRIBUTE : in.unsigned();
            String name = in.name();
            if (kind != ATTRIBUTE && kind != INDEX) {
                in.skipItem();
                return new Entry(kind, kind + ":" + name, segment, start, in.position(), 0, "");
            }
            if (in.skipNull()) {
                return new Entry(kind, name, segment, start, in.position(), Entry.REMOVED, "");
            }
            if (kind == INDEX) {
                String value = in.text();
                return new Entry(kind, name, segment, start, in.position(), 0, value);
            }
            int length = in.skipBytes();
            return new Entry(kind, name, segment, start, in.position(), length, "");
        }

        private void apply(Entry entry) {
            switch (entry.kind) {
                case ATTRIBUTE -> set(attributes, entry);
                case INDEX -> indexes = with(indexes, entry);
                default -> others = with(others, entry);
            }
        }

        /** Returns the map after an entry: the same, unless it was the one that stands for none. */
        private static Map<String, Entry> with(Map<String, Entry> entries, Entry entry) {
            if (entries.isEmpty() && entry.valueLength == Entry.REMOVED) {
                return entries;
            }
            Map<String, Entry> some = entries.isEmpty() ? new LinkedHashMap<>() : entries;
            set(some, entry);
            return some;
        }

        /** Puts the name at the end, also if it stands elsewhere. */
        private static void set(Map<String, Entry> entries, Entry entry) {
            if (entry.valueLength == Entry.REMOVED) {
                entries.remove(entry.name);
            } else if (entries.put(entry.name, entry) != null) {
                entries.remove(entry.name);
                entries.put(entry.name, entry);
            }
        }
    }
}
