package io.geniesession.benchmarks;

import java.util.concurrent.ThreadLocalRandom;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What an application does all day: of a hundred requests ninety read, nine write and one begins a session.
 *
 * <p><b>Workload.</b> {@link StoredSessions}, visited as {@link Zipf} says; a new session is not visited again. <b>Baseline.</b> The
 * bare contestant of the same kind.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class MixedLoadBenchmark {
    private static final int CREATES = 1;
    private static final int WRITES = 9;

    /** Empties what lies in memory. */
    @Setup(Level.Iteration)
    public void beginAnew(StoredSessions stored) {
        stored.freshIfInMemory();
    }

    /** One request. */
    @Benchmark
    public void request(StoredSessions stored, ZipfVisits visits, Blackhole blackhole) {
        Store store = stored.store();
        int percent = ThreadLocalRandom.current().nextInt(100);
        if (percent < CREATES) {
            blackhole.consume(store.create(stored.attributes()));
        } else if (percent < CREATES + WRITES) {
            store.write(stored.id(visits.next()), stored.anyName(), stored.anyText());
        } else {
            blackhole.consume(store.read(stored.id(visits.next()), stored.anyName()));
        }
    }
}
