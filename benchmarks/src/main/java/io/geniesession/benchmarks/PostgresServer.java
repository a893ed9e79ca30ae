package io.geniesession.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL of this process: started when it is first asked for, ended with the process, and on the loopback interface
 * only. A process that was given the port of one that runs already uses that one, so that the forks of a run need not start
 * their own. Safe for use by several threads.
 */
public final class PostgresServer {
    /** The system property that holds the port of a server which runs already. */
    public static final String PORT = "genie.benchmarks.postgres.port";

    private static @Nullable EmbeddedPostgres shared;

    private PostgresServer() {}

    /**
     * Returns the port of the server that was given to this process, or of its own, started if it was not.
     *
     * @return a port of the loopback interface
     * @throws UncheckedIOException if no server was given and it does not start
     */
    public static int port() {
        Integer given = Integer.getInteger(PORT);
        return given == null ? shared().getPort() : given;
    }

    /**
     * Returns the server, started if it was not.
     *
     * @return the server, which is not the caller's to close
     * @throws UncheckedIOException if it does not start
     */
    public static synchronized EmbeddedPostgres shared() {
        EmbeddedPostgres server = shared;
        if (server == null) {
            server = start();
            shared = server;
        }
        return server;
    }

    /** The library turns these settings off, which makes commits faster than any server that is meant to keep them. */
    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start", e);
        }
    }
}
