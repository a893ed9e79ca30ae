package io.geniesession.jdbc;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps requests from queueing for a database that does not answer.
 *
 * <ol>
 *   <li>It opens when a caller got no connection, and nobody got an answer from the database since that caller began to wait.
 *       A pool that is busy with a database that answers opens nothing, however long callers wait.
 *   <li>While it is open, callers are refused at once, but for one after each pause: the <em>probe</em>, which tries as usual.
 *   <li>The first answer to anybody closes it. A probe that gets none begins the next pause, and one that does not return at
 *       all is given up after a while, so that no hanging call keeps it open.
 * </ol>
 *
 * <p>Safe for use by several threads.
 */
final class CircuitBreaker {

    /** Short for a visitor, and long beside the time in which a thousand requests find out the same. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** Longer than any call may take with the settings' defaults. */
    static final Duration LOST = Duration.ofSeconds(30);

    /** Hears of the outage, under the lock and therefore in order. */
    interface Observer {

        /** Nobody gets an answer any more; {@code code} is the SQLSTATE, empty if there is none. */
        void opened(String code);

        /** The database answers again. */
        void closed(Duration after);
    }

    /** An outage: since when, what it looked like, who finds out and when the next one may. Times as {@link System#nanoTime()}. */
    private record Outage(long since, String code, long probe, long nextProbe) {}

    private final LongSupplier ticker;
    private final Observer observer;
    private final ReentrantLock lock = new ReentrantLock();

    /** Null while the breaker is closed. Written under the lock. */
    private volatile @Nullable Outage outage;

    /** When the database answered last. */
    private volatile long answered;

    /** @param ticker nanoseconds since whenever, as {@link System#nanoTime()} tells them */
    CircuitBreaker(LongSupplier ticker, Observer observer) {
        this.ticker = ticker;
        this.observer = observer;
        this.answered = ticker.getAsLong() - 1;
    }

    /** Returns the moment from which on a caller waits; it hands that back with its outcome. */
    long now() {
        return ticker.getAsLong();
    }

    /** Tells whether a caller may try. */
    boolean admits(long now) {
        Outage current = outage;
        return current == null || (now - current.nextProbe >= 0 && becomesProbe(now));
    }

    private boolean becomesProbe(long now) {
        lock.lock();
        try {
            Outage current = outage;
            if (current == null) {
                return true;
            }
            if (now - current.nextProbe < 0) {
                return false;
            }
            outage = new Outage(current.since, current.code, now, now + LOST.toNanos());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the SQLSTATE with which the present outage was noticed, or an empty text. */
    String code() {
        Outage current = outage;
        return current == null ? "" : current.code;
    }

    /** The database has answered somebody, no matter what. */
    void answered() {
        answered = ticker.getAsLong();
        if (outage != null) {
            close();
        }
    }

    private void close() {
        lock.lock();
        try {
            Outage current = outage;
            if (current != null) {
                outage = null;
                observer.closed(Duration.ofNanos(ticker.getAsLong() - current.since));
            }
        } finally {
            lock.unlock();
        }
    }

    /** A caller that was let through at one time and waited since another got no connection. */
    void failed(long admitted, long since, String code) {
        lock.lock();
        try {
            if (outage != null) {
                pauseAfter(admitted);
            } else if (answered - since < 0) {
                outage = new Outage(since, code, admitted, ticker.getAsLong() + PAUSE.toNanos());
                observer.opened(code);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A caller that was let through then has found out nothing: it was interrupted, or lost its connection again. */
    void gaveUp(long admitted) {
        if (outage == null) {
            return;
        }
        lock.lock();
        try {
            pauseAfter(admitted);
        } finally {
            lock.unlock();
        }
    }

    /** If that caller was the probe, another one may be it after a pause. */
    private void pauseAfter(long admitted) {
        Outage current = outage;
        if (current != null && current.probe == admitted) {
            outage = new Outage(current.since, current.code, admitted, ticker.getAsLong() + PAUSE.toNanos());
        }
    }

    /** Returns an observer that tells nobody. */
    static Observer unobserved() {
        return new Observer() {
            @Override
            public void opened(String code) {}

            @Override
            public void closed(Duration after) {}
        };
    }
}
