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
 * <p>A turn that leaves sessions behind is followed by the next without a pause and with rests half as long, until it keeps up.
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

    /** How many turns in a row left sessions behind; turns that overlap may count as one. */
    private volatile int turnsBehind;

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
            long spread = interval / 4 * 3 + ThreadLocalRandom.current().nextLong(interval / 2 + 1);
            goesOn = !Thread.currentThread().isInterrupted() && pause(turnsBehind > 0 ? 0 : spread);
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

    private void sweepOnce() {
        try {
            sweep();
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            turnsBehind = 0;
            LOG.log(System.Logger.Level.WARNING, "Expired sessions could not be swept; the next turn tries again", e);
        }
    }

    /** Takes a turn in the calling thread. */
    int sweep() {
        return sweep(System::nanoTime, this::pause);
    }

    /** For {@link SweepTurn#SweepTurn}, which says what the two have to do. */
    int sweep(LongSupplier nanoTime, LongPredicate rest) {
        Instant before = runtime.now().minus(config.sweepMargin());
        int behind = turnsBehind;
        int restToWork = config.sweepRest() >> Math.min(behind, Integer.SIZE - 1);
        SweepTurn turn = new SweepTurn(config.sweepBatch(), restToWork, nanoTime, rest);
        turn.run(config.sweepInterval(), limit -> sweep(before, limit));
        turnsBehind = turn.hasBacklog() ? behind + 1 : 0;
        runtime.notifier().meter(meter -> meter.swept(turn.removed(), turn.hasBacklog()));
        return turn.removed();
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
