package io.geniesession.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The removal of what has expired, among sessions that live on.
 *
 * <p><b>Workload.</b> {@link StoredSessions} that live and {@link #expired} that do not; the time is that of one sweep which removes
 * all of the latter, without rests. Contestants without a sweep do not take part: their sessions go one by one or not at all.
 * <b>Baseline.</b> The bare contestant of the same kind: one DELETE without an index.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = SweepBenchmark.WITHOUT_RESTS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
public class SweepBenchmark {
    /** For the process that measures: Genie Session rests between batches, which says nothing about the work. */
    public static final String WITHOUT_RESTS = "-Dgenie.session.sweep-rest=0";

    /** How many sessions have expired before each sweep. */
    @Param("1000")
    int expired;

    /** Stores what is going to be swept. */
    @Setup(Level.Invocation)
    public void createExpired(StoredSessions stored) {
        IntStream.range(0, expired).forEach(i -> stored.store().createExpired(stored.attributes()));
    }

    /** Removes what has expired and nothing else. */
    @Benchmark
    public int sweep(StoredSessions stored) {
        int removed = stored.store().sweep();
        if (removed != expired) {
            throw new IllegalStateException("The sweep removed " + removed + " of " + expired + " expired sessions");
        }
        return removed;
    }
}
