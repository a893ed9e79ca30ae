package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionId;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PgBouncer between a node and PostgreSQL, with few connections to the server. Skipped where it is not installed. */
@Timeout(5 * 60)
final class PgBouncerTest {

    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");
    private static final int THREADS = 8;
    private static final int WRITES = 500;

    @TempDir
    private Path folder;

    private final String database = PostgresServer.get().newName();

    private @Nullable Process bouncer;

    @BeforeEach
    void createDatabase() throws Exception {
        PostgresServer.get().execute("CREATE DATABASE " + database);
    }

    @AfterEach
    void stop() throws Exception {
        if (bouncer != null) {
            bouncer.destroy();
            assertThat(bouncer.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        PostgresServer.get().execute("DROP DATABASE " + database + " WITH (FORCE)");
    }

    @ParameterizedTest
    @CsvSource({"session, '', 3", "transaction, prepareThreshold=0, 8"})
    void nothingAcknowledgedIsLost(String mode, String options, int connections) throws Exception {
        int port = start(mode, 3);
        try (SessionAdapter node = open(port, options, connections);
                AcknowledgedLoad load = new AcknowledgedLoad(node, THREADS)) {
            load.awaitMore(WRITES);
            load.verify(node);
            assertThat(load.failed()).isZero();
        }
    }

    @Test
    void whatIsMissingForTransactionsIsSaid() throws Exception {
        open(PostgresServer.get().port(), "", 1).close();
        int port = start("transaction", 1);
        try (SessionAdapter node = open(port, "", 1)) {
            assertThat(node.load(SessionId.generate(), TestSessions.START)).isEmpty();
            assertThatThrownBy(() -> open(port, "", 1).close())
                    .isInstanceOf(SessionConfigException.class)
                    .hasMessageContaining("mixes up prepared statements (SQLSTATE 42P05)")
                    .hasMessageContaining("prepareThreshold=0");
        }
    }

    private SessionAdapter open(int port, String options, int connections) {
        return JdbcSessionAdapter.open(new TestContext(
                SettableClock.at(TestSessions.START),
                Map.of(
                        JdbcSettings.URL.name(),
                        "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?" + options,
                        JdbcSettings.USER.name(),
                        "postgres",
                        JdbcSettings.POOL_SIZE.name(),
                        Integer.toString(connections))));
    }

    private int start(String mode, int serverConnections) throws Exception {
        assumeTrue(Files.isExecutable(PROGRAM), "PgBouncer is not installed");
        int port = freePort();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path users = Files.writeString(folder.resolve("users.txt"), "\"postgres\" \"\"\n");
        Path settings = Files.writeString(
                folder.resolve("pgbouncer.ini"),
                String.format(Locale.ROOT, """
                [databases]
                * = host=127.0.0.1 port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = trust
                auth_file = %s
                pool_mode = %s
                default_pool_size = %d
                ignore_startup_parameters = extra_float_digits
                """, PostgresServer.get().port(), port, users, mode, serverConnections));
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), settings.toString()));
        if ("root".equals(System.getProperty("user.name"))) {
            // It refuses to run as root.
            command.addAll(1, List.of("-u", "nobody"));
        }
        bouncer = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        FaultyNode.await(Duration.ofSeconds(20), "PgBouncer", () -> accepts(port) ? true : null);
        return port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
