package io.geniesession;

import static java.util.Objects.requireNonNull;

import io.geniesession.spi.SessionRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the requests of one node that use one session at the same time have in common: its attributes, as objects, and the
 * record below them.
 *
 * <p>Strategy, in two locks:
 *
 * <ul>
 *   <li>{@link #change} is held for a few steps in memory. Nothing of the application runs and no store is called under it:
 *       values are encoded and decoded outside, because that takes their own locks, which another thread may hold while it
 *       waits here. An attribute is an immutable {@link SharedSlot} that is replaced as a whole. Whoever encodes an object draws a
 *       ticket first, and bytes give way to those with a later one: these were made when the object was further on.
 *   <li>The turn is held while the store is called with changes, so that two requests cannot store one attribute in another
 *       order than the view has it. The record below changes in a turn only. Whoever waits for its turn gives up in time.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
@SuppressWarnings("ReferenceEquality") // The very objects, bytes and records count here, not equal ones.
final class SharedView {
    private final SessionRuntime runtime;
    private final SharedViews views;
    private final ConcurrentHashMap<String, SharedSlot> slots = new ConcurrentHashMap<>();
    private final ReentrantLock change = new ReentrantLock();
    private final ReentrantLock turn = new ReentrantLock(true);
    private final AtomicLong tickets = new AtomicLong();

    /** How many of the requests have a new id pending. */
    private final AtomicInteger renewing = new AtomicInteger();

    private volatile boolean ended;
    private volatile boolean hasStored;

    /** Null while the session is not stored. Changed in a turn, under the lock. */
    private volatile @Nullable SessionRecord base;

    /** Whether base and slots together are all that was stored up to the base's version. Changed as the base is. */
    private volatile boolean complete = true;

    SharedView(SessionRuntime runtime, SharedViews views, @Nullable SessionRecord base) {
        this.runtime = runtime;
        this.views = views;
        this.base = base;
    }

    /** The session is stored, so that others can come with its id. */
    void publish(SessionKey key) {
        views.publish(this, key);
    }

    /** One request less has this view. */
    void leave() {
        SessionRecord last = base;
        if (last != null) {
            views.leave(this, last.info().key());
        }
    }

    Map<String, SharedSlot> slots() {
        return slots;
    }

    @Nullable
    SharedSlot slot(String name) {
        return slots.get(name);
    }

    @Nullable
    SessionRecord base() {
        return base;
    }

    long ticket() {
        return tickets.incrementAndGet();
    }

    boolean hasEnded() {
        return ended;
    }

    /** Whether any of the requests has stored anything. */
    boolean hasStored() {
        return hasStored;
    }

    void end() {
        ended = true;
    }

    void renews(int more) {
        renewing.addAndGet(more);
    }

    /**
     * Whether a request that has just loaded this record may join. One that came with an id which is being given up, or has
     * been since, must not see what belongs under the new one.
     */
    boolean admits(SessionRecord loaded) {
        SessionRecord present = requireNonNull(base);
        boolean givenUp = present.info().version() > loaded.info().version()
                && !present.info().publicId().equals(loaded.info().publicId());
        return renewing.get() == 0 && !givenUp;
    }

    // ---- attributes

    /** Adds what was read from a record, unless somebody was faster or the record is no longer the one below. */
    void offer(String name, SharedSlot read, SessionRecord from) {
        change.lock();
        try {
            if (base == from) {
                slots.putIfAbsent(name, read);
            }
        } finally {
            change.unlock();
        }
    }

    /**
     * Sets or removes an attribute.
     *
     * @param seen what is to be replaced, or null if nothing that was touched
     * @return false if it is not there any more, and nothing has changed
     */
    boolean replace(String name, @Nullable SharedSlot seen, SharedSlot next) {
        change.lock();
        try {
            SharedSlot present = slots.get(name);
            if (present != seen) {
                return false;
            }
            boolean isOlder = present != null && present.value == next.value && present.ticket > next.ticket;
            slots.put(name, isOlder ? next.withBytesOf(present) : next);
            return true;
        } finally {
            change.unlock();
        }
    }

    /**
     * An object was encoded again, and these bytes count unless later ones were made.
     *
     * @param seen the state that they were compared with
     * @param next with the new bytes and pending, or with those it had and not
     */
    void encodedAgain(String name, SharedSlot seen, SharedSlot next) {
        change.lock();
        try {
            SharedSlot present = slots.get(name);
            if (present == null || present.value != seen.value || present.ticket >= next.ticket) {
                return;
            }
            boolean same = !next.pending && present.bytes == seen.bytes;
            if (same || Arrays.equals(present.bytes, next.bytes)) {
                slots.put(name, present.madeAt(next.ticket));
            } else {
                // Also if the bytes are those of the state seen: others may have stored theirs since.
                SharedAttributes owner = present.pending ? present.owner : next.owner;
                slots.put(name, new SharedSlot(next.value, next.bytes, true, owner, next.ticket));
            }
        } finally {
            change.unlock();
        }
    }

    /** Takes back what a request has set and not stored; returns whether there was anything. */
    boolean drop(SharedAttributes owner) {
        change.lock();
        try {
            return slots.values().removeIf(slot -> slot.owner == owner);
        } finally {
            change.unlock();
        }
    }

    // ---- turns

    /** Waits for this thread's turn to call the store. */
    void takeTurn() {
        // Without a timeout, the lock would be had out of turn.
        if (turn.isHeldByCurrentThread() || (!turn.hasQueuedThreads() && turn.tryLock())) {
            return;
        }
        long deadline = runtime.config().updateDeadline().toNanos();
        try {
            if (turn.tryLock(deadline, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionStoreException(
                    "The request was interrupted while another one stored the session; nothing was stored",
                    null,
                    false,
                    null);
        }
        throw new SessionStoreException(
                "Other requests of this node took longer than "
                        + runtime.config().updateDeadline().toMillis()
                        + " ms to store the session that they share; nothing was stored. The setting"
                        + " genie.session.update-deadline is the bound",
                null,
                false,
                null);
    }

    /** Quiet if it is not this thread's turn. */
    void endTurn() {
        if (turn.isHeldByCurrentThread()) {
            turn.unlock();
        }
    }

    boolean isInTurn() {
        return turn.isHeldByCurrentThread();
    }

    /** What was sent in this turn is stored, on top of the record below. Whatever changed meanwhile is pending still. */
    void stored(Map<String, SharedSlot> sent, SessionRecord next) {
        change.lock();
        try {
            hasStored = true;
            sent.forEach((name, slot) -> slots.computeIfPresent(
                    name, (same, present) -> present.isStateOf(slot) ? present.stored() : present));
            goOnFrom(next);
        } finally {
            change.unlock();
        }
    }

    /** An atomic update has stored an attribute in this turn; {@code next} is null if it was not on top of the record below. */
    void updated(String name, @Nullable SharedSlot seen, SharedSlot stored, @Nullable SessionRecord next) {
        change.lock();
        try {
            hasStored = true;
            slots.compute(name, (same, present) -> {
                boolean setMeanwhile = present != null && present != seen && present.pending;
                return setMeanwhile && !present.isStateOf(seen) ? present : stored;
            });
            if (next != null) {
                goOnFrom(next);
            }
        } finally {
            change.unlock();
        }
    }

    private void goOnFrom(SessionRecord next) {
        SessionRecord last = base;
        // Who was stored between leaves its mark in the version and need not be in the record.
        complete = last == null
                || (complete && next.info().version() == last.info().version() + 1);
        base = next;
    }

    // ---- what other nodes have stored

    /**
     * Takes in what was stored elsewhere, as a request has just loaded it.
     *
     * @return false if the session has ended
     */
    boolean catchUp(SessionRecord loaded, Instant now) {
        SessionRecord newest = loaded;
        Merge merge = new Merge();
        while (!ended && newest != null && !isPartOfThis(newest)) {
            merge.examine(newest);
            takeTurn();
            try {
                if (isPartOfThis(newest)) {
                    break;
                }
                if (base != null && newest.info().version() < base.info().version()) {
                    // This node has stored something since, on top of what it does not know.
                    newest = runtime.adapter().reload(newest.info().key(), now).orElse(null);
                } else if (merge.into(newest)) {
                    break;
                }
            } finally {
                endTurn();
            }
        }
        return !ended && newest != null;
    }

    private boolean isPartOfThis(SessionRecord loaded) {
        SessionRecord present = base;
        return present != null
                && complete
                && loaded.info().version() <= present.info().version();
    }

    /** Lets stored values take the place of objects that were not changed. */
    private final class Merge {
        private final SharedAttributes nobody = new SharedAttributes(runtime, SharedView.this);
        private final Map<String, SharedSlot> unchanged = new HashMap<>();
        private final Map<String, SharedSlot> unclear = new HashMap<>();

        /** The bytes of the attributes that were touched, as the record that was examined last has them, decrypted. */
        private final Map<String, byte[]> opened = new HashMap<>();

        /** An object that was changed in place must not be lost to the stored one: it counts as changed from here on. */
        void examine(SessionRecord loaded) {
            opened.clear();
            if (!runtime.keepsReferences()) {
                slots.keySet().forEach(name -> open(name, loaded));
            }
            differing().forEach((name, slot) -> (isExamined(name, slot) ? unchanged : unclear).put(name, slot));
        }

        private void open(String name, SessionRecord loaded) {
            try {
                loaded.attribute(name).ifPresent(stored -> opened.put(name, nobody.opened(name, stored, loaded)));
            } catch (SessionCodecException e) {
                // What does not decrypt differs from what this view has, and those who ask for it are told.
            }
        }

        /** The attributes that look different in the record and that this view has not changed as far as it knows. */
        private Map<String, SharedSlot> differing() {
            Map<String, SharedSlot> differing = new HashMap<>();
            slots.forEach((name, slot) -> {
                byte[] stored = opened.get(name);
                boolean isStored = slot.bytes != null && stored != null && Arrays.equals(slot.bytes, stored);
                if (!slot.pending && !isStored) {
                    differing.put(name, slot);
                }
            });
            return differing;
        }

        /** What cannot be encoded now has been changed, and concerns those who did it. */
        private boolean isExamined(String name, SharedSlot slot) {
            try {
                return nobody.noticeChangeInPlace(name, slot);
            } catch (SessionCodecException e) {
                return false;
            }
        }

        /** Goes on from the record that was examined. Returns false if there is more to be examined first. */
        boolean into(SessionRecord loaded) {
            change.lock();
            try {
                Map<String, SharedSlot> differing = differing();
                differing.entrySet().removeIf(entry -> entry.getValue().isStateOf(unclear.get(entry.getKey())));
                if (!differing.entrySet().stream()
                        .allMatch(entry -> entry.getValue().isStateOf(unchanged.get(entry.getKey())))) {
                    return false;
                }
                slots.keySet().removeAll(differing.keySet());
                base = loaded;
                complete = true;
                return true;
            } finally {
                change.unlock();
            }
        }
    }
}
