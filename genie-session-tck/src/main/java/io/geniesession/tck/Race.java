package io.geniesession.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs steps at the same moment, each in a thread of its own. Used by one thread. */
final class Race {
    /** Longer than any store needs, shorter than a lock that waits for ever. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Race() {}

    /** Runs one step in another thread. */
    static <T> T apart(Callable<T> step) throws Exception {
        return run(List.of(step)).get(0);
    }

    /** Starts all steps together, waits for all of them and returns their answers in the order of the steps. */
    static <T> List<T> run(List<? extends Callable<T>> steps) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(steps.size());
        try {
            CountDownLatch ready = new CountDownLatch(steps.size());
            CountDownLatch start = new CountDownLatch(1);
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> step : steps) {
                running.add(threads.submit(() -> {
                    ready.countDown();
                    start.await();
                    return step.call();
                }));
            }
            ready.await();
            start.countDown();
            return answers(running);
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> List<T> answers(List<Future<T>> running) throws Exception {
        List<T> answers = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Future<T> step : running) {
            try {
                answers.add(step.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                throw new AssertionError("A step took longer than " + PATIENCE + ": it waits for another one", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw (Exception) e.getCause();
            }
        }
        return answers;
    }
}
