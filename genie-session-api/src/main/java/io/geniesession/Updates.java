package io.geniesession;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs atomic updates: those of one node queue fairly per session, so that they do not conflict with each other; against other
 * nodes each attempt is optimistic, and a conflict is followed by a pause of random length.
 *
 * <p>Sessions share a fixed number of queues, which costs two sessions an occasional wait and never correctness. An update
 * inside another's function could make two queues wait for each other; the deadline ends that. Safe for use by several threads.
 */
final class Updates {
    private static final int QUEUES = 256;
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(64);

    private final ReentrantLock[] queues = new ReentrantLock[QUEUES];
    private final long deadlineNanos;

    Updates(Duration deadline) {
        deadlineNanos = deadline.toNanos();
        for (int i = 0; i < QUEUES; i++) {
            queues[i] = new ReentrantLock(true);
        }
    }

    /**
     * Repeats an attempt until it has a result.
     *
     * @param key the session
     * @param attempt answers null after a conflict
     */
    <T> T run(SessionKey key, Supplier<@Nullable T> attempt) {
        long start = System.nanoTime();
        ReentrantLock queue = queues[key.hashCode() & QUEUES - 1];
        try {
            if (!queue.tryLock(deadlineNanos, TimeUnit.NANOSECONDS)) {
                throw tooLate("waiting for other updates of this node");
            }
            try {
                return repeat(start, attempt);
            } finally {
                queue.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionConflictException("The update of a session was interrupted while it waited for its turn");
        }
    }

    private <T> T repeat(long start, Supplier<@Nullable T> attempt) throws InterruptedException {
        long longestPause = TimeUnit.MILLISECONDS.toNanos(1);
        while (true) {
            T result = attempt.get();
            if (result != null) {
                return result;
            }
            long pause = ThreadLocalRandom.current().nextLong(longestPause);
            if (System.nanoTime() - start + pause >= deadlineNanos) {
                throw tooLate("in conflict with writers on other nodes");
            }
            TimeUnit.NANOSECONDS.sleep(pause);
            longestPause = Math.min(2 * longestPause, LONGEST_PAUSE);
        }
    }

    private SessionConflictException tooLate(String doing) {
        return new SessionConflictException("The update of a session gave up after "
                + Duration.ofNanos(deadlineNanos).toMillis() + " ms " + doing
                + "; nothing was stored. The setting genie.session.update-deadline is the bound");
    }
}
