package io.geniesession.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets the changes to an embedded file follow one another, in the order in which they came, so that what is written to the file is
 * never a part of a change that is still going on. Elsewhere everybody may go at once.
 *
 * <p>Covers all adapters of the process: nobody else has the file open. Safe for use by several threads.
 */
final class Turns {

    /** By the path of the file, for adapters that have it in common. */
    private static final Map<String, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final @Nullable ReentrantLock lock;

    private Turns(@Nullable ReentrantLock lock) {
        this.lock = lock;
    }

    static Turns unneeded() {
        return new Turns(null);
    }

    static Turns at(String path) {
        return new Turns(LOCKS.computeIfAbsent(path, file -> new ReentrantLock(true)));
    }

    /** Waits for one's turn, at most so long. */
    void await(Duration patience) throws SQLException {
        // If nobody waits, an interrupted thread may go as well, as it may take an idle connection.
        if (lock == null || (!lock.hasQueuedThreads() && lock.tryLock())) {
            return;
        }
        try {
            if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SQLTransientConnectionException("the changes before this one take too long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted", e);
        }
    }

    /** Lets the next one go. */
    void end() {
        if (lock != null) {
            lock.unlock();
        }
    }
}
