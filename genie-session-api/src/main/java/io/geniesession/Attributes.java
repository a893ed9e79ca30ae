package io.geniesession;

import static java.util.Objects.requireNonNull;

import io.geniesession.internal.codec.ValueCodec;
import io.geniesession.internal.crypto.SessionCipher;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.SessionRecord;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes as one request sees them: those of the record it loaded, under its own changes.
 *
 * <p>A slot stands for an attribute that the request has touched. Everything else stays encoded in the record. Not
 * thread-safe; {@link LiveSession} guards it.
 */
final class Attributes {
    private static final int MAX_NAME_LENGTH = 255;

    private final SessionRuntime runtime;
    private Slots slots = Slots.NONE;
    private @Nullable SessionRecord base;

    /**
     * The attributes that were touched, by name, and the cipher of their bytes, which is made when it is needed: a view stays
     * with one session, whose key never changes. It stands here because a request that touches nothing needs neither.
     */
    @SuppressWarnings("serial") // Never serialized; the base class is serializable by name.
    private static final class Slots extends HashMap<String, Slot> {
        /** Stands for no slots; nobody puts anything in. */
        static final Slots NONE = new Slots();

        @Nullable
        SessionCipher cipher;

        Slots() {
            super(4);
        }
    }

    /** One attribute that was read, set or removed. */
    private static final class Slot {
        /** The object that the application has; null once the attribute is removed or while it cannot be decoded. */
        @Nullable
        Object value;

        /**
         * The bytes that the store has, decrypted, or that {@code value} had when it was set; null for references, removals and
         * what does not decrypt.
         */
        byte @Nullable [] bytes;

        /** Whether the store does not know of it yet. */
        boolean pending;

        Slot(@Nullable Object value, byte @Nullable [] bytes, boolean pending) {
            this.value = value;
            this.bytes = bytes;
            this.pending = pending;
        }
    }

    /** Changes that are ready to be sent. */
    record Changes(Map<String, AttributeValue> set, Set<String> removed) {
        static final Changes NONE = new Changes(Map.of(), Set.of());

        boolean isEmpty() {
            return set.isEmpty() && removed.isEmpty();
        }
    }

    Attributes(SessionRuntime runtime, @Nullable SessionRecord base) {
        this.runtime = runtime;
        this.base = base;
    }

    SessionRuntime runtime() {
        return runtime;
    }

    private ValueCodec codec() {
        return runtime.codec();
    }

    private SessionCipher cipher(SessionKey session) {
        Slots touched = touched();
        SessionCipher present = touched.cipher;
        if (present == null) {
            present = runtime.cipher(session);
            touched.cipher = present;
        }
        return present;
    }

    @SuppressWarnings("ReferenceEquality") // Only the one instance is shared.
    private Slots touched() {
        if (slots == Slots.NONE) {
            slots = new Slots();
        }
        return slots;
    }

    private boolean byReference() {
        return runtime.keepsReferences();
    }

    /** The record under the changes, or null for a session that is not stored. */
    @Nullable
    SessionRecord base() {
        return base;
    }

    @Nullable
    Object get(String name) {
        Slot slot = slots.get(name);
        if (slot != null) {
            return slot.value;
        }
        SessionRecord record = base;
        AttributeValue stored = record == null ? null : record.attribute(name).orElse(null);
        if (record == null || stored == null) {
            return null;
        }
        if (byReference()) {
            return objectOf(name, stored, record);
        }
        Slot read = decode(name, stored, record);
        put(name, read);
        return read.value;
    }

    private Object objectOf(String name, AttributeValue stored, SessionRecord record) {
        return LiveValue.objectOf(name, stored, record.info().key(), runtime);
    }

    /** Reads an attribute of a record that need not be this view's base. */
    @Nullable
    Object read(String name, SessionRecord record) {
        AttributeValue stored = record.attribute(name).orElse(null);
        if (stored == null || byReference()) {
            return stored == null ? null : objectOf(name, stored, record);
        }
        return decode(name, stored, record).value;
    }

