package io.geniesession.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * One real PostgreSQL for all tests of this process, on the loopback interface, started by the first test that needs it and
 * stopped at the end. Where its programs are not to be had, tests are skipped, or fail with
 * {@code -Dgenie.test.postgres.required=true}.
 *
 * <p>With {@code -Dgenie.test.postgres.port} it is the one that {@link #main} has started in another process.
 */
final class PostgresServer {

    private static final String PORT = "genie.test.postgres.port";

    /** Processes that follow one another on the same server, each after the other was killed, have names of their own. */
    private static final long PROCESS = ProcessHandle.current().pid();

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static @Nullable PostgresServer server;
    private static @Nullable String failure;

    private final int port;

    private PostgresServer(int port) {
        this.port = port;
    }

    /** Starts the server for tests in other processes, and keeps it until this process is stopped. */
    public static void main(String[] args) throws InterruptedException {
        System.out.println("PostgreSQL for tests with -D" + PORT + "=" + get().port());
        Thread.currentThread().join();
    }

    static synchronized PostgresServer get() {
        if (server == null && failure == null) {
            start();
        }
        if (server != null) {
            return server;
        }
        if (Boolean.getBoolean("genie.test.postgres.required")) {
            throw new IllegalStateException("PostgreSQL did not start: " + failure);
        }
        Assumptions.abort("PostgreSQL did not start: " + failure);
        throw new AssertionError("not reached");
    }

    /** Whatever goes wrong, a missing binary or an unknown processor, has the same consequence. */
    private static void start() {
        Integer running = Integer.getInteger(PORT);
        if (running != null) {
            server = new PostgresServer(running);
            return;
        }
        try {
            EmbeddedPostgres programs = EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "200")
                    .start();
            PostgresServer started = new PostgresServer(programs.getPort());
            started.checkVersion();
            started.demandPasswords();
            server = started;
        } catch (Exception | LinkageError e) {
            failure = e.toString();
        }
    }

    /** Where other programs than those asked for were found, what passes would say nothing about the version asked for. */
    private void checkVersion() throws SQLException {
        String wanted = System.getProperty("postgres-server.version");
        try (Connection connection = connect()) {
            String found = connection.getMetaData().getDatabaseProductVersion();
            if (wanted != null && !wanted.startsWith(found + ".")) {
                throw new IllegalStateException("PostgreSQL " + found + " runs instead of " + wanted);
            }
        }
    }

    /** Lets everybody in as before, but asks the roles of {@link #newRole} for a password. */
    private void demandPasswords() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE guests");
            Path rules = Path.of(text(statement, "SHOW hba_file"));
            Files.writeString(rules, "host all +guests 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    int port() {
        return port;
    }

    String url() {
        return url("postgres");
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
    }

    /** Returns a connection of the superuser. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", "");
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Returns the name of a schema that no test uses yet. */
    String newName() {
        return "s" + PROCESS + "_" + NAMES.incrementAndGet();
    }

    /** Creates a schema of a name that no other test uses. */
    String newSchema() throws SQLException {
        String name = newName();
        execute("CREATE SCHEMA " + name);
        return name;
    }

    /** Creates a role that has to give its name as password. */
    String newRole() throws SQLException {
        String name = "guest" + PROCESS + "_" + NAMES.incrementAndGet();
        execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + name + "' IN ROLE guests");
        return name;
    }
}
