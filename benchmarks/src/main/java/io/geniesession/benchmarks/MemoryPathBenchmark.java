package io.geniesession.benchmarks;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.Sessions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the session object itself costs, where the store costs next to nothing.
 *
 * <p><b>Workload.</b> 1 000 sessions of ten attributes with texts of 100 characters in the memory adapter. Each operation
 * begins with the text of an id, as a cookie has it, of a session picked at random: {@link #read} loads the session, gets one
 * attribute and persists without a change, inside the quantum; {@link #write} replaces one attribute; {@link #create} stores
 * a session of the same size. {@link #parse} is the part that makes an id of the text.
 *
 * <p><b>Baseline.</b> {@link #concurrentHashMap} and {@link #caffeine} look the same text up and get one attribute of the map
 * they find: no expiry, no view of one's own, no change of a single attribute.
 *
 * <p><b>Command.</b> From the root of the repository, on a machine with nothing else to do; {@code -prof gc} counts the
 * bytes that are allocated:
 *
 * <pre>{@code
 * mvn -q -Dquick -DskipTests -pl benchmarks -am package
 * java -jar benchmarks/target/benchmarks.jar MemoryPathBenchmark -prof gc
 * }</pre>
 */
@SuppressWarnings("NullAway.Init") // JMH fills what the constructor does not.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class MemoryPathBenchmark {
    private static final int SESSIONS = 1_000;
    private static final int ATTRIBUTES = 10;

    private final String[] names = new String[ATTRIBUTES];
    private final String[] values = new String[ATTRIBUTES * 10];
    private final String[] ids = new String[SESSIONS];
    private final ConcurrentMap<String, Map<String, Object>> map = new ConcurrentHashMap<>();
    private final Cache<String, Map<String, Object>> cache =
            Caffeine.newBuilder().maximumSize(100_000).build();
    private Sessions sessions;

    /** Opens the memory adapter and fills all three stores with the same sessions. */
    @Setup(Level.Trial)
    public void open() {
        Arrays.setAll(names, i -> "attribute" + i);
        Arrays.setAll(values, i -> String.format(Locale.ROOT, "%0100d", i));
        sessions = Sessions.builder()
                .adapter("memory")
                .idleTimeout(Duration.ofDays(10))
                .set("genie.session.sweep", "false")
                .set("genie.session.memory.max-sessions", "100000")
                .open();
        Arrays.setAll(ids, i -> stored());
        for (String id : ids) {
            Map<String, Object> attributes = new ConcurrentHashMap<>();
            for (String name : names) {
                attributes.put(name, any(values));
            }
            map.put(id, attributes);
            cache.put(id, attributes);
        }
    }

    /** Closes the sessions. */
    @TearDown(Level.Trial)
    public void close() {
        sessions.close();
    }

    /** A request that looks one attribute up. */
    @Benchmark
    public PersistOutcome read(Blackhole blackhole) {
        Session session = load();
        blackhole.consume(session.get(any(names)).orElseThrow());
        return session.persist();
    }

    /** A request that replaces one attribute. */
    @Benchmark
    public PersistOutcome write() {
        Session session = load();
        session.set(any(names), any(values));
        return session.persist();
    }

    /** The first request of a visitor. */
    @Benchmark
    public PersistOutcome create() {
        return filled(sessions.create()).persist();
    }

    /** The part of {@link #read} that comes before the store. */
    @Benchmark
    public SessionId parse() {
        return SessionId.parse(any(ids)).orElseThrow();
    }

    /** The least that a lookup can cost. */
    @Benchmark
    public Object concurrentHashMap() {
        return attribute(map.get(any(ids)));
    }

    /** The least that a lookup in a bounded store can cost. */
    @Benchmark
    public Object caffeine() {
        return attribute(cache.getIfPresent(any(ids)));
    }

    private Object attribute(@Nullable Map<String, Object> attributes) {
        return requireNonNull(requireNonNull(attributes).get(any(names)));
    }

    private Session load() {
        return SessionId.parse(any(ids)).flatMap(sessions::load).orElseThrow();
    }

    private String stored() {
        Visit visit = Visit.first();
        filled(sessions.start(visit)).persist();
        return sessions.id(visit).value();
    }

    private Session filled(Session session) {
        for (String name : names) {
            session.set(name, any(values));
        }
        return session;
    }

    private static <T> T any(T[] things) {
        return things[ThreadLocalRandom.current().nextInt(things.length)];
    }
}
