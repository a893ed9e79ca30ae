package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.saved;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionStoreException;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A primary that dies and a standby that takes its place: real ones, with streaming replication. */
@Timeout(5 * 60)
final class PostgresFailoverTest {

    private static final int THREADS = 4;

    private static SessionAdapter open(String url, String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put(JdbcSettings.URL.name(), url);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return JdbcSessionAdapter.open(new TestContext(SettableClock.at(START), settings));
    }

    private static void assertTakesNoChanges(Runnable write) {
        assertThatThrownBy(write::run)
                .isInstanceOfSatisfying(SessionStoreException.class, e -> {
                    assertThat(e.outcomeUnknown()).isFalse();
                    assertThat(e.code()).contains("25006");
                })
                .hasMessageContaining("takes no changes (SQLSTATE 25006): it is a standby");
    }

    @Test
    void standbyTakesOverAndNothingAcknowledgedIsLost() throws Exception {
        try (OwnPostgres primary = OwnPostgres.create()) {
            open(primary.url()).close();
            try (OwnPostgres standby = primary.startStandby()) {
                // What is acknowledged is on both.
                primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()");
                failOver(primary, standby);
            }
        }
    }

    private static void failOver(OwnPostgres primary, OwnPostgres standby) throws Exception {
        String hosts = "jdbc:postgresql://" + primary.address() + "," + standby.address()
                + "/postgres?user=postgres&targetServerType=primary";
        assertThatThrownBy(() -> open(standby.url()).close())
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining("takes no changes (SQLSTATE 25006)")
                .hasMessageContaining("targetServerType=primary");
        try (SessionAdapter both = open(hosts);
                AcknowledgedLoad load = new AcknowledgedLoad(both, THREADS)) {
            load.awaitMore(100);
            primary.kill();
            standby.promote();
            load.awaitMore(100);
            load.verify(both);
            assertThat(load.longest()).isLessThan(FaultyNode.BOUND);
            System.out.println("Failover: " + load.acknowledged() + " writes acknowledged, " + load.failed()
                    + " calls failed, " + load.unknown() + " of them of unknown outcome, the longest took "
                    + load.longest().toMillis() + " ms; acknowledged writes lost: 0");
        }
    }

    /** While a server takes no changes, what only reads goes on, and connections that lead there are not kept. */
    @Test
    void connectionToAServerThatTakesNoChangesIsGivenUp() throws Exception {
        PostgresServer server = PostgresServer.get();
        String role = server.newRole();
        String schema = server.newSchema();
        server.execute("GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + role);
        try (SessionAdapter node = open(
                server.url(),
                JdbcSettings.USER.name(),
                role,
                JdbcSettings.PASSWORD.name(),
                role,
                JdbcSettings.SCHEMA.name(),
                schema,
                JdbcSettings.POOL_SIZE.name(),
                "1")) {
            NewSession session = session(Map.of());
            SessionRecord base = node.create(session).orElseThrow();
            // Holds for connections that are opened from now on, as the address of another server does.
            server.execute("ALTER ROLE " + role + " SET default_transaction_read_only = on");
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
            assertThat(FaultyNode.await(
                            FaultyNode.BOUND,
                            "a read",
                            () -> node.load(session.id(), START).orElse(null)))
                    .isNotNull();
            assertTakesNoChanges(() -> node.persist(base, set("a", "1")));
            assertTakesNoChanges(() -> node.touch(base, START.plusSeconds(1)));
            assertThat(node.load(session.id(), START)).isPresent();

            server.execute("ALTER ROLE " + role + " RESET default_transaction_read_only");
            assertTakesNoChanges(() -> node.persist(base, set("a", "1")));
            saved(node.persist(base, set("a", "1")));
        }
    }

    /** A host that swallows everything leaves time for the next one, also at the start. */
    @Test
    void silentHostLeavesTimeForTheNext() throws Exception {
        PostgresServer server = PostgresServer.get();
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Once its queue is full, the system answers no further attempt to connect.
            List<Socket> queue = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket();
                queue.add(socket);
                try {
                    socket.connect(silent.getLocalSocketAddress(), 200);
                } catch (SocketTimeoutException e) {
                    break;
                }
            }
            String hosts = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + ",127.0.0.1:" + server.port()
                    + "/postgres?user=postgres&currentSchema=" + server.newSchema();
            try (SessionAdapter node = open(hosts, JdbcSettings.CONNECT_TIMEOUT.name(), "1s")) {
                assertThat(node.create(session(Map.of()))).isPresent();
            }
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }
}
