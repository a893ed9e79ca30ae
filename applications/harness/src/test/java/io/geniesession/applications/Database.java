package io.geniesession.applications;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** A real PostgreSQL, which the nodes of an application share. */
final class Database implements AutoCloseable {

    private final EmbeddedPostgres postgres;

    private Database(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Starts it, or skips the tests that need it. */
    static Database start() throws IOException {
        try {
            return new Database(EmbeddedPostgres.builder().start());
        } catch (IOException | RuntimeException e) {
            if (Boolean.getBoolean("genie.test.postgres.required")) {
                throw e;
            }
            Assumptions.abort("PostgreSQL cannot be started here: " + e.getMessage());
            throw e;
        }
    }

    private String url() {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
    }

    /** What a node has to know to keep its sessions here. */
    Map<String, String> settings() {
        return Map.of(
                "genie.session.jdbc.url", url(),
                "genie.session.jdbc.user", "postgres",
                "genie.session.jdbc.password", "postgres");
    }

    /** Runs a statement and returns how many rows it changed. */
    int execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
