package io.geniesession.memory;

import io.geniesession.SessionKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The place of one session, from its creation to its end. Readers take {@link #record} as it is; whoever changes anything
 * holds the slot's monitor, and changes the record last of all that adds and first of all that removes.
 *
 * <p>Safe for use by several threads.
 */
final class Slot {
    final SessionKey key;

    /** The session as it is now; null before it is completely created and after its end. Written under this monitor. */
    volatile @Nullable MemoryRecord record;

    /** Where the session stands in the queue of the sweep; null if nowhere. Guarded by this monitor. */
    @Nullable
    Due due;

    Slot(SessionKey key) {
        this.key = key;
    }

    /** A place in the queue of the sweep: at or before the instant at which the session expires. Immutable. */
    record Due(Instant at, SessionKey key) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int order = at.compareTo(other.at);
            return order != 0 ? order : key.compareTo(other.key);
        }
    }
}
