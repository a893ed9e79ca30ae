package io.geniesession;

import static java.util.Objects.requireNonNull;

import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One request's part in a {@link SharedView}. It remembers which attributes the request has had in its hands: their changes are
 * what it stores, whoever made them, so that nobody builds on something that is not stored and nobody stores half of what
 * another request is doing. Not thread-safe; {@link LiveSession} guards it.
 */
@SuppressWarnings("ReferenceEquality") // A record is known or another one, whatever it holds.
final class SharedAttributes extends Attributes {
    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());

    /** How often bytes are made of an object that other threads change, with pauses of 1, 2, 4 … ms between. */
    private static final int ATTEMPTS = 7;

    private final SharedView view;
    private final Set<String> touched = new HashSet<>();

    /** The record below as this request loaded it or has gone on from: another one means that others have stored something. */
    private @Nullable SessionRecord known;

    /** The session's id as this request knows it, which guards its renewal. */
    private @Nullable String knownId;

    /** What an atomic update has read. */
    private @Nullable SharedSlot lastRead;

    /** The ticket of the value that was encoded last. */
    private long encodedAt;

    private Map<String, SharedSlot> sent = Map.of();
    private boolean left;

    /** Read by other requests. */
    private volatile boolean renewing;

    SharedAttributes(SessionRuntime runtime, SharedView view) {
        super(runtime, null);
        this.view = view;
        SessionRecord base = view.base();
        this.known = base;
        this.knownId = base == null ? null : base.info().publicId();
    }

    @Override
    boolean isShared() {
        return true;
    }

    @Override
    Map<String, SharedSlot> slots() {
        return view.slots();
    }

    @Override
    @Nullable
    SessionRecord base() {
        return view.base();
    }

    // ---- attributes

    @Override
    @Nullable
    Object get(String name) {
        touched.add(name);
        while (true) {
            SharedSlot present = view.slot(name);
            lastRead = present;
            if (present != null) {
                return present.value;
            }
            SessionRecord from = view.base();
            AttributeValue stored = from == null ? null : from.attribute(name).orElse(null);
            if (from == null || stored == null) {
                return null;
            }
            if (byReference()) {
                return objectOf(name, stored, from);
            }
            // All requests get the object of the one that was first.
            Attributes.Slot read = decode(name, stored, from);
            view.offer(name, SharedSlot.stored(read.value, read.bytes, 0), from);
        }
    }

    @Override
    @Nullable
    Object read(String name, SessionRecord record) {
        touched.add(name);
        lastRead = view.slot(name);
        return super.read(name, record);
    }

    @Override
    void set(String name, Object value) {
        checkName(name);
        if (isAsStored(view.slot(name), name, value)) {
            touched.add(name);
            return;
        }
        checkCount(name);
        byte[] bytes = encode(name, value);
        put(name, new SharedSlot(value, bytes, true, this, encodedAt));
    }

    @Override
    byte @Nullable [] encode(String name, Object value) {
        long ticket = view.ticket();
        byte[] bytes = super.encode(name, value);
        encodedAt = ticket;
        return bytes;
    }

    @Override
    void unset(String name) {
        if (isSet(name) || isInBase(name)) {
            put(name, new SharedSlot(null, null, true, this, view.ticket()));
        }
    }

    private void put(String name, SharedSlot slot) {
        touched.add(name);
        while (!view.replace(name, view.slot(name), slot)) {
            Thread.onSpinWait();
        }
    }

    @Override
    @Nullable
    Object exchange(String name, @Nullable Object value) {
        if (value != null) {
            checkName(name);
            if (isAsStored(view.slot(name), name, value)) {
                touched.add(name);
                return value;
            }
            checkCount(name);
        }
        byte[] bytes = value == null ? null : encode(name, value);
        SharedSlot slot = new SharedSlot(value, bytes, true, this, encodedAt);
        while (true) {
            Object old = getIfReadable(name);
            boolean absent = value == null && !isSet(name) && !isInBase(name);
            if (absent || view.replace(name, lastRead, slot)) {
                return old;
            }
        }
    }

    /** Makes the bytes of a value that other requests may be changing; their locks, if they have any, are not known here. */
    @Override
    byte[] bytesOf(String name, Object value) {
        for (int attempt = 1; true; attempt++) {
            try {
                return super.bytesOf(name, value);
            } catch (SessionCodecException e) {
                // What is refused has no cause; what fails while it is changed may fail in any way.
                if (attempt == ATTEMPTS || e.getCause() == null) {
                    throw e;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1L << (attempt - 1)));
        }
    }

    // ---- storing

    @Override
    void beginStoring(boolean always) {
        if (!byReference()) {
            for (String name : touched) {
                SharedSlot slot = view.slot(name);
                if (slot != null) {
                    noticeChangeInPlace(name, slot);
                }
            }
        }
        if (always || touched.stream().anyMatch(name -> isMineToStore(view.slot(name)))) {
            view.takeTurn();
        }
    }

    /**
     * Makes an object's bytes anew, in no lock of ours, because that may take locks of the application.
     *
     * @return false if that was not possible, because others are changing it
     */
    boolean noticeChangeInPlace(String name, SharedSlot slot) {
        Object value = slot.value;
        byte[] last = slot.bytes;
        if (value == null || last == null || !codec().canChangeInPlace(value)) {
            return true;
        }
        long ticket = view.ticket();
        try {
            byte[] changed = changedInPlace(name, value, last);
            boolean differs = changed != null;
            view.encodedAgain(name, slot, new SharedSlot(value, differs ? changed : last, differs, this, ticket));
            return true;
        } catch (SessionCodecException e) {
            if (!SanitizedCause.hasType(e.getCause(), ConcurrentModificationException.class)) {
                throw e;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Attribute \"" + name
                            + "\" is changed all the time by other requests that share it, and is left to them"
                            + " to store; use a concurrent collection, or one that locks itself while it is written");
            return false;
        }
    }

    /** A change that is to come with another request's new id must not come without it. */
    private boolean isMineToStore(@Nullable SharedSlot slot) {
        return slot != null && slot.pending && (slot.owner == null || slot.owner == this || !slot.owner.renewing);
    }

    @Override
    Changes changes(SessionKey session) {
        sent = new HashMap<>();
        if (!view.isInTurn()) {
            return Changes.NONE;
        }
        Map<String, AttributeValue> set = Map.of();
        Set<String> removed = new HashSet<>();
        for (String name : touched) {
            SharedSlot slot = view.slot(name);
            if (slot == null || !isMineToStore(slot)) {
                continue;
            }
            sent.put(name, slot);
            if (slot.value == null) {
                removed.add(name);
            } else {
                set = with(set, name, value(session, name, slot.value, slot.bytes));
            }
        }
        return new Changes(set, removed);
    }

    private AttributeValue value(SessionKey session, String name, Object value, byte @Nullable [] bytes) {
        return bytes == null ? LiveValue.ofObject(value) : sealed(session, name, bytes);
    }

    /** Others that have stored something meanwhile share this view, and are others all the same. */
    @Override
    PersistResult persist(SessionRecord from, SessionChanges changes) {
        boolean overtaken = changes.strict() && known != from;
        boolean renamed =
                changes.renewal().isPresent() && !from.info().publicId().equals(knownId);
        return overtaken || renamed ? new PersistResult.Conflict() : super.persist(from, changes);
    }

    @Override
    void stored(SessionRecord next) {
        SessionRecord from = view.base();
        view.stored(sent, next);
        sent = Map.of();
        follow(from, next);
        setRenewing(false);
        if (from == null) {
            view.publish(next.info().key());
        }
        view.endTurn();
    }

    /** This request has brought the session from one record to the next. */
    private void follow(@Nullable SessionRecord from, SessionRecord next) {
        if (known == from) {
            known = next;
        }
        if (from == null || from.info().publicId().equals(knownId)) {
            knownId = next.info().publicId();
        }
    }

    @Override
    void takeTurn() {
        view.takeTurn();
    }

    @Override
    void endTurn() {
        view.endTurn();
    }

    @Override
    void stored(String name, @Nullable Object value, byte @Nullable [] bytes, @Nullable SessionRecord next) {
        SessionRecord from = view.base();
        view.updated(name, lastRead, SharedSlot.stored(value, bytes, encodedAt), next);
        if (next != null) {
            follow(from, next);
        }
    }

    /** Ends the turn, because what others have stored is compared with bytes that are made in no lock. */
    @Override
    void goOnFrom(SessionRecord record) {
        endTurn();
        if (view.base() == null) {
            view.stored(Map.of(), record);
            view.publish(record.info().key());
        } else {
            view.catchUp(record, runtime().now());
        }
        known = requireNonNull(view.base());
        knownId = known.info().publicId();
    }

    /** Others keep what they have changed. */
    @Override
    void drop() {
        view.drop(this);
        touched.clear();
        setRenewing(false);
        view.endTurn();
    }

    @Override
    void setRenewing(boolean now) {
        if (renewing != now) {
            renewing = now;
            view.renews(now ? 1 : -1);
        }
    }

    // ---- the end

    @Override
    boolean hasEnded() {
        return view.hasEnded();
    }

    @Override
    void end() {
        view.drop(this);
        view.end();
        view.endTurn();
    }

    @Override
    boolean losesChanges() {
        return view.hasEnded() && view.drop(this);
    }

    /** What was to come with a new id does not come at all if that was never stored. */
    @Override
    void leave() {
        if (left) {
            return;
        }
        left = true;
        if (renewing) {
            view.drop(this);
            setRenewing(false);
        }
        view.leave();
    }
}
