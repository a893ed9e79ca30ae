package io.geniesession.benchmarks.report;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Reads at a fixed pace, and how long each took. A read counts from the moment at which it was due: one that waits behind a
 * slow one was slow as well. Belongs to one thread.
 */
final class Latencies {
    private static final int THREADS = 4;
    private static final long PERIOD_NANOS = 4_000_000;

    private final Runnable read;

    Latencies(Runnable read) {
        this.read = read;
    }

    static String pace() {
        return THREADS + " threads, " + THREADS * (Duration.ofSeconds(1).toNanos() / PERIOD_NANOS)
                + " reads per second";
    }

    /** The 99th percentile in microseconds of reads that go on while this answers true. */
    double p99While(BooleanSupplier goOn) {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            Callable<long[]> reader = () -> readWhile(goOn);
            var readers = IntStream.range(0, THREADS)
                    .mapToObj(i -> threads.submit(reader))
                    .toList();
            long[] all =
                    readers.stream().flatMapToLong(Latencies::result).sorted().toArray();
            if (all.length == 0) {
                throw new IllegalStateException("It was over before anything was read");
            }
            return all[(int) Math.ceil(all.length * 0.99) - 1] / 1e3;
        } finally {
            threads.shutdown();
        }
    }

    private long[] readWhile(BooleanSupplier goOn) {
        long[] taken = new long[1_024];
        int count = 0;
        long due = System.nanoTime();
        while (goOn.getAsBoolean()) {
            due += PERIOD_NANOS;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            read.run();
            if (count == taken.length) {
                taken = Arrays.copyOf(taken, 2 * count);
            }
            taken[count++] = System.nanoTime() - due;
        }
        return Arrays.copyOf(taken, count);
    }

    private static LongStream result(Future<long[]> reader) {
        try {
            return LongStream.of(reader.get());
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("The reads failed", e);
        }
    }
}