    private Slot decode(String name, AttributeValue stored, SessionRecord record) {
        byte[] bytes = null;
        try {
            bytes = cipher(record.info().key()).open(name, stored.encoded());
            return new Slot(codec().decode(name, bytes), bytes, false);
        } catch (SessionCodecException e) {
            runtime.undecodable(name, e);
            return new Slot(null, bytes, false);
        }
    }

    private void put(String name, Slot slot) {
        touched().put(name, slot);
    }

    void set(String name, Object value) {
        checkName(name);
        checkCount(name);
        put(name, new Slot(value, encode(name, value), true));
    }

    /** Checks that a value can be stored, by making its bytes; null for a store that keeps references. */
    byte @Nullable [] encode(String name, Object value) {
        if (byReference()) {
            return null;
        }
        byte[] bytes = codec().encode(name, value);
        checkSize(name, value, bytes.length);
        return bytes;
    }

    void unset(String name) {
        if (isSet(name) || isInBase(name)) {
            put(name, new Slot(null, null, true));
        }
    }

    boolean isSet(String name) {
        Slot slot = slots.get(name);
        if (slot != null) {
            return slot.value != null;
        }
        return isInBase(name);
    }

    private boolean isInBase(String name) {
        return base != null && base.attribute(name).isPresent();
    }

    Set<String> names() {
        Set<String> names = new HashSet<>(base == null ? Set.of() : base.attributeNames());
        slots.forEach((name, slot) -> {
            if (slot.value != null) {
                names.add(name);
            } else {
                names.remove(name);
            }
        });
        return Collections.unmodifiableSet(names);
    }

    /** Whether this request has a value of its own: set, removed or changed in place, and not yet stored. */
    boolean isChanged(String name) {
        Slot slot = slots.get(name);
        return slot != null && (slot.pending || changedInPlace(name, slot) != null);
    }

    boolean isEmpty() {
        return slots.isEmpty() ? base == null || base.attributeNames().isEmpty() : names().isEmpty();
    }

    /** Collects what is to be sent to the session of this key. What was collected stays pending until {@link #stored}. */
    Changes changes(SessionKey session) {
        if (slots.isEmpty()) {
            return Changes.NONE;
        }
        Map<String, AttributeValue> set = Map.of();
        Set<String> removed = Set.of();
        for (Map.Entry<String, Slot> entry : slots.entrySet()) {
            String name = entry.getKey();
            Slot slot = entry.getValue();
            AttributeValue value = slot.value == null ? null : changedValue(session, name, slot);
            if (value != null) {
                set = with(set, name, value);
            } else if (slot.pending) {
                removed = removed.isEmpty() ? new HashSet<>() : removed;
                removed.add(name);
            }
        }
        return set.isEmpty() && removed.isEmpty() ? Changes.NONE : new Changes(set, removed);
    }

    /** Most requests that change anything change one attribute, which needs no table. */
    private static <V> Map<String, V> with(Map<String, V> some, String name, V value) {
        if (some.isEmpty()) {
            return Map.of(name, value);
        }
        Map<String, V> more = some.size() == 1 ? new HashMap<>(some) : some;
        more.put(name, value);
        return more;
    }

    /** The value to be sent, or null if the store has it. */
    private @Nullable AttributeValue changedValue(SessionKey session, String name, Slot slot) {
        if (slot.pending) {
            return value(session, name, slot);
        }
        byte[] changed = changedInPlace(name, slot);
        if (changed == null) {
            return null;
        }
        slot.bytes = changed;
        slot.pending = true;
        return sealed(session, name, changed);
    }

    /** What a store of bytes gets. */
    AttributeValue sealed(SessionKey session, String name, byte[] bytes) {
        return LiveValue.ofBytes(cipher(session).seal(name, bytes));
    }

