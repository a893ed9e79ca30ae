package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionId;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose {@code max_connections} are taken, by others and by the node itself. */
@Timeout(120)
final class PostgresFullServerTest {

    private static final int MAX_CONNECTIONS = 6;
    private static final int CALLERS = 20;
    private static final String FULL = "53300";
    private static final String REMEDY =
            "has no connections left (SQLSTATE 53300). Raise max_connections of the server, or the"
                    + " limit of the role or the database, or lower genie.session.jdbc.pool-size on the nodes.";

    private OwnPostgres server;
    private TestContext context;
    private final Deque<Connection> others = new ArrayDeque<>();

    @BeforeEach
    void start() throws IOException {
        server = OwnPostgres.create(
                Map.of("max_connections", Integer.toString(MAX_CONNECTIONS), "superuser_reserved_connections", "0"));
        context = new TestContext(
                SettableClock.at(START),
                Map.of(JdbcSettings.URL.name(), server.url(), JdbcSettings.POOL_TIMEOUT.name(), "500ms"));
    }

    @AfterEach
    void stop() throws Exception {
        while (!others.isEmpty()) {
            others.pop().close();
        }
        server.close();
    }

    /** Others take every connection that is left, and at least some. */
    private void fill(int least) throws SQLException {
        int before = others.size();
        while (true) {
            try {
                others.push(DriverManager.getConnection(server.url()));
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo(FULL);
                // A connection that the node has closed may still be ending.
                if (others.size() - before >= least) {
                    return;
                }
            }
        }
    }

    /** Others give connections back, and the server has noticed. */
    private void free(int connections) throws SQLException {
        for (int i = 0; i < connections; i++) {
            others.pop().close();
        }
        int left = others.size();
        try (Statement statement = others.element().createStatement()) {
            FaultyNode.await(FaultyNode.BOUND, "connections that have ended", () -> {
                try (var rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")) {
                    assertThat(rows.next()).isTrue();
                    return rows.getInt(1) <= left ? true : null;
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    /** The node's connections end, also those with which it is there first, until others have all. */
    private void evict() throws SQLException {
        try (Statement statement = others.element().createStatement()) {
            while (others.size() < MAX_CONNECTIONS) {
                statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'genie-session-%'");
                fill(0);
            }
        }
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(SessionStoreException.class, e -> {
                    assertThat(e.outcomeUnknown()).isFalse();
                    assertThat(e.code()).contains(FULL);
                })
                .hasMessageContaining(message);
    }

    @Test
    void startIsRefusedAndTheMessageSaysHowToMendIt() throws Exception {
        fill(MAX_CONNECTIONS);
        assertRefused(() -> JdbcSessionAdapter.open(context), REMEDY);
        free(MAX_CONNECTIONS - 1);
        try (SessionAdapter node = JdbcSessionAdapter.open(context)) {
            assertThat(node.create(session(Map.of()))).isPresent();
        }
    }

    /** Creating the tables takes three connections at once; when they are there, one is enough for a start. */
    @Test
    void startWithOneConnectionLeft() throws Exception {
        fill(MAX_CONNECTIONS);
        free(1);
        assertRefused(() -> JdbcSessionAdapter.open(context), REMEDY);
        free(2);
        JdbcSessionAdapter.open(context).close();
        fill(3);
        free(1);
        try (SessionAdapter node = JdbcSessionAdapter.open(context)) {
            assertThat(node.create(session(Map.of()))).isPresent();
            assertEverybodyIsServed(node);
        }
    }

    /** The pool cannot grow, so callers share what it has. */
    private void assertEverybodyIsServed(SessionAdapter node) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                calls.add(callers.submit(() -> node.create(session(Map.of())).orElseThrow()));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(context.availability()).isEmpty();
    }

    /** Calls until one fails with a message that has the text in it. All that fail do so because the server is full. */
    private static void awaitMessage(SessionAdapter node, String text) throws Exception {
        FaultyNode.await(FaultyNode.BOUND, text, () -> {
            try {
                node.create(session(Map.of()));
                return null;
            } catch (SessionStoreException e) {
                assertThat(e.outcomeUnknown()).isFalse();
                assertThat(e.code()).isEqualTo(Optional.of(FULL));
                return e.getMessage().contains(text) ? true : null;
            }
        });
    }

    @Test
    void nodeWithoutAnyConnectionRefusesAtOnceAndRecovers() throws Exception {
        try (SessionAdapter node = JdbcSessionAdapter.open(context)) {
            fill(1);
            assertEverybodyIsServed(node);
            evict();
            FaultyNode.await(FaultyNode.BOUND, "the node has no connection", () -> {
                FaultyNode.outcome(() -> node.load(SessionId.generate(), START));
                return context.availability().isEmpty() ? null : true;
            });
            awaitMessage(node, "did not answer a moment ago (SQLSTATE 53300)");
            // Whoever finds out hears what is wrong, and what to do about it.
            awaitMessage(node, REMEDY);
            assertThat(context.availability()).containsExactly(false);
            free(1);
            FaultyNode.await(FaultyNode.BOUND, "the node works again", () -> {
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
