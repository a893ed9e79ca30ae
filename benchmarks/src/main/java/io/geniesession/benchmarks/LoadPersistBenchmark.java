package io.geniesession.benchmarks;

import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.Sessions;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What sessions add to a request: one that reads, one that writes, and the first one of a visitor.
 *
 * <p><b>Workload.</b> 1 000 stored sessions of ten attributes with texts of 100 characters. Each operation stands for one
 * request to one of them, picked at random: {@link #readRequest} loads by id, gets one attribute and persists without a
 * change (inside the quantum, so nothing is written); {@link #writeRequest} loads, replaces one attribute and persists;
 * {@link #create} stores a session of the same size under a new id, so the store grows while it is measured.
 *
 * <p><b>Baseline.</b> {@link Contestant#MEMORY}: the same public API over a store without encoding, network or disk. What
 * another contestant takes beyond it is its store.
 *
 * <p><b>Command.</b> From the root of the repository, on a machine with nothing else to do; options of JMH go between the
 * quotes, such as {@code -t 8} for eight threads or {@code -p contestant=MEMORY -prof gc}:
 *
 * <pre>{@code
 * mvn -q -Dquick -DskipTests -pl benchmarks -am package
 * java -jar benchmarks/target/benchmarks.jar LoadPersistBenchmark
 * }</pre>
 */
@SuppressWarnings("NullAway.Init") // JMH fills what the constructor does not.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class LoadPersistBenchmark {
    private static final int SESSIONS = 1_000;
    private static final int ATTRIBUTES = 10;
    private static final int LENGTH = 100;

    /** The store. */
    @Param
    Contestant contestant;

    private final String[] names = new String[ATTRIBUTES];
    private final String[] values = new String[ATTRIBUTES * 10];
    private final SessionId[] ids = new SessionId[SESSIONS];
    private Arena arena;
    private Sessions sessions;

    /** Opens an empty store and fills it, with the same texts each time. */
    @Setup(Level.Trial)
    public void open() {
        Arrays.setAll(names, i -> "attribute" + i);
        Random random = new Random(1);
        Arrays.setAll(values, i -> text(random));
        arena = contestant.open();
        sessions = arena.sessions();
        Arrays.setAll(ids, i -> stored());
    }

    /** Closes the store. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        arena.close();
    }

    /** A request that looks one attribute up. */
    @Benchmark
    public PersistOutcome readRequest(Blackhole blackhole) {
        Session session = sessions.load(any(ids)).orElseThrow();
        blackhole.consume(session.get(any(names)).orElseThrow());
        return persist(session, PersistOutcome.UNCHANGED);
    }

    /** A request that replaces one attribute. */
    @Benchmark
    public PersistOutcome writeRequest() {
        Session session = sessions.load(any(ids)).orElseThrow();
        session.set(any(names), any(values));
        return persist(session, PersistOutcome.SAVED);
    }

    /** The first request of a visitor. */
    @Benchmark
    public PersistOutcome create() {
        return persist(filled(sessions.create()), PersistOutcome.SAVED);
    }

    private SessionId stored() {
        SingleVisit visit = new SingleVisit();
        persist(filled(sessions.start(visit)), PersistOutcome.SAVED);
        return sessions.id(visit);
    }

    private Session filled(Session session) {
        for (String name : names) {
            session.set(name, any(values));
        }
        return session;
    }

    /** Fails rather than measure something else. */
    private static PersistOutcome persist(Session session, PersistOutcome expected) {
        PersistOutcome outcome = session.persist();
        if (outcome != expected) {
            throw new IllegalStateException("The persist answered " + outcome + " instead of " + expected);
        }
        return outcome;
    }

    private static <T> T any(T[] things) {
        return things[ThreadLocalRandom.current().nextInt(things.length)];
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder(LENGTH);
        random.ints(LENGTH, 'a', 'z' + 1).forEach(text::appendCodePoint);
        return text.toString();
    }
}
