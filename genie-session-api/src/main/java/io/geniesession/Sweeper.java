package io.geniesession;

import io.geniesession.spi.EndedSession;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Removes expired sessions in the background. Nodes do not know each other: the first turn and every pause are of random
 * length, so that they do not sweep in the same second, and the store sees to it that each session is removed once.
 *
 * <p>A turn that leaves sessions behind is followed by the next without a pause and with rests half as long. One that keeps up is
 * followed, after the usual pause, by one with rests twice as long, up to those of the settings.
 *
 * <p>Safe for use by several threads.
 */
final class Sweeper {
    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());

    /** As many as leave nothing of the longest rests that can be set, 1000 times as long as a batch. */
    private static final int MOST_HALVINGS = 10;

    private final SessionRuntime runtime;
    private final SessionConfig config;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();

    // Guarded by the lock.
    private boolean closed;
    private @Nullable Thread thread;

    /** How often the rests are halved; turns that overlap may count as one. */
    private volatile int halvings;

    Sweeper(SessionRuntime runtime) {
        this.runtime = runtime;
        this.config = runtime.config();
    }

    void start() {
        if (config.sweep()) {
            Thread sweeper = new Thread(() -> run(System::nanoTime, this::pause, this::pause), "genie-session-sweeper");
            sweeper.setDaemon(true);
            thread = sweeper;
            sweeper.start();
        }
    }

    /**
     * Takes turn after turn.
     *
     * @param nanoTime as for {@link SweepTurn#SweepTurn}
     * @param rest as for {@link SweepTurn#SweepTurn}
     * @param pause waits for so many nanoseconds between two turns, and tells whether there is another one
     */
    void run(LongSupplier nanoTime, LongPredicate rest, LongPredicate pause) {
        long interval = config.sweepInterval().toNanos();
        boolean goesOn = pause.test(ThreadLocalRandom.current().nextLong(interval));
        while (goesOn) {
            boolean behind = sweepOnce(nanoTime, rest);
            long spread = interval / 4 * 3 + ThreadLocalRandom.current().nextLong(interval / 2 + 1);
            goesOn = !Thread.currentThread().isInterrupted() && pause.test(behind ? 0 : spread);
        }
    }

    /** Waits; false if this sweeper was closed or the thread interrupted meanwhile. */
    private boolean pause(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Tells whether sessions were left behind. */
    private boolean sweepOnce(LongSupplier nanoTime, LongPredicate rest) {
        try {
            return turn(nanoTime, rest).hasBacklog();
        } catch (SessionStoreException e) {
            // Its message explains it; an outage that lasts needs no stack trace in each turn.
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Expired sessions could not be swept; the next turn tries again. " + e.getMessage());
            LOG.log(System.Logger.Level.DEBUG, "Where the sweep failed", e);
            return false;
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            LOG.log(System.Logger.Level.WARNING, "Expired sessions could not be swept; the next turn tries again", e);
            return false;
        }
    }

    /** Takes a turn in the calling thread. */
    int sweep() {
        return turn(System::nanoTime, this::pause).removed();
    }

    private SweepTurn turn(LongSupplier nanoTime, LongPredicate rest) {
        Instant before = runtime.now().minus(config.sweepMargin());
        int halved = halvings;
        SweepTurn turn = new SweepTurn(config.sweepBatch(), config.sweepRest() >> halved, nanoTime, rest);
        turn.run(config.sweepInterval(), limit -> sweep(before, limit));
        if (turn.hasBacklog()) {
            halvings = Math.min(halved + 1, MOST_HALVINGS);
        } else if (!turn.wasStopped()) {
            halvings = Math.max(halved - 1, 0);
        }
        runtime.notifier().meter(meter -> meter.swept(turn.removed(), turn.hasBacklog()));
        return turn;
    }

    private int sweep(Instant before, int limit) {
        List<EndedSession> ended = runtime.adapter().sweep(before, limit, runtime.detail());
        ended.forEach(runtime::ended);
        return ended.size();
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
