package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.spi.SessionAdapter;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application is killed at a random moment under load, now and then while it starts, and started again on the same database,
 * over and over. {@code -Dgenie.test.faults=long} for hundreds of rounds.
 */
@Timeout(value = 60 * 60)
final class PostgresCrashTest {

    private static final boolean LONG = "long".equals(System.getProperty("genie.test.faults"));

    private static final int ROUNDS = LONG ? 250 : 3;

    /** In one of so many rounds it is killed while it starts. */
    private static final int STARTING = 10;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("genie.test.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final WrittenSessions written = new WrittenSessions();
    private final TestDatabase database = TestDatabase.postgres();

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(database.settings());
        // The machine may be busy, and nothing but a kill is to end anything here.
        settings.put(JdbcSettings.CONNECT_TIMEOUT.name(), "30s");
        settings.put(JdbcSettings.POOL_TIMEOUT.name(), "30s");
        settings.put(JdbcSettings.STATEMENT_TIMEOUT.name(), "30s");
        return settings;
    }

    /** What the application had sent when it died is done before the server lets go of its connections. */
    private SessionAdapter reopen() {
        database.checkNothingLeaked();
        return JdbcSessionAdapter.open(TestSessions.context(database));
    }

    @Test
    @DisplayName("no acknowledged change is lost when the process is killed, and nothing that ended comes back")
    void everyKillLeavesWhatWasAcknowledged() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            boolean isWriting = round % STARTING != STARTING - 1;
            long before = written.acknowledged();
            run(isWriting);
            if (isWriting) {
                assertThat(written.acknowledged())
                        .as("writes of round " + round)
                        .isGreaterThan(before);
            }
            try (SessionAdapter node = reopen()) {
                written.verify(node);
            }
        }
        try (SessionAdapter node = reopen()) {
            written.verifyEnded(node);
        }
        System.out.println("Application killed " + ROUNDS + " times (seed " + seed + "): " + written.size()
                + " sessions, " + written.acknowledged() + " writes acknowledged, " + written.inDoubt()
                + " under way when it died; acknowledged writes lost: 0");
    }

    private void run(boolean untilItWrites) throws Exception {
        Process application = WriterProcess.start(folder, settings(), random.nextLong(), written);
        try (BufferedReader output = ChildProcess.output(application)) {
            if (untilItWrites) {
                assertThat(output.readLine()).isEqualTo("open" + WriterProcess.WHOLE);
                for (long before = written.acknowledged(); written.acknowledged() == before; ) {
                    written.note(output.readLine());
                }
            }
            killIn(application, random.nextInt(untilItWrites ? (LONG ? 1_500 : 500) : 1_000));
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                written.note(line);
            }
        } finally {
            application.destroyForcibly();
        }
        application.waitFor();
        written.writersEnded();
    }

    /** SIGKILL: no hook runs, nothing is flushed. By its handle, which leaves the rest of the output readable. */
    private static void killIn(Process application, int millis) {
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)
                .execute(() -> application.toHandle().destroyForcibly());
    }
}
