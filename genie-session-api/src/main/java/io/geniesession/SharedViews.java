package io.geniesession;

import io.geniesession.spi.SessionRecord;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The views that requests of this node share, one for each session that a request is using right now.
 *
 * <p>A view is counted in and out, and forgotten when the last of its requests leaves. The table does not hold it, so one whose
 * requests never say that they are over goes with them. Safe for use by several threads.
 */
final class SharedViews {
    private static final int PLACES = 4_096;

    private final SessionRuntime runtime;
    private final ConcurrentHashMap<SessionKey, Entry> entries = new ConcurrentHashMap<>();
    private final ReferenceQueue<SharedView> abandoned = new ReferenceQueue<>();

    /** When a view that has stored something was forgotten last, in nanoseconds, of all sessions that fall on one place. */
    private final AtomicLongArray departures = new AtomicLongArray(PLACES);

    /** A view in use. The number of its requests is guarded by the table's lock of its key. */
    private static final class Entry extends WeakReference<SharedView> {
        final SessionKey key;
        int requests = 1;

        Entry(SessionKey key, SharedView view, ReferenceQueue<SharedView> abandoned) {
            super(view, abandoned);
            this.key = key;
        }
    }

    SharedViews(SessionRuntime runtime) {
        this.runtime = runtime;
    }

    /** Returns the view of a session that begins, which nobody can share before it is stored. */
    SharedAttributes begin() {
        return new SharedAttributes(runtime, new SharedView(runtime, this, null));
    }

    /**
     * Lets a request share what others of its session have, or begin it.
     *
     * @param loaded the session as the request has just loaded it
     * @param began when it began to load, of {@link System#nanoTime}
     * @param now the access of the request
     * @return null if a request of this node has ended the session since
     * @throws SessionStoreException if the store had to be asked once more and could not be
     */
    @Nullable
    SharedAttributes join(SessionRecord loaded, long began, Instant now) {
        forgetAbandoned();
        SharedView view = enter(loaded);
        boolean joined = false;
        try {
            SessionRecord newest = newest(loaded, began, now);
            joined = newest != null && view.catchUp(newest, now);
            return joined ? new SharedAttributes(runtime, view) : null;
        } finally {
            if (!joined) {
                leave(view, loaded.info().key());
            }
        }
    }

    /** The last request of a view may have stored something and left while this one was loading: they have overlapped. */
    private @Nullable SessionRecord newest(SessionRecord loaded, long began, Instant now) {
        SessionKey key = loaded.info().key();
        long departed = departures.get(place(key));
        boolean overlapped = departed != 0 && departed - began >= 0;
        return overlapped ? runtime.adapter().reload(key, now).orElse(null) : loaded;
    }

    private static int place(SessionKey key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (PLACES - 1);
    }

    private SharedView enter(SessionRecord loaded) {
        SharedView own = new SharedView(runtime, this, loaded);
        SharedView[] entered = {own};
        entries.compute(loaded.info().key(), (key, entry) -> {
            SharedView present = entry == null ? null : entry.get();
            if (entry == null || present == null) {
                return new Entry(key, own, abandoned);
            }
            if (present.admits(loaded)) {
                entry.requests++;
                entered[0] = present;
            }
            return entry;
        });
        return entered[0];
    }

    /** A session that began in this view is stored, so that other requests can come with its id. */
    void publish(SharedView view, SessionKey key) {
        entries.computeIfAbsent(key, absent -> new Entry(absent, view, abandoned));
    }

    /** One request less uses the view. */
    @SuppressWarnings("ReferenceEquality") // The very view, not another one of the session.
    void leave(SharedView view, SessionKey key) {
        entries.computeIfPresent(key, (present, entry) -> {
            if (entry.get() != view) {
                return entry;
            }
            entry.requests--;
            if (entry.requests > 0) {
                return entry;
            }
            if (view.hasStored()) {
                departures.set(place(key), System.nanoTime() | 1);
            }
            return null;
        });
    }

    /** The session was ended on this node; its requests see that at once. */
    void ended(SessionKey key) {
        Entry entry = entries.get(key);
        SharedView view = entry == null ? null : entry.get();
        if (view != null) {
            view.end();
        }
    }

    private void forgetAbandoned() {
        for (Object entry = abandoned.poll(); entry != null; entry = abandoned.poll()) {
            entries.remove(((Entry) entry).key, entry);
        }
    }

    /** How many sessions have a view in use. */
    int size() {
        forgetAbandoned();
        return entries.size();
    }
}
