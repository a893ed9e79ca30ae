package io.geniesession.benchmarks;

import io.geniesession.Sessions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A store that takes part. Each opening begins with an empty one; closing leaves nothing behind. */
public enum Contestant {
    /**
     * The memory adapter: values by reference, no encoding. The baseline. It is bounded, so that sessions which are created
     * without end make each other leave instead of filling the heap.
     */
    MEMORY {
        @Override
        Arena open() {
            Sessions sessions = builder("memory")
                    .set("genie.session.memory.max-sessions", "100000")
                    .open();
            return new Arena(sessions, () -> {});
        }
    },

    /** The JDBC adapter with an embedded H2 file, every commit on disk when it returns, as by default. */
    JDBC_H2 {
        @Override
        Arena open() {
            Path folder = temporaryFolder();
            Closeable cleanUp = () -> delete(folder);
            return Arena.over(
                    cleanUp,
                    () -> jdbc("jdbc:h2:file:" + folder.resolve("sessions") + ";WRITE_DELAY=0")
                            .open());
        }
    },

    /** The JDBC adapter with a local PostgreSQL, every commit on disk when it returns, as servers come by default. */
    JDBC_POSTGRES {
        @Override
        Arena open() {
            EmbeddedPostgres server = postgres();
            return Arena.over(
                    server,
                    () -> jdbc("jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres")
                            .set("genie.session.jdbc.user", "postgres")
                            .open());
        }
    };

    /** Opens an empty store. */
    abstract Arena open();

    private static Sessions.Builder jdbc(String url) {
        return builder("jdbc").set("genie.session.jdbc.url", url);
    }

    /** Nothing expires and nothing is swept while it is measured; the quantum, a thirtieth of the timeout, does not pass. */
    private static Sessions.Builder builder(String adapter) {
        return Sessions.builder()
                .adapter(adapter)
                .idleTimeout(Duration.ofDays(10))
                .set("genie.session.sweep", "false");
    }

    /** The library turns both settings off, which makes commits faster than any server that is meant to keep them. */
    static EmbeddedPostgres postgres() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start", e);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("genie-session-benchmark");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