    /** The value to be sent; one that can change in place is encoded again, because it may have changed since it was set. */
    private AttributeValue value(SessionKey session, String name, Slot slot) {
        Object value = slot.value;
        if (value == null) {
            throw new IllegalStateException("Attribute \"" + name + "\" is removed");
        }
        byte[] bytes = slot.bytes;
        if (byReference()) {
            return LiveValue.ofObject(value);
        }
        if (bytes == null || codec().canChangeInPlace(value)) {
            bytes = requireNonNull(encode(name, value));
            slot.bytes = bytes;
        }
        return sealed(session, name, bytes);
    }

    /**
     * The new bytes of a value that changed since it was read, or null. Bytes alone do not tell: a {@code HashMap} may iterate
     * differently after it was decoded. So stored bytes that differ are decoded and encoded once more, and only a difference
     * from that counts.
     */
    private byte @Nullable [] changedInPlace(String name, Slot slot) {
        byte[] stored = slot.bytes;
        if (slot.value == null || stored == null || !codec().canChangeInPlace(slot.value)) {
            return null;
        }
        byte[] now = codec().encode(name, slot.value);
        if (Arrays.equals(now, stored) || Arrays.equals(now, codec().recode(name, stored))) {
            return null;
        }
        checkSize(name, slot.value, now.length);
        return now;
    }

    /** The collected changes are in the store, and this record has them. */
    void stored(SessionRecord next) {
        base = next;
        slots.forEach((name, slot) -> slot.pending = false);
    }

    /** This one attribute is in the store, in a record that may be newer than the view's base. */
    void stored(String name, @Nullable Object value, byte @Nullable [] bytes, @Nullable SessionRecord next) {
        if (next != null) {
            base = next;
        }
        put(name, new Slot(value, bytes, false));
    }

    /** Keeps the changes, and shows everything else as this record has it. */
    void goOnFrom(SessionRecord record) {
        base = record;
    }

    /** Drops all changes and what was read, and goes on from this record. */
    void reset(@Nullable SessionRecord record) {
        slots = Slots.NONE;
        base = record;
    }

    void checkName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("The name of an attribute must have 1 to " + MAX_NAME_LENGTH
                    + " characters, this one has " + name.length());
        }
        if (!Unicode.isWellFormed(name)) {
            throw new IllegalArgumentException("The name of an attribute must be well-formed Unicode");
        }
    }

    void checkCount(String name) {
        int bound = runtime.config().maxAttributes();
        // Both counted twice at worst; only near the bound is it worth counting exactly.
        int most = slots.size() + (base == null ? 0 : base.attributeNames().size());
        if (most >= bound && !isSet(name) && names().size() >= bound) {
            throw new IllegalArgumentException("Attribute \"" + name + "\" would be one more than the "
                    + bound
                    + " that a session may have; raise genie.session.max-attributes or keep related values in"
                    + " one attribute");
        }
    }

    /** An estimate decides in nearly all cases; only near the bound is each attribute looked at. */
    private void checkSize(String name, Object value, int length) {
        long bound = runtime.config().maxSessionSize();
        long estimate = length + (base == null ? 0 : base.info().size());
        for (Slot slot : slots.values()) {
            estimate += slot.pending && slot.bytes != null ? slot.bytes.length : 0;
        }
        if (estimate > bound && exactSizeWithout(name) + length > bound) {
            throw new SessionCodecException(
                    "Attribute \"" + name + "\" with its " + length + " bytes would make the session larger than "
                            + bound + " bytes; store less, or raise genie.session.max-session-size",
                    name,
                    value.getClass().getName(),
                    null);
        }
    }

    private long exactSizeWithout(String name) {
        long size = 0;
        for (String other : names()) {
            if (!other.equals(name)) {
                Slot slot = slots.get(other);
                byte[] bytes = slot != null ? slot.bytes : bytesOf(other);
                size += bytes == null ? 0 : bytes.length;
            }
        }
        return size;
    }

    private byte @Nullable [] bytesOf(String name) {
        AttributeValue stored = base == null ? null : base.attribute(name).orElse(null);
        return stored == null ? null : stored.encoded();
    }
}
