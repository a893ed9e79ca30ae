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
 * A request that signs a visitor in: a new id, the same data, and who it is.
 *
 * <p><b>Workload.</b> {@link StoredSessions}, one after the other. Every thread signs in to sessions of its own, as a visitor signs
 * in once. <b>Baseline.</b> The bare contestant of the same kind: one SELECT and one UPDATE.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class LoginBenchmark {
    /** Loads a session, renews its id, notes the principal, persists it. */
    @Benchmark
    public void login(StoredSessions stored, OwnSessions own) {
        own.next(id -> stored.store().login(id, "somebody" + own.position()));
    }
}
