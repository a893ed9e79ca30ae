package io.geniesession;

import java.time.Duration;
import java.util.function.IntUnaryOperator;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * One turn of the sweep: batch after batch until nothing is left, for at most the interval between two turns. After each full batch
 * it rests for a multiple of the time that the batch took, because who uses the store meanwhile waits for a processor as long as a
 * batch lasts.
 *
 * <p>Belongs to one thread.
 */
final class SweepTurn {
    private static final long LONGEST_REST = Duration.ofSeconds(1).toNanos();

    private final int limit;
    private final int restToWork;
    private final LongSupplier nanoTime;
    private final LongPredicate rest;
    private int removed;
    private boolean finished;
    private boolean stopped;

    /**
     * Prepares a turn.
     *
     * @param limit how many sessions a batch removes at most
     * @param restToWork how many times as long as a batch took a rest is; at most a second
     * @param nanoTime tells how long batches and the turn take
     * @param rest waits for so many nanoseconds, which may be none, and tells whether the turn goes on
     */
    SweepTurn(int limit, int restToWork, LongSupplier nanoTime, LongPredicate rest) {
        this.limit = limit;
        this.restToWork = restToWork;
        this.nanoTime = nanoTime;
        this.rest = rest;
    }

    /**
     * Takes the turn. It ends before its time if a rest says so, or after a batch if the thread is interrupted.
     *
     * @param longest no batch begins after this time
     * @param batch removes at most so many sessions and tells how many they were
     */
    void run(Duration longest, IntUnaryOperator batch) {
        long start = nanoTime.getAsLong();
        long end = start;
        long pause = 0;
        while (!finished && !stopped && end + pause - start < longest.toNanos()) {
            if (rest.test(pause)) {
                long begin = nanoTime.getAsLong();
                int ended = batch.applyAsInt(limit);
                end = nanoTime.getAsLong();
                removed += ended;
                finished = ended < limit;
                stopped = Thread.currentThread().isInterrupted();
                pause = Math.min(restToWork * (end - begin), LONGEST_REST);
            } else {
                stopped = true;
            }
        }
    }

    /** How many sessions were removed. */
    int removed() {
        return removed;
    }

    /** Whether its time was up before it came to the end. */
    boolean hasBacklog() {
        return !finished && !stopped;
    }

    /** Whether it was told to end. */
    boolean wasStopped() {
        return stopped;
    }
}
