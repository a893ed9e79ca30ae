package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionConfigException;
import io.geniesession.spi.SessionAdapter;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a provider takes for a database of ours. */
final class JdbcSessionAdapterProviderTest {

    private final List<String> calls = new ArrayList<>();

    /** Leads to a database that says of itself what the test wants it to say. */
    private DataSource database(String name, int version) {
        DatabaseMetaData about = CountingDataSource.proxy(
                DatabaseMetaData.class,
                (self, method, arguments) ->
                        method.getName().equals("getDatabaseProductName") ? name : (Object) version);
        return new SimpleDataSource(() -> CountingDataSource.proxy(Connection.class, (self, method, arguments) -> {
                    calls.add(method.getName());
                    return switch (method.getName()) {
                        case "getAutoCommit" -> true;
                        case "getTransactionIsolation" -> Connection.TRANSACTION_READ_COMMITTED;
                        case "getMetaData" -> about;
                        case "unwrap" -> self;
                        case "hashCode" -> System.identityHashCode(self);
                        case "equals" -> self == arguments[0];
                        default -> null;
                    };
                }))
                .dataSource();
    }

    @ParameterizedTest
    @CsvSource({
        "MariaDB, 11, 'The DataSource leads to \"MariaDB\", which is not supported. Genie Session keeps sessions in H2 and"
                + " PostgreSQL.'",
        "H2, 1, The database is H2 1; sessions need H2 2 or later.",
        "PostgreSQL, 13, The database is PostgreSQL 13; sessions need PostgreSQL 14 or later."
    })
    void databaseThatSessionsCannotBeKeptInIsRefused(String name, int version, String message) {
        JdbcSessionAdapterProvider provider = JdbcSessionAdapter.with(database(name, version));
        assertThatThrownBy(() -> provider.open(TestSessions.context(Map.of())))
                .isInstanceOf(SessionConfigException.class)
                .hasMessage(message);
        assertThat(calls).endsWith("close");
    }

    @Test
    void settingsMadeInCodeAreStrongerAndAddUp() throws Exception {
        String url = "jdbc:h2:mem:provider";
        JdbcSessionAdapterProvider provider = new JdbcSessionAdapterProvider()
                .with(JdbcSettings.URL, url)
                .with(JdbcSettings.TABLE_PREFIX, "first")
                .with(JdbcSettings.TABLE_PREFIX, "later")
                .with(JdbcSettings.POOL_TIMEOUT, Duration.ofSeconds(1));
        assertThat(provider.name()).isEqualTo("jdbc");
        assertThat(provider.settings()).isEqualTo(JdbcSettings.all());
        try (SessionAdapter node =
                        provider.open(TestSessions.context(Map.of(JdbcSettings.TABLE_PREFIX.name(), "other")));
                Connection connection = DriverManager.getConnection(url)) {
            assertThat(node.create(TestSessions.session(Map.of()))).isPresent();
            assertThat(connection
                            .createStatement()
                            .executeQuery("SELECT 1 FROM later")
                            .next())
                    .isTrue();
        }
    }
}
