package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.principal;
import static io.geniesession.jdbc.TestSessions.saved;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static io.geniesession.jdbc.TestSessions.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.Expiry;
import io.geniesession.SessionId;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H2 as a server, which several nodes share. */
final class H2ServerTest {

    @TempDir
    private Path folder;

    private Object server;
    private String url;

    /** By name, because the module itself needs H2 at run time only. */
    private Object call(Object target, String method) throws ReflectiveOperationException {
        return Class.forName("org.h2.tools.Server").getMethod(method).invoke(target);
    }

    @BeforeEach
    void start() throws Exception {
        String[] options = {"-tcpPort", "0", "-baseDir", folder.toString(), "-ifNotExists"};
        server = Class.forName("org.h2.tools.Server")
                .getMethod("createTcpServer", String[].class)
                .invoke(null, (Object) options);
        call(server, "start");
        url = "jdbc:h2:tcp://127.0.0.1:" + call(server, "getPort") + "/./shop;WRITE_DELAY=0";
    }

    @AfterEach
    void stop() throws Exception {
        call(server, "stop");
    }

    private SessionAdapter open() {
        return JdbcSessionAdapter.open(TestSessions.context(Map.of(JdbcSettings.URL.name(), url)));
    }

    @Test
    void nodesShareSessions() {
        try (SessionAdapter one = open();
                SessionAdapter two = open()) {
            NewSession session = session(Map.of());
            SessionRecord base = one.create(session).orElseThrow();
            Renewal renewal = new Renewal(SessionId.generate(), START);

            SessionRecord signedIn = saved(two.persist(
                    two.load(session.id(), START).orElseThrow(),
                    principal("anna").withRenewal(renewal)));
            saved(one.persist(base, set("cart", "x".repeat(100_000))));
            saved(two.persist(signedIn, set("color", "blue")));

            SessionRecord loaded = one.load(renewal.to(), START).orElseThrow();
            assertThat(loaded.info().principal()).contains("anna");
            assertThat(texts(loaded)).containsKeys("cart").containsEntry("color", "blue");
            assertThat(one.load(session.id(), START)).isEmpty();
        }
    }

    @Test
    void sweepAndDeletionAreSeenByAll() {
        try (SessionAdapter one = open();
                SessionAdapter two = open()) {
            one.create(session(Expiry.idle(Duration.ofSeconds(1), Duration.ZERO), Map.of()));
            NewSession kept = session(Map.of("principal", "anna"));
            one.create(kept);

            assertThat(two.sweep(START.plusSeconds(1).plus(TestDatabase.BUCKET), 10, SessionAdapter.Detail.ATTRIBUTES))
                    .hasSize(1);
            assertThat(two.delete(kept.key(), START, SessionAdapter.Detail.ATTRIBUTES))
                    .isPresent();
            assertThat(one.reload(kept.key(), START)).isEmpty();
        }
    }

    @Test
    void stoppedServerIsSaidInTime() throws Exception {
        try (SessionAdapter node = open()) {
            node.create(session(Map.of()));
            call(server, "stop");
            long begin = System.nanoTime();
            assertThatThrownBy(() -> node.load(SessionId.generate(), START))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("127.0.0.1");
            assertThat(System.nanoTime() - begin)
                    .isLessThan(Duration.ofSeconds(8).toNanos());
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining("does not answer");
    }
}
