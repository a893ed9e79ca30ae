package io.geniesession.benchmarks;

import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A database that one store has to itself, empty at first and gone when it is closed. A commit is on disk when it returns.
 *
 * <p>Safe for use by several threads.
 */
public final class Database implements Closeable {
    /** How many connections every contestant's pool holds at most. */
    public static final int POOL_SIZE = 10;

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String url;
    private final String user;
    private final Closeable cleanUp;

    /**
     * Describes a database that exists.
     *
     * @param url where it is
     * @param user who signs in, without a password
     * @param cleanUp what closing does
     */
    public Database(String url, String user, Closeable cleanUp) {
        this.url = requireNonNull(url, "url");
        this.user = requireNonNull(user, "user");
        this.cleanUp = requireNonNull(cleanUp, "cleanUp");
    }

    /**
     * Creates a database in the {@linkplain PostgresServer server} of this process.
     *
     * @return the database
     */
    public static Database postgres() {
        // Several processes may use the same server.
        String name = "benchmark_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
        administer("CREATE DATABASE " + name);
        return new Database(postgresUrl(name), "postgres", () -> administer("DROP DATABASE " + name + " WITH (FORCE)"));
    }

    private static String postgresUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + PostgresServer.port() + "/" + database;
    }

    private static void administer(String sql) {
        try (Connection connection = DriverManager.getConnection(postgresUrl("postgres"), "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("Failed: " + sql, e);
        }
    }

    /**
     * Creates an H2 file in a folder of its own, with the settings of our default, and keeps it open in this process.
     *
     * @return the database
     */
    public static Database h2() {
        Path folder = temporaryFolder();
        String url = "jdbc:h2:file:" + folder.resolve("sessions") + ";WRITE_DELAY=0;OPTIMIZE_REUSE_RESULTS=0";
        try {
            // An embedded database closes with its last connection, and would be opened and closed time and again.
            Connection anchor = DriverManager.getConnection(url, "sa", "");
            return new Database(url, "sa", () -> closeH2(anchor, folder));
        } catch (SQLException e) {
            throw new IllegalStateException("The file did not open", e);
        }
    }

    private static void closeH2(Connection anchor, Path folder) throws IOException {
        try {
            anchor.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
        delete(folder);
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("genie-session-benchmark");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a folder and everything in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }

    /**
     * Returns where the database is.
     *
     * @return the URL
     */
    public String url() {
        return url;
    }

    /**
     * Returns who signs in.
     *
     * @return the user, who has no password
     */
    public String user() {
        return user;
    }

    /**
     * Tells the two kinds apart.
     *
     * @return true for PostgreSQL, false for H2
     */
    public boolean isPostgres() {
        return url.startsWith("jdbc:postgresql:");
    }

    /**
     * Opens a connection beside all pools, to look at what they do.
     *
     * @return a connection, to be closed by the caller
     * @throws SQLException if the database does not answer
     */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, "");
    }

    /** Opens a pool such as every contestant gets that takes a {@code DataSource}. */
    HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setMaximumPoolSize(POOL_SIZE);
        return new HikariDataSource(config);
    }

    @Override
    public void close() throws IOException {
        cleanUp.close();
    }
}
