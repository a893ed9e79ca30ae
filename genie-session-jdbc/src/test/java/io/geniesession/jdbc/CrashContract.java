package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.spi.SessionAdapter;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application is killed at a random moment under load, now and then while it starts, and started again on the same store, over
 * and over. {@code -Dgenie.test.faults=long} for hundreds of rounds.
 */
@Timeout(value = 60 * 60)
abstract class CrashContract {

    private static final boolean LONG = "long".equals(System.getProperty("genie.test.faults"));

    /** In one of so many rounds it is killed while it starts. */
    private static final int STARTING = 10;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("genie.test.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final WrittenSessions written = new WrittenSessions();

    static int rounds(int shortForm) {
        return LONG ? 250 : shortForm;
    }

    abstract int rounds();

    /** Returns the settings of the application, which runs in this folder. */
    abstract Map<String, String> settings(Path home);

    /** Opens the store after the application is gone, and everything that it had sent is done or undone. */
    abstract SessionAdapter reopen(Path home);

    @Test
    @DisplayName("no acknowledged change is lost when the process is killed, and nothing that ended comes back")
    void everyKillLeavesWhatWasAcknowledged() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            boolean isWriting = round % STARTING != STARTING - 1;
            long before = written.acknowledged();
            run(isWriting);
            if (isWriting) {
                assertThat(written.acknowledged())
                        .as("writes of round " + round)
                        .isGreaterThan(before);
            }
            try (SessionAdapter node = reopen(folder)) {
                written.verify(node);
            }
        }
        try (SessionAdapter node = reopen(folder)) {
            written.verifyEnded(node);
        }
        System.out.println("Application killed " + rounds() + " times (seed " + seed + "), "
                + getClass().getSimpleName() + ": " + written.size() + " sessions, " + written.acknowledged()
                + " writes acknowledged, " + written.inDoubt()
                + " under way when it died; acknowledged writes lost: 0");
    }

    private void run(boolean untilItWrites) throws Exception {
        Process application = WriterProcess.start(folder, settings(folder), random.nextLong(), written);
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
