package io.geniesession.servlet;

import io.geniesession.SessionStoreException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Logs that the store does not answer, but not for each of the thousand requests that find out in a second. Safe for use by
 * several threads.
 */
final class OutageLog {

    private static final System.Logger LOG = System.getLogger(SessionFilter.class.getName());
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(5);

    private final AtomicLong next = new AtomicLong(System.nanoTime());
    private final AtomicInteger silent = new AtomicInteger();

    void warn(String consequence, SessionStoreException failure) {
        long now = System.nanoTime();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + INTERVAL)) {
            silent.incrementAndGet();
            LOG.log(System.Logger.Level.DEBUG, consequence, failure);
            return;
        }
        int others = silent.getAndSet(0);
        LOG.log(
                System.Logger.Level.WARNING,
                "The session store does not answer; " + consequence
                        + (others == 0 ? "" : " (" + others + " more since the last such line)"),
                failure);
    }
}
