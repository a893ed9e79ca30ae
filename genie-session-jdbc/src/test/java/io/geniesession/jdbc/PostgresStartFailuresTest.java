package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionException;
import io.geniesession.SessionId;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.SessionAdapter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong at a start, or later, and what the message says about it. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
final class PostgresStartFailuresTest {

    private static final String SECRET = "top-secret-password";

    private PostgresServer server;

    @BeforeEach
    void start() {
        server = PostgresServer.get();
    }

    private static SessionAdapter open(String url, String user, String password, String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put(JdbcSettings.URL.name(), url);
        settings.put(JdbcSettings.USER.name(), user);
        settings.put(JdbcSettings.PASSWORD.name(), password);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return JdbcSessionAdapter.open(TestSessions.context(settings));
    }

    private static void assertFails(Class<? extends SessionException> type, Runnable start, String... words) {
        assertThatThrownBy(start::run)
                .isInstanceOf(type)
                .hasMessageContainingAll(words)
                .satisfies(PostgresStartFailuresTest::assertDiscreet);
    }

    /** Neither the message nor any cause shows a password or what a driver had to say. */
    private static void assertDiscreet(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        assertThat(text.toString()).doesNotContain(SECRET).doesNotContain("FATAL:", "ERROR:", "Detail:");
    }

    @Test
    void wrongPassword() throws Exception {
        String role = server.newRole();
        assertFails(
                SessionConfigException.class,
                () -> open(server.url(), role, SECRET),
                "refused user or password",
                JdbcSettings.PASSWORD.name());
    }

    @Test
    void passwordInTheUrlIsNotShown() throws Exception {
        String role = server.newRole();
        assertFails(
                SessionConfigException.class,
                () -> JdbcSessionAdapter.open(TestSessions.context(
                        Map.of(JdbcSettings.URL.name(), server.url() + "?user=" + role + "&password=" + SECRET))),
                "127.0.0.1:" + server.port() + "/postgres refused user or password");
    }

    @Test
    void unknownDatabase() {
        assertFails(
                SessionConfigException.class,
                () -> open(server.url("nowhere"), "postgres", SECRET),
                "/nowhere does not exist",
                "Create the database");
    }

