package io.geniesession.spi;

import io.geniesession.SessionStoreException;
import io.geniesession.internal.codec.CborException;
import io.geniesession.internal.codec.CborReader;
import io.geniesession.internal.codec.CborWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The stored form of a session's attributes and indexes, for adapters that keep bytes: a CBOR sequence (RFC 8742) in which
 * a later entry overrides an earlier one of the same name.
 *
 * <p>Appending a change to what is stored is therefore concatenation, which a database does in place and in order:
 *
 * <pre>{@code
 * byte[] change = SessionLog.encode(changes.set(), changes.removed(), changes.indexes());
 * SessionLog log = SessionLog.read(snapshot, stored, change);
 * byte[] shorter = log.compact();
 * }</pre>
 *
 * <p>Reading scans the entries once and copies nothing but names and indexes; an attribute's bytes are copied when they
 * are asked for and are never interpreted, so those that this version cannot decode stay as they are. Entries of kinds
 * that only a newer version knows are kept too. {@code docs/encoding.md} has the grammar.
 *
 * <p>Immutable, provided that nobody changes the arrays given to {@link #read} and {@link #append}, which are not copied.
 */
public final class SessionLog {
    /** What an entry that does not start with an attribute's name starts with; larger numbers are for newer versions. */
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
     * Reads a log.
     *
     * @param segments the stored bytes in the order in which they were written, such as a snapshot and the changes since;
     *     empty arrays are allowed; not copied
     * @return the log
     * @throws SessionStoreException if the bytes are damaged
     */
    public static SessionLog read(byte[]... segments) {
        Builder builder = new Builder(Map.of(), Map.of(), Map.of(), 0);
        for (byte[] segment : segments) {
            builder.scan(segment);
        }
        return builder.build();
    }

    /**
     * Returns this log with a change at its end.
     *
     * @param delta what {@link #encode} returned; not copied
     * @return a log of its own; this one stays as it is
     * @throws SessionStoreException if the bytes are damaged
     */
    public SessionLog append(byte[] delta) {
        if (delta.length == 0) {
            return this;
        }
        Builder builder = new Builder(attributes, indexes, others, size);
        builder.scan(delta);
        return builder.build();
    }

    /**
     * Returns the names of the attributes that have a value.
     *
     * @return the names, unmodifiable, in the order in which they were first set
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
     * @return names and values, unmodifiable, in the order in which they were first set
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
     * Returns the shortest bytes with the same content: one entry for each attribute and index that has a value, copied
     * byte for byte.
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
     * Returns the length of the log as it is stored, with the entries that later ones override.
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
    private static final class Entry {
        private final byte[] source;
        private final int start;
        private final int end;
        private final int valueLength;
        private final String text;

        Entry(byte[] source, int start, int end, int valueLength, String text) {
            this.source = source;
            this.start = start;
            this.end = end;
            this.valueLength = valueLength;
            this.text = text;
        }

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

        /** Returns the map with one more entry: the same, unless it was the one that stands for none. */
        private static Map<String, Entry> with(Map<String, Entry> entries, String name, Entry entry) {
            Map<String, Entry> some = entries.isEmpty() ? new LinkedHashMap<>() : entries;
            some.put(name, entry);
            return some;
        }

        SessionLog build() {
            return new SessionLog(attributes, indexes, others, size);
        }

        void scan(byte[] segment) {
            CborReader in = new CborReader(segment, 0, segment.length);
            try {
                while (!in.atEnd()) {
                    entry(segment, in);
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

        private void entry(byte[] segment, CborReader in) throws CborException {
            int start = in.position();
            if (in.isTextNext()) {
                attribute(segment, start, in);
                return;
            }
            int kind = in.unsigned();
            String name = in.name();
            if (kind == INDEX) {
                index(segment, start, name, in);
            } else {
                in.skipItem();
                others = with(others, kind + ":" + name, new Entry(segment, start, in.position(), 0, ""));
            }
        }

        private void attribute(byte[] segment, int start, CborReader in) throws CborException {
            String name = in.name();
            if (in.skipNull()) {
                attributes.remove(name);
            } else {
                int length = in.skipBytes();
                attributes.put(name, new Entry(segment, start, in.position(), length, ""));
            }
        }

        private void index(byte[] segment, int start, String name, CborReader in) throws CborException {
            if (in.skipNull()) {
                if (!indexes.isEmpty()) {
                    indexes.remove(name);
                }
            } else {
                String value = in.text();
                indexes = with(indexes, name, new Entry(segment, start, in.position(), 0, value));
            }
        }
    }
}
