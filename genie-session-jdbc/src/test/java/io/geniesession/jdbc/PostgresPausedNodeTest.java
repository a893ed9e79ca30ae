package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.spi.SessionAdapter;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes, of which one stands still for a while, as by a long garbage collection, also with statements under way: nothing
 * acknowledged is lost, the other node goes on meanwhile, and the first one does afterwards.
 *
 * <p>{@code -Dgenie.test.faults=long} for many rounds.
 */
@Timeout(value = 60 * 60)
final class PostgresPausedNodeTest {

    private static final int ROUNDS = "long".equals(System.getProperty("genie.test.faults")) ? 40 : 1;

    /** Longer than any timeout of {@link #settings}. */
    private static final Duration LONG = Duration.ofMillis(3_500);

    private static final String WAITING =
            "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = ";

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("genie.test.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final TestDatabase database = TestDatabase.postgres();
    private final WrittenSessions written = new WrittenSessions();
    private long ended;

    /** What happens to a node that stands still. */
    private enum Pause {
        /** Nothing, at a random moment. */
        SHORT,
        /** All timeouts pass. */
        LONG,
        /** The database cuts all its connections. */
        CUT,
        /** Its statements, which waited for a lock, are done while it does not listen; then sessions of it are ended by others. */
        DONE_MEANWHILE,
        /** Its statements wait for a lock until the database gives up. */
        TIMED_OUT_MEANWHILE
    }

    /** A node, what it says and how much of that was a success. */
    private final class Node implements AutoCloseable {
        private final String name;
        private final Process process;
        private final Thread reader;
        private final AtomicLong acknowledged = new AtomicLong();
        private volatile @Nullable Throwable error;

        Node(String name) throws IOException {
            this.name = name;
            this.process = WriterProcess.start(folder, settings(name), random.nextLong(), new WrittenSessions());
            this.reader = new Thread(this::read, name);
            reader.start();
        }

        private void read() {
            try (BufferedReader output = ChildProcess.output(process)) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    written.note(line);
                    acknowledged.addAndGet(line.startsWith("done") ? 1 : 0);
                }
            } catch (IOException | AssertionError e) {
                error = e;
            }
        }

        void awaitMore(int writes) {
            long goal = acknowledged.get() + writes;
            FaultyNode.await(
                    FaultyNode.BOUND,
                    writes + " writes of " + name,
                    () -> (acknowledged.get() >= goal || error != null) ? true : null);
            assertThat(error).isNull();
        }

        void signal(String signal) throws Exception {
            assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        }

        long waiting() {
            return number("SELECT count(*) " + WAITING + "'" + name + "'");
        }

        @Override
        public void close() {
            process.toHandle().destroyForcibly();
            try {
                process.waitFor();
                reader.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private Map<String, String> settings(String name) {
        Map<String, String> settings = new HashMap<>(database.settings());
        settings.put(
                JdbcSettings.URL.name(),
                database.url().replaceFirst("ApplicationName=.*", "ApplicationName=" + name) + "&socketTimeout=2");
        settings.put(JdbcSettings.STATEMENT_TIMEOUT.name(), "1s");
        settings.put(JdbcSettings.POOL_TIMEOUT.name(), "2s");
        return settings;
    }

    private long number(String query) {
        try {
            return database.number(query);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void nodeThatStoodStillHasLostNothingAndGoesOn() throws Exception {
        JdbcSessionAdapter.open(TestSessions.context(database)).close();
        String prefix = "paused" + Math.floorMod(seed, 1_000_000);
        try (SessionAdapter observer = JdbcSessionAdapter.open(TestSessions.context(database));
                Node other = new Node(prefix + "b");
                Node paused = new Node(prefix + "a")) {
            for (int round = 0; round < ROUNDS; round++) {
                for (Pause pause : Pause.values()) {
                    paused.awaitMore(20);
                    pause(pause, paused, other, observer);
                    paused.awaitMore(20);
                }
            }
        }
        FaultyNode.await(
                Duration.ofSeconds(10),
                "all statements are over",
                () -> number("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '" + prefix + "%'") == 0
                        ? true
                        : null);
        written.writersEnded();
        try (SessionAdapter node = JdbcSessionAdapter.open(TestSessions.context(database))) {
            written.verify(node);
            written.verifyEnded(node);
        }
        System.out.println("One of two nodes stood still " + ROUNDS * Pause.values().length + " times (seed " + seed
                + "): " + written.acknowledged() + " writes acknowledged, " + written.failed()
                + " failed with a known outcome, " + written.inDoubt() + " with an unknown one, " + ended
                + " sessions ended by others meanwhile; acknowledged writes lost: 0");
        database.close();
    }

    private void pause(Pause pause, Node paused, Node other, SessionAdapter observer) throws Exception {
        switch (pause) {
            case SHORT -> {
                LockSupport.parkNanos(random.nextInt(50_000_000));
                paused.signal("STOP");
                other.awaitMore(20);
            }
            case LONG -> {
                paused.signal("STOP");
                long start = System.nanoTime();
                while (System.nanoTime() - start < LONG.toNanos()) {
                    other.awaitMore(20);
                }
            }
            case CUT -> {
                paused.signal("STOP");
                number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '"
                        + paused.name + "'");
                other.awaitMore(20);
            }
            case DONE_MEANWHILE -> {
                stopWithStatementsUnderWay(paused, () -> {});
                FaultyNode.await(FaultyNode.BOUND, "statements are done", () -> paused.waiting() == 0 ? true : null);
                other.awaitMore(20);
                ended += written.end(10, observer);
            }
            case TIMED_OUT_MEANWHILE -> {
                stopWithStatementsUnderWay(
                        paused,
                        () -> FaultyNode.await(
                                FaultyNode.BOUND, "the database gives up", () -> paused.waiting() == 0 ? true : null));
                other.awaitMore(20);
            }
        }
        paused.signal("CONT");
    }

    /** Keeps everybody from writing until a statement of the node waits, stops the node, does something and lets all go on. */
    private void stopWithStatementsUnderWay(Node paused, Runnable meanwhile) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE genie_session IN SHARE MODE");
            FaultyNode.await(FaultyNode.BOUND, "a statement that waits", () -> paused.waiting() > 0 ? true : null);
            paused.signal("STOP");
            meanwhile.run();
            connection.rollback();
        }
    }
}
