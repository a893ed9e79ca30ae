package io.geniesession.benchmarks;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A request that writes 100 characters, however large the rest of the session is.
 *
 * <p><b>Workload.</b> {@link StoredSessions}, each as likely as any other; the attribute is one of its own beside those of the shape.
 * <b>Baseline.</b> The same contestant at the smallest shape: what it takes beyond that is the price of what was not touched.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class SmallWriteBenchmark {
    private static final String NAME = "small";

    private final String[] texts = new Shape(1, 100).texts(1_000);

    /** Loads a session, sets its small attribute, persists it. */
    @Benchmark
    public void smallWrite(StoredSessions stored) {
        stored.store()
                .write(stored.anyId(), NAME, texts[ThreadLocalRandom.current().nextInt(texts.length)]);
    }
}
