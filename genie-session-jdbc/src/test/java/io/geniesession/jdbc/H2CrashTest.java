package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.SessionKey;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionRecord;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes to the default H2 file is killed in the middle, twenty times, on one file. */
@Timeout(value = 170, unit = TimeUnit.SECONDS)
final class H2CrashTest {

    private static final int ROUNDS = 20;

    private final Random random = new Random(42);

    @Test
    @DisplayName("no acknowledged change is lost when the process is killed")
    void acknowledgedChangesSurviveAKill(@TempDir Path folder) throws Exception {
        Map<SessionKey, Integer> acknowledged = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            int before = acknowledged.size();
            writeAndKill(folder, 20 + random.nextInt(300), acknowledged);
            assertThat(acknowledged).hasSizeGreaterThan(before);
            assertAllThere(folder, acknowledged);
        }
    }

    private static void writeAndKill(Path folder, int acknowledgements, Map<SessionKey, Integer> acknowledged)
            throws Exception {
        Process writer = EmbeddedChild.start(folder, "write");
        try (BufferedReader output = ChildProcess.output(writer)) {
            assertThat(output.readLine()).isEqualTo("open");
            for (int i = 0; i < acknowledgements; i++) {
                note(output.readLine(), acknowledged);
            }
            // SIGKILL: no hook runs, nothing is flushed. By its handle, which leaves the rest of the output readable.
            writer.toHandle().destroyForcibly();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                note(line, acknowledged);
            }
        } finally {
            writer.destroyForcibly();
        }
        writer.waitFor();
    }

    /** The last line may be cut off in the middle: then it is no acknowledgement. */
    private static void note(String line, Map<SessionKey, Integer> acknowledged) {
        String[] parts = line.split(" ", -1);
        if (parts.length == 2 && !parts[1].isEmpty()) {
            acknowledged.merge(new SessionKey(UUID.fromString(parts[0])), Integer.valueOf(parts[1]), Math::max);
        }
    }

    private static void assertAllThere(Path folder, Map<SessionKey, Integer> acknowledged) {
        String url = "jdbc:h2:async:" + folder.resolve("genie-session").resolve("default");
        try (SessionAdapter node = JdbcSessionAdapter.open(
                TestSessions.context(Map.of(JdbcSettings.URL.name(), url + ";WRITE_DELAY=0")))) {
            acknowledged.forEach((key, count) -> {
                SessionRecord record = node.reload(key, START).orElseThrow(() -> new AssertionError(key + " is lost"));
                int stored = Integer.parseInt(TestSessions.texts(record).getOrDefault("count", "0"));
                assertThat(stored).as("changes of %s", key).isGreaterThanOrEqualTo(count);
            });
        }
    }
}
