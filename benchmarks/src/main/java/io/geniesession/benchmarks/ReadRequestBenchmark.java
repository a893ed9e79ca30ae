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
 * A request that looks one attribute up.
 *
 * <p><b>Workload.</b> {@link StoredSessions}, each session and each attribute as likely as any other. Libraries that write the time
 * of the access at the end of each request do so here. <b>Baseline.</b> The bare contestant of the same kind, which never does.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ReadRequestBenchmark {
    /** Loads a session, reads one attribute, ends the request. */
    @Benchmark
    public String readRequest(StoredSessions stored) {
        return stored.store().read(stored.anyId(), stored.anyName());
    }
}
