package io.geniesession.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Decides which sessions have to go when there are too many. It chooses; the adapter ends what was chosen.
 *
 * <p>Sessions with a principal and anonymous ones stand in two Caffeine caches. The former may fill the whole store; the
 * latter have what the former leave, so they go first. Within a kind, Caffeine's policy prefers what is used often and
 * lately: a flood of visitors who never come back does not push out those who do.
 *
 * <p>Safe for use by several threads. Takes no other lock while Caffeine holds one, so it may be called with a slot's
 * monitor held.
 */
final class Bound {
    private final long max;
    private final Queue<Slot> surplus = new ConcurrentLinkedQueue<>();
    private final Cache<Slot, Boolean> known;
    private final Cache<Slot, Boolean> anonymous;
    private final Policy.Eviction<Slot, Boolean> anonymousShare;

    /** Whether it may matter which sessions are used. */
    private volatile boolean halfFull;

    Bound(long max) {
        this.max = max;
        known = cache();
        anonymous = cache();
        anonymousShare = anonymous.policy().eviction().orElseThrow();
    }

    private Cache<Slot, Boolean> cache() {
        // The caller's thread does the policy's work, so that the adapter has no thread and the bound holds at once.
        return Caffeine.newBuilder()
                .maximumSize(max)
                .executor(Runnable::run)
                .<Slot, Boolean>removalListener((slot, held, cause) -> choose(slot, cause))
                .build();
    }

    private void choose(@Nullable Slot slot, RemovalCause cause) {
        if (slot != null && cause == RemovalCause.SIZE) {
            surplus.add(slot);
        }
    }

    /** Counts a session that is new, or has got or lost its principal. */
    void hold(Slot slot, boolean hasPrincipal) {
        if (hasPrincipal) {
            anonymous.invalidate(slot);
            known.put(slot, true);
            share();
        } else {
            known.invalidate(slot);
            share();
            anonymous.put(slot, true);
        }
        if (!halfFull && known.estimatedSize() + anonymous.estimatedSize() >= max / 2) {
            halfFull = true;
        }
    }

    /** Gives the anonymous sessions what the others leave; only in a full store, because each change of the share costs. */
    private synchronized void share() {
        long share = anonymousShare.getMaximum();
        long left = Math.max(0, max - known.estimatedSize());
        if (left != share && anonymous.estimatedSize() + 1 >= Math.min(left, share)) {
            anonymousShare.setMaximum(left);
        }
    }

    /** Counts a session no longer. */
    void drop(Slot slot) {
        anonymous.invalidate(slot);
        known.invalidate(slot);
    }

    /** Remembers that the session was used; in a store that was never half full Caffeine remembers it neither. */
    void use(Slot slot, boolean hasPrincipal) {
        if (halfFull) {
            var unused = (hasPrincipal ? known : anonymous).getIfPresent(slot);
        }
    }

    /** Returns the next session that has to go, unless it has been counted anew since it was chosen. */
    @Nullable
    Slot nextSurplus() {
        // Caffeine leaves it to the next caller to count what came while another one was at it; there may be none for
        // long.
        if (known.estimatedSize() + anonymous.estimatedSize() > max) {
            known.cleanUp();
            anonymous.cleanUp();
        }
        Slot slot = surplus.poll();
        while (slot != null
                && (anonymous.asMap().containsKey(slot) || known.asMap().containsKey(slot))) {
            slot = surplus.poll();
        }
        return slot;
    }
}
