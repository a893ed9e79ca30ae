package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.spi.Settings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the settings make of the connections to PostgreSQL. */
final class PostgresOwnPoolTest {

    private static final String COMMIT =
            "SELECT setting || ' by ' || source FROM pg_settings WHERE name = 'synchronous_commit'";

    private final PostgresServer server = PostgresServer.get();

    private OwnPool open(String... settings) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return OwnPool.open(new JdbcUrl(server.url() + "?user=postgres"), Settings.of(all));
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void everyWaitHasAnEnd() throws SQLException {
        try (OwnPool pool =
                open(JdbcSettings.STATEMENT_TIMEOUT.name(), "1500ms", "genie.session.application", "back-office")) {
            Connection connection = pool.borrow();
            assertThat(pool.statementTimeout()).as("the server knows").isZero();
            assertThat(text(connection, "SHOW statement_timeout")).isEqualTo("1500ms");
            assertThat(connection.getNetworkTimeout()).isEqualTo(7_000);
            assertThat(text(connection, "SHOW application_name")).isEqualTo("genie-session-back-office");
            assertThat(text(connection, COMMIT)).as("set by the server alone").doesNotContain("session");
            pool.giveBack(connection);
        }
    }

    @Test
    void speedDoesNotWaitForTheDisk() throws SQLException {
        try (OwnPool pool = open(JdbcSettings.DURABILITY.name(), "fast")) {
            Connection connection = pool.borrow();
            assertThat(text(connection, COMMIT)).isEqualTo("off by session");
            assertThat(text(connection, "SHOW statement_timeout")).isEqualTo("5s");
            pool.giveBack(connection);
        }
    }

    @Test
    void statementsArePreparedOnTheServerFromTheFirstTimeOn() throws SQLException {
        try (OwnPool pool = open()) {
            Connection connection = pool.borrow();
            text(connection, "SELECT 'once'");
            assertThat(text(
                            connection,
                            "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT ''once'''"))
                    .isEqualTo("1");
            pool.giveBack(connection);
        }
    }
}