    @Test
    void unreachablePort() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        long begin = System.nanoTime();
        assertFails(
                SessionStoreException.class,
                () -> open("jdbc:postgresql://127.0.0.1:" + port + "/shop", "postgres", SECRET),
                "127.0.0.1:" + port + "/shop does not answer",
                JdbcSettings.URL.name());
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }

    /** Accepts connections and never says a word. */
    @Test
    void silentServer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            long begin = System.nanoTime();
            assertFails(
                    SessionStoreException.class,
                    () -> open(
                            "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/shop",
                            "postgres",
                            SECRET,
                            JdbcSettings.CONNECT_TIMEOUT.name(),
                            "1s"),
                    "does not answer");
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(8));
        }
    }

    @Test
    void roleThatMayNotCreate() throws Exception {
        String role = server.newRole();
        String schema = server.newSchema();
        server.execute("GRANT USAGE ON SCHEMA " + schema + " TO " + role);
        assertFails(
                SessionConfigException.class,
                () -> open(server.url(), role, role, JdbcSettings.SCHEMA.name(), schema),
                "may not create",
                "CREATE",
                JdbcSettings.MIGRATE.name() + "=false");
    }

    @Test
    void roleThatMayNotUseTheTables() throws Exception {
        String role = server.newRole();
        String schema = server.newSchema();
        open(server.url(), "postgres", "", JdbcSettings.SCHEMA.name(), schema).close();
        server.execute(
                "GRANT USAGE ON SCHEMA " + schema + " TO " + role,
                "GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + " TO " + role,
                "GRANT INSERT, DELETE ON " + schema + ".genie_session TO " + role);
        assertFails(
                SessionConfigException.class,
                () -> open(server.url(), role, role, JdbcSettings.SCHEMA.name(), schema),
                "lacks rights",
                "UPDATE",
                "docs/schema.md");
    }

    /** Such as a type of the same name, which every table brings with it. */
    @Test
    void whateverElseKeepsTheTablesFromBeingMadeIsNamedByItsState() throws Exception {
        String schema = server.newSchema();
        server.execute("CREATE TYPE " + schema + ".genie_session AS ENUM ()");
        assertThatThrownBy(() -> open(server.url(), "postgres", "", JdbcSettings.SCHEMA.name(), schema))
                .isInstanceOfSatisfying(SessionStoreException.class, e -> {
                    assertThat(e.code()).contains("42710");
                    assertThat(e.outcomeUnknown()).isFalse();
                })
                .hasMessageContainingAll("could not be created or changed (SQLSTATE 42710)", "docs/schema.md")
                .satisfies(PostgresStartFailuresTest::assertDiscreet);
    }

    @Test
    void databaseThatTakesNoChangesCannotGetItsTables() throws Exception {
        String role = server.newRole();
        String schema = server.newSchema();
        server.execute(
                "GRANT CREATE, USAGE ON SCHEMA " + schema + " TO " + role,
                "ALTER ROLE " + role + " SET default_transaction_read_only = on");
        assertFails(
                SessionStoreException.class,
                () -> open(server.url(), role, role, JdbcSettings.SCHEMA.name(), schema),
                "takes no changes (SQLSTATE 25006)",
                "targetServerType=primary");
    }

    /** The very statements of docs/schema.md for a role that only runs. */
    @Test
    void roleWithTheDocumentedRightsRuns() throws Exception {
        String role = server.newRole();
        String schema = server.newSchema();
        open(server.url(), "postgres", "", JdbcSettings.SCHEMA.name(), schema).close();
        server.execute(
                "GRANT USAGE ON SCHEMA " + schema + " TO " + role,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON " + schema + ".genie_session TO " + role,
                "GRANT SELECT, INSERT, UPDATE ON " + schema + ".genie_session_index TO " + role,
                "GRANT SELECT ON " + schema + ".genie_session_meta TO " + role);
        try (SessionAdapter node = open(
                server.url(), role, role, JdbcSettings.SCHEMA.name(), schema, JdbcSettings.MIGRATE.name(), "false")) {
            var session = session(Map.of("principal", "anna"));
            node.create(session);
            node.persist(node.load(session.id(), START).orElseThrow(), TestSessions.principal("berta"));
            node.touch(node.load(session.id(), START).orElseThrow(), START);
            assertThat(node.delete(session.key(), START, SessionAdapter.Detail.METADATA))
                    .isPresent();
            assertThat(node.sweep(START, 10, SessionAdapter.Detail.METADATA)).isEmpty();
        }
    }

    /** A role that may do everything in a schema of its own needs no superuser. */
    @Test
    void roleThatMayCreateMigrates() throws Exception {
        String role = server.newRole();
        String schema = server.newSchema();
        server.execute("GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + role);
        try (SessionAdapter node = open(server.url(), role, role, JdbcSettings.SCHEMA.name(), schema)) {
            assertThat(node.create(session(Map.of()))).isPresent();
        }
    }

    @Test
    void unsupportedDatabase() {
        assertFails(
                SessionConfigException.class,
                () -> open("jdbc:mysql://127.0.0.1/shop?password=" + SECRET, "root", SECRET),
                "\"mysql\"",
                "not supported",
                "jdbc:postgresql:");
    }

    @Test
    void exhaustedPoolFailsWithinItsTimeout() throws Exception {
        TestDatabase database = TestDatabase.postgres();
        try (SessionAdapter node = JdbcSessionAdapter.open(TestSessions.context(
                database, JdbcSettings.POOL_SIZE.name(), "1", JdbcSettings.POOL_TIMEOUT.name(), "300ms"))) {
            var base = node.create(session(Map.of())).orElseThrow();
            AutoCloseable hold = database.hold(base.info().key());
            Thread waiting = new Thread(() -> node.touch(base, START));
            waiting.start();
            while (database.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == 0) {
                Thread.onSpinWait();
            }
            long begin = System.nanoTime();
            assertThatThrownBy(() -> node.load(SessionId.generate(), START))
                    .isInstanceOfSatisfying(
                            SessionStoreException.class,
                            e -> assertThat(e.outcomeUnknown()).isFalse())
                    .hasMessageContaining(JdbcSettings.POOL_TIMEOUT.name());
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(2));
            hold.close();
            waiting.join();
        }
        database.close();
    }

    /** Whoever waits for a lock longer than a statement may run is told so, and nothing has happened. */
    @Test
    void statementTimeoutIsACertainNonEvent() throws Exception {
        TestDatabase database = TestDatabase.postgres();
        try (SessionAdapter node =
                JdbcSessionAdapter.open(TestSessions.context(database, JdbcSettings.STATEMENT_TIMEOUT.name(), "1s"))) {
            var base = node.create(session(Map.of())).orElseThrow();
            AutoCloseable hold = database.hold(base.info().key());
            assertThatThrownBy(() -> node.persist(base, TestSessions.set("a", "1")))
                    .isInstanceOfSatisfying(SessionStoreException.class, e -> {
                        assertThat(e.outcomeUnknown()).isFalse();
                        assertThat(e.code()).contains("57014");
                    })
                    .hasMessageContaining(JdbcSettings.STATEMENT_TIMEOUT.name())
                    .satisfies(PostgresStartFailuresTest::assertDiscreet);
            hold.close();
            assertThat(node.reload(base.info().key(), START)
                            .orElseThrow()
                            .info()
                            .version())
                    .isEqualTo(1);
        }
        database.close();
    }

    /** A persist whose connection is cut in the middle may or may not have happened, and is not sent again. */
    @Test
    void lostConnectionLeavesAPersistUnknownAndATouchRepeated() throws Exception {
        TestDatabase database = TestDatabase.postgres();
        try (SessionAdapter node = JdbcSessionAdapter.open(TestSessions.context(database))) {
            var base = node.create(session(Map.of())).orElseThrow();
            AutoCloseable hold = database.hold(base.info().key());
            Thread killer = killer(database, "UPDATE");
            assertThatThrownBy(() -> node.persist(base, TestSessions.set("a", "1")))
                    .isInstanceOfSatisfying(
                            SessionStoreException.class,
                            e -> assertThat(e.outcomeUnknown()).isTrue())
                    .satisfies(PostgresStartFailuresTest::assertDiscreet);
            killer.join();
            hold.close();
            assertThat(node.reload(base.info().key(), START)
                            .orElseThrow()
                            .info()
                            .version())
                    .isEqualTo(1);

            AutoCloseable again = database.hold(base.info().key());
            Thread second = killer(database, "set_config");
            Thread release = new Thread(() -> {
                try {
                    second.join();
                    again.close();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            release.start();
            assertThat(node.touch(base, START.plusSeconds(1))).isTrue();
            release.join();
        }
        database.close();
    }

    /** Cuts the connection that waits for a lock with such a statement. */
    private static Thread killer(TestDatabase database, String statement) {
        Thread killer = new Thread(() -> {
            try {
                String kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        + " WHERE wait_event_type = 'Lock' AND query LIKE '%" + statement + "%'";
                while (database.number(kill) == 0) {
                    Thread.onSpinWait();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        killer.start();
        return killer;
    }
}
