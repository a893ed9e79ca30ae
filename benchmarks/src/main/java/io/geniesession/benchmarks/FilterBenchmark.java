package io.geniesession.benchmarks;

import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.Sessions;
import io.geniesession.servlet.GenieSessions;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the servlet filter adds to a request.
 *
 * <p><b>Workload.</b> The real filter over the memory adapter with 1 000 sessions. Each operation makes a request with the cookie of
 * a session picked at random, and a response, both of which cost next to nothing, and lets them pass to an application that
 * {@linkplain Passage asks for the session or does not}. <b>Baseline.</b> {@link Passage#NO_FILTER}, the same request straight to
 * the application; and {@link Passage#ADAPTER}, the same session loaded, read and persisted through {@link Sessions}: what the
 * filter adds to a reading request should be that and little more. What a container itself does is left out.
 *
 * <p><b>Command.</b> From the root of the repository, on a machine with nothing else to do:
 *
 * <pre>{@code
 * mvn -q -Dquick -DskipTests -pl benchmarks -am package
 * java -jar benchmarks/target/benchmarks.jar FilterBenchmark -prof gc
 * java -jar benchmarks/target/benchmarks.jar quick --questions Filter     # by turns, with tables
 * }</pre>
 */
@SuppressWarnings("NullAway.Init") // JMH fills what the constructor does not.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class FilterBenchmark {
    private static final int SESSIONS = 1_000;

    /** How the request passes. */
    @Param
    Passage contestant;

    /** Attributes per session and characters of each, see {@link Shape}. */
    @Param("10x100")
    String shape;

    private final String[] ids = new String[SESSIONS];
    private final LightRequest.Visitor[] visitors = new LightRequest.Visitor[SESSIONS];
    private String[] names;
    private Sessions sessions;
    private Filter filter;
    private Request passing;

    /** One request of the visitor of this number; returns what the application found. */
    @FunctionalInterface
    private interface Request {
        @Nullable
        Object pass(int visitor) throws IOException, ServletException;
    }

    /** Stores the sessions and installs the filter. */
    @Setup(Level.Trial)
    public void open() throws ServletException {
        Shape parsed = Shape.parse(shape);
        names = parsed.names();
        sessions = GenieSessions.declareSettings(Sessions.builder())
                .adapter("memory")
                .idleTimeout(Contestant.IDLE_TIMEOUT)
                .set("genie.session.sweep", "false")
                .set("genie.session.memory.max-sessions", "100000")
                .open();
        String[] texts = parsed.texts(SESSIONS);
        Arrays.setAll(ids, i -> stored(texts));
        String cookie = sessions.config().cookie().name();
        Arrays.setAll(visitors, i -> LightRequest.Visitor.with(cookie, ids[i]));
        filter = LightContext.filterOver(sessions);
        passing = request();
    }

    private String stored(String[] texts) {
        Visit visit = Visit.first();
        Session session = sessions.start(visit);
        for (String name : names) {
            session.set(name, any(texts));
        }
        session.persist();
        return sessions.id(visit).value();
    }

    private Request request() {
        return switch (contestant) {
            case NO_FILTER ->
                visitor -> {
                    Application application = new Application(null);
                    application.doFilter(new LightRequest(visitors[visitor]), new LightResponse());
                    return application;
                };
            case FILTER_UNTOUCHED ->
                visitor -> {
                    Application application = new Application(null);
                    filter.doFilter(new LightRequest(visitors[visitor]), new LightResponse(), application);
                    return application;
                };
            case FILTER_READING ->
                visitor -> {
                    Application application = new Application(any(names));
                    filter.doFilter(new LightRequest(visitors[visitor]), new LightResponse(), application);
                    return application.found();
                };
            case ADAPTER ->
                visitor -> {
                    Session session = SessionId.parse(ids[visitor])
                            .flatMap(sessions::load)
                            .orElseThrow();
                    Object found = session.get(any(names)).orElseThrow();
                    session.persist();
                    return found;
                };
        };
    }

    /** Closes the sessions. */
    @TearDown(Level.Trial)
    public void close() {
        sessions.close();
    }

    /** One request. */
    @Benchmark
    public Object filter() throws IOException, ServletException {
        Object found = passing.pass(ThreadLocalRandom.current().nextInt(SESSIONS));
        if (found == null) {
            throw new IllegalStateException("The application did not find what is stored");
        }
        return found;
    }

    private static String any(String[] texts) {
        return texts[ThreadLocalRandom.current().nextInt(texts.length)];
    }

    /** Reads one attribute of the session, or leaves the session alone if it has no name. Belongs to one request. */
    private static final class Application implements FilterChain {
        private final @Nullable String name;
        private @Nullable Object found;

        Application(@Nullable String name) {
            this.name = name;
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response) {
            if (name != null) {
                found = ((HttpServletRequest) request).getSession(false).getAttribute(name);
            }
        }

        @Nullable
        Object found() {
            return found;
        }
    }
}
