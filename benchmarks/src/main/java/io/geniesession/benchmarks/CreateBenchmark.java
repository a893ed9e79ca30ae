package io.geniesession.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The first request of a visitor.
 *
 * <p><b>Workload.</b> Sessions of the shape, stored beside {@link StoredSessions}; the store grows while it is measured, and one in
 * memory begins anew with each iteration. <b>Baseline.</b> The bare contestant of the same kind: one INSERT.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class CreateBenchmark {
    /** Empties what lies in memory. */
    @Setup(Level.Iteration)
    public void beginAnew(StoredSessions stored) {
        stored.freshIfInMemory();
    }

    /** Stores a new session with all its attributes. */
    @Benchmark
    public String create(StoredSessions stored) {
        return stored.store().create(stored.attributes());
    }
}
