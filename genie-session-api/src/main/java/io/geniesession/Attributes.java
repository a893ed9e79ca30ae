package io.geniesession;

import static java.util.Objects.requireNonNull;

import io.geniesession.internal.codec.ValueCodec;
import io.geniesession.internal.crypto.SessionCipher;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionChanges;
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
 * thread-safe; {@link LiveSession} guards it. {@link SharedAttributes} has its slots and its record elsewhere, where other
 * requests have them too; what only such a view needs does nothing here.
 */
class Attributes {
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
    static class Slot {
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

    final SessionRuntime runtime() {
        return runtime;
    }

    final ValueCodec codec() {
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

    final boolean byReference() {
        return runtime.keepsReferences();
    }

    /** What this view has of attributes beside the record, by name. */
    Map<String, ? extends Slot> slots() {
        return slots;
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

    final Object objectOf(String name, AttributeValue stored, SessionRecord record) {
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

    final Slot decode(String name, AttributeValue stored, SessionRecord record) {
        byte[] bytes = null;
        try {
            bytes = opened(name, stored, record);
            return new Slot(codec().decode(name, bytes), bytes, false);
        } catch (SessionCodecException e) {
            runtime.undecodable(name, e);
            return new Slot(null, bytes, false);
        }
    }

    /**
     * The bytes of a stored value, decrypted: the same value has the same ones each time.
     *
     * @throws SessionCodecException if they do not decrypt
     */
    final byte[] opened(String name, AttributeValue stored, SessionRecord record) {
        return cipher(record.info().key()).open(name, stored.encoded());
    }

    private void put(String name, Slot slot) {
        touched().put(name, slot);
    }

    void set(String name, Object value) {
        checkName(name);
        Slot present = slots.get(name);
        if (present == null || !isFromStore(present, value)) {
            checkCount(name);
            put(name, new Slot(value, encode(name, value), true));
            return;
        }
        byte[] changed = changedInPlace(name, value, present.bytes);
        if (changed != null) {
            put(name, new Slot(value, changed, true));
        }
    }

    /**
     * Whether this is the very object that came from the store, and one that can change in place. Frameworks set such an object
     * again when they are done with it, because it may have changed; to store it if it has not would undo what another request
     * has made of it meanwhile.
     */
    @SuppressWarnings("ReferenceEquality") // The object that was handed out, not an equal one.
    private boolean isFromStore(Slot slot, Object value) {
        return slot.value == value && !slot.pending && slot.bytes != null && codec().canChangeInPlace(value);
    }

    /** Whether this is the very object that came from the store, as it was. */
    final boolean isAsStored(@Nullable Slot slot, String name, Object value) {
        return slot != null && isFromStore(slot, value) && changedInPlace(name, value, slot.bytes) == null;
    }

    /** Checks that a value can be stored, by making its bytes; null for a store that keeps references. */
    byte @Nullable [] encode(String name, Object value) {
        if (byReference()) {
            return null;
        }
        byte[] bytes = bytesOf(name, value);
        checkSize(name, value, bytes.length);
        return bytes;
    }

    /** Makes the bytes of a value. */
    byte[] bytesOf(String name, Object value) {
        return codec().encode(name, value);
    }

    /**
     * Sets or removes an attribute.
     *
     * @param value the new value, or null to remove it
     * @return what was there; null for nothing and for what cannot be read any more
     */
    @Nullable
    Object exchange(String name, @Nullable Object value) {
        Object old = getIfReadable(name);
        if (value == null) {
            unset(name);
        } else {
            set(name, value);
        }
        return old;
    }

    /** What cannot be read any more must keep nobody from replacing it. */
    final @Nullable Object getIfReadable(String name) {
        try {
            return get(name);
        } catch (SessionCodecException e) {
            return null;
        }
    }

    void unset(String name) {
        if (isSet(name) || isInBase(name)) {
            put(name, new Slot(null, null, true));
        }
    }

    final boolean isSet(String name) {
        Slot slot = slots().get(name);
        if (slot != null) {
            return slot.value != null;
        }
        return isInBase(name);
    }

    final boolean isInBase(String name) {
        SessionRecord record = base();
        return record != null && record.attribute(name).isPresent();
    }

    final Set<String> names() {
        SessionRecord record = base();
        Set<String> names = new HashSet<>(record == null ? Set.of() : record.attributeNames());
        slots().forEach((name, slot) -> {
            if (slot.value != null) {
                names.add(name);
            } else {
                names.remove(name);
            }
        });
        return Collections.unmodifiableSet(names);
    }

    /** Whether this request has a value of its own: set, removed or changed in place, and not yet stored. */
    final boolean isChanged(String name) {
        Slot slot = slots().get(name);
        return slot != null && (slot.pending || changedInPlace(name, slot.value, slot.bytes) != null);
    }

    final boolean isEmpty() {
        SessionRecord record = base();
        return slots().isEmpty() ? record == null || record.attributeNames().isEmpty() : names().isEmpty();
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
    static <V> Map<String, V> with(Map<String, V> some, String name, V value) {
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
        byte[] changed = changedInPlace(name, slot.value, slot.bytes);
        if (changed == null) {
            return null;
        }
        slot.bytes = changed;
        slot.pending = true;
        return sealed(session, name, changed);
    }

    /** What a store of bytes gets. */
    final AttributeValue sealed(SessionKey session, String name, byte[] bytes) {
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
    final byte @Nullable [] changedInPlace(String name, @Nullable Object value, byte @Nullable [] stored) {
        if (value == null || stored == null || !codec().canChangeInPlace(value)) {
            return null;
        }
        byte[] now = bytesOf(name, value);
        if (Arrays.equals(now, stored) || Arrays.equals(now, codec().recode(name, stored))) {
            return null;
        }
        checkSize(name, value, now.length);
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

    /** Drops all changes of this request and what it has read. */
    void drop() {
        slots = Slots.NONE;
    }

    final void checkName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("The name of an attribute must have 1 to " + MAX_NAME_LENGTH
                    + " characters, this one has " + name.length());
        }
        if (!Unicode.isWellFormed(name)) {
            throw new IllegalArgumentException("The name of an attribute must be well-formed Unicode");
        }
    }

    final void checkCount(String name) {
        int bound = runtime.config().maxAttributes();
        // Both counted twice at worst; only near the bound is it worth counting exactly.
        SessionRecord record = base();
        int most =
                slots().size() + (record == null ? 0 : record.attributeNames().size());
        if (most >= bound && !isSet(name) && names().size() >= bound) {
            throw new IllegalArgumentException("Attribute \"" + name + "\" would be one more than the "
                    + bound
                    + " that a session may have; raise genie.session.max-attributes or keep related values in"
                    + " one attribute");
        }
    }

    /** An estimate decides in nearly all cases; only near the bound is each attribute looked at. */
    final void checkSize(String name, Object value, int length) {
        long bound = runtime.config().maxSessionSize();
        SessionRecord record = base();
        long estimate = length + (record == null ? 0 : record.info().size());
        for (Slot slot : slots().values()) {
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
                Slot slot = slots().get(other);
                byte[] bytes = slot != null ? slot.bytes : storedBytes(other);
                size += bytes == null ? 0 : bytes.length;
            }
        }
        return size;
    }

    private byte @Nullable [] storedBytes(String name) {
        SessionRecord record = base();
        AttributeValue stored = record == null ? null : record.attribute(name).orElse(null);
        return stored == null ? null : stored.encoded();
    }

    // ---- what matters only to a view that several requests share

    /** Whether other requests may change what this one sees. */
    boolean isShared() {
        return false;
    }

    /**
     * Notices what is to be stored and waits for its turn, if there is anything: nobody who shares this view stores anything
     * until {@link #endTurn}.
     *
     * @param always whether there is something to store beside attributes
     */
    void beginStoring(boolean always) {}

    /** Waits until nobody who shares this view is storing anything. */
    void takeTurn() {}

    /** Quiet if the turn is over already, as it is once changes are stored. */
    void endTurn() {}

    /** Sends the changes of this request to the store. */
    PersistResult persist(SessionRecord from, SessionChanges changes) {
        return runtime.adapter().persist(from, changes);
    }

    /** The request will store its changes with a new id, for the sake of safety, or no longer will. */
    void setRenewing(boolean renewing) {}

    /** Whether the session has ended by another request's doing. */
    boolean hasEnded() {
        return false;
    }

    /** The session has ended, and whoever shares this view sees that at once. */
    void end() {}

    /** Whether another request's end of the session has taken changes with it; true once. */
    boolean losesChanges() {
        return false;
    }

    /** The request is over. */
    void leave() {}
}
