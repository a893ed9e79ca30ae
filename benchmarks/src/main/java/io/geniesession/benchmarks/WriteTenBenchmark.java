package io.geniesession.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A request that replaces ten attributes, which a library may store one by one or together.
 *
 * <p><b>Workload.</b> {@link StoredSessions}, each as likely as any other; all attributes where a session has ten or fewer.
 * <b>Baseline.</b> The bare contestant of the same kind: one SELECT and one UPDATE.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class WriteTenBenchmark {
    private static final int TEN = 10;

    /** Loads a session, sets ten attributes, persists it once. */
    @Benchmark
    public void writeTen(StoredSessions stored) {
        stored.store().write(stored.anyId(), stored.attributes(TEN));
    }
}
