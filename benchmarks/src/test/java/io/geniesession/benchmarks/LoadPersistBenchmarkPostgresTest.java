package io.geniesession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.RunnerException;

/** The contestant that needs a server; skipped, or failed with {@code -Dgenie.test.postgres.required=true}, without one. */
class LoadPersistBenchmarkPostgresTest {
    @Test
    @DisplayName("the server keeps a commit when it has answered")
    void serverIsDurable() throws Exception {
        try (EmbeddedPostgres server = Contestant.postgres()) {
            assertThat(setting(server, "fsync")).isEqualTo("on");
            assertThat(setting(server, "synchronous_commit")).isEqualTo("on");
            assertThat(setting(server, "full_page_writes")).isEqualTo("on");
        }
    }

    @Test
    @DisplayName("every benchmark runs")
    void everyBenchmarkRuns() throws RunnerException {
        SmokeRun.of(Contestant.JDBC_POSTGRES);
    }

    /** Whatever goes wrong, a missing binary or an unknown processor, has the same consequence. */
    @BeforeAll
    static void startServer() {
        try {
            Contestant.postgres().close();
        } catch (Exception | LinkageError e) {
            if (Boolean.getBoolean("genie.test.postgres.required")) {
                throw new IllegalStateException("PostgreSQL did not start", e);
            }
            abort("PostgreSQL did not start: " + e);
        }
    }

    private static String setting(EmbeddedPostgres server, String name) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW " + name)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
