package io.geniesession;

import org.jspecify.annotations.Nullable;

/** One attribute of a {@link SharedView}. Immutable, but for the object: a change is another slot. */
final class SharedSlot extends Attributes.Slot {
    /** Whose change it is while it is pending; null if it is nobody's. */
    final @Nullable SharedAttributes owner;

    /** When the bytes were made: later ones of the same object have a higher number. */
    final long ticket;

    SharedSlot(
            @Nullable Object value,
            byte @Nullable [] bytes,
            boolean pending,
            @Nullable SharedAttributes owner,
            long ticket) {
        super(value, bytes, pending);
        this.owner = owner;
        this.ticket = ticket;
    }

    /** An attribute as the store has it. */
    static SharedSlot stored(@Nullable Object value, byte @Nullable [] bytes, long ticket) {
        return new SharedSlot(value, bytes, false, null, ticket);
    }

    /** Whether this stands for the same state of the same object, or for the same removal. */
    @SuppressWarnings("ReferenceEquality") // The very object, and the very bytes that were made of it.
    boolean isStateOf(@Nullable SharedSlot other) {
        return other != null && value == other.value && bytes == other.bytes && pending == other.pending;
    }

    SharedSlot stored() {
        return stored(value, bytes, ticket);
    }

    SharedSlot withBytesOf(@Nullable SharedSlot later) {
        return later == null ? this : new SharedSlot(value, later.bytes, pending, owner, later.ticket);
    }

    SharedSlot madeAt(long newTicket) {
        return new SharedSlot(value, bytes, pending, owner, newTicket);
    }
}
