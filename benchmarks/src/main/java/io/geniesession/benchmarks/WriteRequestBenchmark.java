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
 * A request that replaces one attribute.
 *
 * <p><b>Workload.</b> {@link StoredSessions}, each session and each attribute as likely as any other. <b>Baseline.</b> The bare
 * contestant of the same kind: one SELECT and one UPDATE.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class WriteRequestBenchmark {
    /** Loads a session, sets one attribute, persists it. */
    @Benchmark
    public void writeRequest(StoredSessions stored) {
        stored.store().write(stored.anyId(), stored.anyName(), stored.anyText());
    }
}
