package io.geniesession;

import io.geniesession.spi.EndedSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Removes expired sessions in the background. Nodes do not know each other: the first turn and every pause are of random
 * length, so that they do not sweep in the same second, and the store sees to it that each session is removed once.
 *
 * <p>Safe for use by several threads.
 */
final class Sweeper {
    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());

    private final SessionRuntime runtime;
    private final SessionConfig config;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();

    // Guarded by the lock.
    private boolean closed;
    private @Nullable Thread thread;

    Sweeper(SessionRuntime runtime) {
        this.runtime = runtime;
        this.config = runtime.config();
    }

    void start() {
        if (config.sweep()) {
            Thread sweeper = new Thread(this::run, "genie-session-sweeper");
            sweeper.setDaemon(true);
            thread = sweeper;
            sweeper.start();
        }
    }

    private void run() {
        long interval = config.sweepInterval().toNanos();
        boolean goesOn = pause(ThreadLocalRandom.current().nextLong(interval));
        while (goesOn) {
            sweepOnce();
            goesOn = pause(interval / 4 * 3 + ThreadLocalRandom.current().nextLong(interval / 2 + 1));
        }
    }

    /** Waits; false if this sweeper was closed meanwhile. */
    private boolean pause(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void sweepOnce() {
        try {
            sweep();
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            LOG.log(System.Logger.Level.WARNING, "Expired sessions could not be swept; the next turn tries again", e);
        }
    }

    /** Sweeps batch after batch, but no longer than half of the interval, so that it never runs all the time. */
    int sweep() {
        Instant before = runtime.now().minus(config.sweepMargin());
        Duration budget = config.sweepInterval().dividedBy(2);
        long start = System.nanoTime();
        int removed = 0;
        boolean more = true;
        while (more && !isClosed() && System.nanoTime() - start < budget.toNanos()) {
            List<EndedSession> ended = runtime.adapter().sweep(before, config.sweepBatch(), runtime.detail());
            ended.forEach(runtime::ended);
            removed += ended.size();
            more = ended.size() >= config.sweepBatch();
        }
        report(removed, more);
        return removed;
    }

    private void report(int removed, boolean backlog) {
        runtime.notifier().meter(meter -> meter.swept(removed, backlog));
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread and waits a moment for a batch that is under way. */
    void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
            running = thread;
            thread = null;
        } finally {
            lock.unlock();
        }
        if (running != null) {
            join(running);
        }
    }

    private static void join(Thread running) {
        try {
            running.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
