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
 * Finds a session by its id and nothing more.
 *
 * <p><b>Workload.</b> {@link StoredSessions}, each as likely as any other. <b>Baseline.</b> The bare contestant of the same kind.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class LoadBenchmark {
    /** Loads one session. */
    @Benchmark
    public void load(StoredSessions stored) {
        stored.store().load(stored.anyId());
    }
}
