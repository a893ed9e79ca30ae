package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.geniesession.SessionStoreException;
import io.geniesession.spi.SessionAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the H2 file is full for a while: a small file system of its own, which only root can mount. */
@Timeout(120)
final class H2DiskFullTest {

    private static final long SIZE = 8 << 20;

    @TempDir
    private Path folder;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", folder.toString()),
                "no file system can be mounted here");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", folder.toString());
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void fill(Path ballast) {
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            // Full.
        }
    }

    private static @Nullable SessionStoreException failure(SessionAdapter node) {
        try {
            node.create(session(Map.of()));
            return null;
        } catch (SessionStoreException e) {
            return e.getMessage().contains("a moment ago") ? null : e;
        }
    }

    @Test
    void fullDiskIsSaidAndPasses() throws Exception {
        String url = "jdbc:h2:async:" + folder.resolve("sessions") + ";WRITE_DELAY=0";
        try (SessionAdapter node = JdbcSessionAdapter.open(TestSessions.context(
                        Map.of(JdbcSettings.URL.name(), url, JdbcSettings.POOL_TIMEOUT.name(), "1s")));
                AcknowledgedLoad load = new AcknowledgedLoad(node, 1)) {
            load.awaitMore(100);
            Path ballast = folder.resolve("ballast");
            fill(ballast);
            SessionStoreException said = FaultyNode.await(FaultyNode.BOUND, "a failure", () -> failure(node));
            assertThat(said)
                    .hasMessageContaining("its file could not be read or written (SQLSTATE ")
                    .hasMessageContaining("is its disk full?");
            long failed = load.failed();
            FaultyNode.await(FaultyNode.BOUND, "more failures", () -> load.failed() > failed + 5 ? true : null);
            Files.delete(ballast);
            load.awaitMore(100);
            load.verify(node);
            System.out.println("Full disk: " + load.acknowledged() + " writes acknowledged, " + load.failed()
                    + " failed, " + load.unknown() + " of them of unknown outcome; acknowledged writes lost: 0");
        }
    }
}
