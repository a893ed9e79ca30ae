package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;

final class PostgresMigrationsTest extends MigrationsContract {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    TestDatabase empty() {
        return TestDatabase.emptyPostgres();
    }

    @Override
    String primaryKey() {
        return "session_key";
    }

    @Override
    String primaryKeyType() {
        return "uuid";
    }

    @Override
    String schema() {
        return PostgresServer.get().newName();
    }

    /** The server needs a moment to notice that connections were closed. */
    @Override
    void checkConnections(TestDatabase asked, int most) {
        String application = asked.url().replaceFirst(".*ApplicationName=", "");
        String count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + application + "'";
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (number(asked, count) > most) {
            assertThat(System.nanoTime()).as("more than %d connections", most).isLessThan(deadline);
        }
    }

    private static long number(TestDatabase asked, String query) {
        try {
            return asked.number(query);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
