package io.geniesession.benchmarks;

import static org.junit.jupiter.api.Assumptions.abort;

/** Decides what becomes of a test without a server: skipped, or failed with {@code -Dgenie.test.postgres.required=true}. */
public final class Postgres {
    private Postgres() {}

    /** Starts the server. Whatever goes wrong, a missing binary or an unknown processor, has the same consequence. */
    public static void require() {
        try {
            PostgresServer.shared();
        } catch (Exception | LinkageError e) {
            if (Boolean.getBoolean("genie.test.postgres.required")) {
                throw new IllegalStateException("PostgreSQL did not start", e);
            }
            abort("PostgreSQL did not start: " + e);
        }
    }
}
