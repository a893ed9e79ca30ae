package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.SessionKey;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionLog;
import io.geniesession.spi.SessionRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An empty place for sessions, one for each test, and a way to look into it past the adapter. */
abstract class TestDatabase implements AutoCloseable {

    /** How long after its expiry a session may stay stored: until its bucket is over. */
    static final Duration BUCKET = Duration.ofMillis(1L << Dialect.BUCKET_BITS);

    private static final AtomicInteger NAMES = new AtomicInteger();

    /** Returns the settings that lead there. */
    abstract Map<String, String> settings();

    /** Returns a connection of the test's own. */
    abstract Connection connect() throws SQLException;

    /** Fails if an adapter that was closed still holds something. */
    abstract void checkNothingLeaked();

    @Override
    public abstract void close();

    static TestDatabase h2InMemory() {
        return new H2("jdbc:h2:mem:test" + NAMES.incrementAndGet(), null);
    }

    static TestDatabase h2File() {
        try {
            Path folder = Files.createTempDirectory("genie-session-test");
            return new H2("jdbc:h2:async:" + folder.resolve("sessions") + ";WRITE_DELAY=0", folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TestDatabase postgres() {
        return new Postgres(PostgresServer.get());
    }

    /** Returns a schema in which nobody has created anything yet. */
    static TestDatabase emptyPostgres() {
        return new Postgres(PostgresServer.get(), Postgres.newSchema(PostgresServer.get()));
    }

    String url() {
        return settings().get(JdbcSettings.URL.name());
    }

    /** Runs statements past the adapter, with {@code genie_session} as the name of the table. */
    final void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Returns the first column of the first row. */
    final long number(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }

    /** Locks a session's row as a request does that is just writing it. */
    final AutoCloseable hold(SessionKey key) {
        try {
            Connection connection = connect();
            connection.setAutoCommit(false);
            try (PreparedStatement statement =
                    connection.prepareStatement("UPDATE genie_session SET version = version WHERE session_key = ?")) {
                statement.setObject(1, key.value());
                assertThat(statement.executeUpdate()).isEqualTo(1);
            }
            return () -> {
                connection.rollback();
                connection.close();
            };
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Adds several changes in one statement, as combined persists are stored. */
    final boolean persistMerged(SessionRecord base, List<SessionChanges> changes) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(
                        "UPDATE genie_session SET changes = ? || changes, version = version + ? WHERE session_key = ?")) {
            statement.setBytes(1, merged(changes));
            statement.setLong(2, changes.size());
            statement.setObject(3, base.info().key().value());
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] merged(List<SessionChanges> changes) {
        var all = new ByteArrayOutputStream();
        for (int i = changes.size() - 1; i >= 0; i--) {
            SessionChanges change = changes.get(i);
            all.writeBytes(SessionLog.encode(change.set(), change.removed(), change.indexes()));
        }
        return all.toByteArray();
    }

    private static final class H2 extends TestDatabase {
        private final String url;
        private final @Nullable Path folder;

        /** What keeps a database in memory alive between two adapters of a test. */
        private final @Nullable Connection anchor;

        H2(String url, @Nullable Path folder) {
            this.url = url;
            this.folder = folder;
            try {
                this.anchor = folder == null ? connect() : null;
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        Map<String, String> settings() {
            return Map.of(JdbcSettings.URL.name(), url);
        }

        @Override
        Connection connect() throws SQLException {
            return DriverManager.getConnection(url);
        }

        /** The database closes with its last connection: it cannot be found then, or another one could lock its file. */
        @Override
        void checkNothingLeaked() {
            if (folder == null) {
                closeAnchor();
                try (Connection connection = DriverManager.getConnection(url + ";IFEXISTS=TRUE")) {
                    throw new AssertionError("The database is still open: " + connection);
                } catch (SQLException e) {
                    assertThat(e.getSQLState()).isEqualTo("90146");
                }
                return;
            }
            try (var file = FileChannel.open(folder.resolve("sessions.mv.db"), StandardOpenOption.WRITE);
                    var lock = file.tryLock()) {
                assertThat(lock).isNotNull();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void closeAnchor() {
            try {
                if (anchor != null) {
                    anchor.close();
                }
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            if (folder == null) {
                closeAnchor();
                return;
            }
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
                Files.delete(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Postgres extends TestDatabase {
        private static final Duration PATIENCE = Duration.ofSeconds(10);
        private static final Queue<String> EMPTY = new ConcurrentLinkedQueue<>();

        private final PostgresServer server;
        private final String schema;
        private final String application;
        private final boolean reused;

        /** Takes a schema that a test before has left empty, because creating the tables takes longer than most tests. */
        Postgres(PostgresServer server) {
            this.server = server;
            this.schema = Objects.requireNonNullElseGet(EMPTY.poll(), () -> newSchema(server));
            this.application = "test-" + schema;
            this.reused = true;
        }

        Postgres(PostgresServer server, String schema) {
            this.server = server;
            this.schema = schema;
            this.application = "test-" + schema;
            this.reused = false;
        }

        private static String newSchema(PostgresServer server) {
            try {
                return server.newSchema();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        Map<String, String> settings() {
            Map<String, String> settings = new HashMap<>();
            settings.put(
                    JdbcSettings.URL.name(),
                    server.url() + "?currentSchema=" + schema + "&ApplicationName=" + application);
            settings.put(JdbcSettings.USER.name(), "postgres");
            return settings;
        }

        @Override
        Connection connect() throws SQLException {
            return DriverManager.getConnection(server.url() + "?currentSchema=" + schema, "postgres", "");
        }

        /** The server needs a moment to notice that a connection was closed. */
        @Override
        void checkNothingLeaked() {
            String count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + application + "'";
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            try {
                while (number(count) > 0) {
                    assertThat(System.nanoTime()).as("connections leaked").isLessThan(deadline);
                }
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }

        /** The table does not compute these columns: whatever the test did, they have to follow from the others. */
        private void checkExpiry() throws SQLException {
            assertThat(number("""
                            SELECT count(*) FROM genie_session
                            WHERE expires_at <> CASE WHEN max_idle = 0 THEN lifetime_end
                                ELSE LEAST(lifetime_end, last_accessed + max_idle + touch_every) END
                              OR expiry_bucket <> (expires_at >> 21) + 1
                            """))
                    .as("rows whose expiry is not that of their access")
                    .isZero();
        }

        @Override
        public void close() {
            try {
                if (reused) {
                    checkExpiry();
                    execute("TRUNCATE genie_session CASCADE");
                    EMPTY.add(schema);
                } else {
                    server.execute("DROP SCHEMA " + schema + " CASCADE");
                }
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }
}
