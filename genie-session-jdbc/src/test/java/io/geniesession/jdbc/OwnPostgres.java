package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of one test's own, on the loopback interface, to be stopped, killed, followed and started again. Commits are on
 * disk when they return. Belongs to one thread.
 */
final class OwnPostgres implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Map<String, String> settings;
    private final int port;
    private @Nullable EmbeddedPostgres running;

    private OwnPostgres(Path folder, Map<String, String> settings) throws IOException {
        this.folder = folder;
        this.settings = settings;
        EmbeddedPostgres first = start(0);
        this.running = first;
        this.port = first.getPort();
    }

    /** Starts a server, or skips the test where there is none to be had. */
    static OwnPostgres create() throws IOException {
        return create(Map.of());
    }

    /** The same with settings of the server. */
    static OwnPostgres create(Map<String, String> settings) throws IOException {
        PostgresServer.get();
        return new OwnPostgres(
                Files.createTempDirectory("genie-session-postgres").resolve("data"), settings);
    }

    private EmbeddedPostgres start(int fixedPort) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPGStartupWait(PATIENCE)
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on");
        settings.forEach(builder::setServerConfig);
        return (fixedPort == 0 ? builder : builder.setPort(fixedPort)).start();
    }

    void start() throws IOException {
        running = start(port);
    }

    /** Shuts down in good order; sessions that are connected are ended. */
    void stop() throws IOException {
        EmbeddedPostgres server = running;
        running = null;
        if (server != null) {
            server.close();
        }
    }

    /** Shuts down immediately: no checkpoint, and no goodbye. What is in the write-ahead log is all that is left. */
    void kill() throws Exception {
        long pid = Long.parseLong(
                Files.readAllLines(folder.resolve("postmaster.pid")).get(0));
        Process kill = new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).start();
        assertThat(kill.waitFor()).isZero();
        var process = ProcessHandle.of(pid);
        if (process.isPresent()) {
            process.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        stop();
    }

    /** Starts a standby that follows this server, which is stopped for the copy. */
    OwnPostgres startStandby() throws Exception {
        stop();
        Path copy = Files.createTempDirectory("genie-session-standby").resolve("data");
        copy(folder, copy);
        start();
        Files.createFile(copy.resolve("standby.signal"));
        Path file = copy.resolve("postgresql.auto.conf");
        Files.writeString(
                file,
                Files.readString(file) + "\nprimary_conninfo = 'host=127.0.0.1 port=" + port + " user=postgres'\n");
        OwnPostgres standby = new OwnPostgres(copy, settings);
        FaultyNode.await(PATIENCE, "the standby follows", () -> isFollowed() ? true : null);
        return standby;
    }

    private boolean isFollowed() {
        try {
            return number("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == 1;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.copy(directory, to.resolve(from.relativize(directory)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Makes a standby the primary. */
    void promote() throws SQLException {
        assertThat(number("SELECT CASE WHEN pg_promote(true, 60) THEN 1 ELSE 0 END"))
                .isEqualTo(1);
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    String url() {
        return "jdbc:postgresql://" + address() + "/postgres?user=postgres";
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Returns the first column of the first row. */
    long number(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        Files.walkFileTree(folder.getParent(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
