package io.geniesession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contestants that need a server. */
class StorePostgresTest extends StoreContract {
    static Stream<Contestant> contestants() {
        return Stream.of(Contestant.values()).filter(c -> c.kind() == Contestant.Kind.POSTGRES);
    }

    @BeforeAll
    static void startServer() {
        Postgres.require();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "synchronous_commit", "full_page_writes"})
    @DisplayName("the server keeps a commit when it has answered")
    void serverIsDurable(String setting) throws SQLException, IOException {
        try (Database database = Database.postgres();
                Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW " + setting)) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("on");
        }
    }
}
