package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.saved;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionId;
import io.geniesession.SessionStoreException;
import io.geniesession.jdbc.FaultProxy.Fault;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many callers while the database does not answer, or has no connection for them: they do not pile up, and it passes. */
@Timeout(120)
final class PostgresOutageTest {

    private static final int CALLERS = 40;
    private static final int CONNECTIONS = 2;
    private static final Duration SLOW = Duration.ofSeconds(2);

    private TestDatabase database;
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    private final AtomicInteger slow = new AtomicInteger();
    private final AtomicInteger quick = new AtomicInteger();

    @BeforeEach
    void open() {
        database = TestDatabase.postgres();
    }

    @AfterEach
    void close() {
        callers.shutdownNow();
        database.checkNothingLeaked();
        database.close();
    }

    /** Callers without a pause, each of them as soon as it has its answer. */
    private List<Future<?>> crowd(SessionAdapter node, AtomicBoolean over) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            running.add(callers.submit(() -> {
                while (!over.get()) {
                    long start = System.nanoTime();
                    FaultyNode.outcome(() -> node.load(SessionId.generate(), START));
                    boolean isSlow = System.nanoTime() - start > SLOW.toNanos();
                    (isSlow ? slow : quick).incrementAndGet();
                }
            }));
        }
        return running;
    }

    private static void awaitAll(List<Future<?>> running) throws Exception {
        for (Future<?> caller : running) {
            caller.get();
        }
    }

    private static void awaitAvailability(FaultyNode node, Boolean... told) {
        FaultyNode.await(
                FaultyNode.BOUND,
                "told " + List.of(told),
                () -> node.context.availability().equals(List.of(told)) ? true : null);
    }

    @ParameterizedTest
    @EnumSource(names = {"DOWN", "BLACKHOLE"})
    void deadDatabaseDoesNotPileUpCallers(Fault fault) throws Exception {
        try (FaultyNode node =
                FaultyNode.open(database, JdbcSettings.POOL_SIZE.name(), "4", JdbcSettings.POOL_TIMEOUT.name(), "3s")) {
            AtomicBoolean over = new AtomicBoolean();
            List<Future<?>> running = crowd(node.adapter, over);
            FaultyNode.await(FaultyNode.BOUND, "load", () -> quick.get() > 2 * CALLERS ? true : null);
            node.proxy.inflict(fault);
            awaitAvailability(node, false);
            slow.set(0);
            quick.set(0);
            // Some seconds in which everybody would otherwise do nothing but wait.
            FaultyNode.await(FaultyNode.BOUND, "refusals", () -> quick.get() > 50 * CALLERS ? true : null);
            node.heal();
            awaitAvailability(node, false, true);
            over.set(true);
            awaitAll(running);
            // Those who had begun to wait, those who were in the middle of a statement, and probes.
            assertThat(slow.get()).isLessThan(2 * CALLERS);
            assertThat(node.adapter.load(SessionId.generate(), START)).isEmpty();
        }
    }

    /** All connections are held by statements that wait for a lock. */
    @Test
    void exhaustedPoolRefusesAtOnceAndRecovers() throws Exception {
        TestContext context = new TestContext(SettableClock.at(START), settings());
        try (SessionAdapter node = JdbcSessionAdapter.open(context)) {
            List<AutoCloseable> locks = new ArrayList<>();
            List<Future<?>> held = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                NewSession session = session(Map.of());
                SessionRecord base = node.create(session).orElseThrow();
                locks.add(database.hold(session.key()));
                held.add(callers.submit(() -> saved(node.persist(base, set("a", "1")))));
            }
            awaitLockWaits();
            assertThat(FaultyNode.outcome(() -> node.load(SessionId.generate(), START)))
                    .isEqualTo(FaultyNode.Outcome.NOT_DONE);
            assertThat(context.availability()).containsExactly(false);
            assertThatThrownBy(() -> node.load(SessionId.generate(), START))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("did not answer a moment ago");
            for (AutoCloseable lock : locks) {
                lock.close();
            }
            awaitAll(held);
            assertThat(node.load(SessionId.generate(), START)).isEmpty();
            assertThat(context.availability()).containsExactly(false, true);
        }
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(database.settings());
        settings.put(JdbcSettings.POOL_SIZE.name(), Integer.toString(CONNECTIONS));
        settings.put(JdbcSettings.POOL_TIMEOUT.name(), "500ms");
        settings.put(JdbcSettings.STATEMENT_TIMEOUT.name(), "60s");
        return settings;
    }

    private void awaitLockWaits() {
        FaultyNode.await(FaultyNode.BOUND, "statements that wait", () -> {
            try {
                return database.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                                == CONNECTIONS
                        ? true
                        : null;
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** The server lets this role in no more, and says so; then it does again. */
    @Test
    void serverWithoutConnectionsLeftIsNamedAndRecovers() throws Exception {
        PostgresServer server = PostgresServer.get();
        String role = server.newRole();
        String schema = server.newSchema();
        server.execute("GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + role);
        Map<String, String> settings = Map.of(
                JdbcSettings.URL.name(), server.url(),
                JdbcSettings.USER.name(), role,
                JdbcSettings.PASSWORD.name(), role,
                JdbcSettings.SCHEMA.name(), schema,
                JdbcSettings.POOL_TIMEOUT.name(), "1s");
        TestContext context = new TestContext(SettableClock.at(START), settings);
        try (SessionAdapter node = JdbcSessionAdapter.open(context)) {
            server.execute("ALTER ROLE " + role + " CONNECTION LIMIT 0");
            assertThatThrownBy(() -> JdbcSessionAdapter.open(TestSessions.context(settings)))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("has no connections left (SQLSTATE 53300)");
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
            FaultyNode.await(FaultyNode.BOUND, "out of connections", () -> {
                try {
                    node.load(SessionId.generate(), START);
                    return null;
                } catch (SessionStoreException e) {
                    assertThat(e.outcomeUnknown()).isFalse();
                    return e.code().equals(Optional.of("53300")) ? true : null;
                }
            });
            assertThat(context.availability()).containsExactly(false);
            server.execute("ALTER ROLE " + role + " CONNECTION LIMIT -1");
            FaultyNode.await(FaultyNode.BOUND, "connections", () -> {
                try {
                    return node.create(session(Map.of())).isPresent() ? true : null;
                } catch (SessionStoreException e) {
                    return null;
                }
            });
            assertThat(context.availability()).containsExactly(false, true);
        }
    }
}
