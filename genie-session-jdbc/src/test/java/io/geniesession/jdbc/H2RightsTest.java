package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionId;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionRecord;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user of H2 with the rights of docs/schema.md and no others, on tables that somebody else made. */
final class H2RightsTest {

    private final TestDatabase database = TestDatabase.h2InMemory();

    @BeforeEach
    void createTablesAndUser() throws Exception {
        JdbcSessionAdapter.open(TestSessions.context(database.settings())).close();
        database.execute(
                "CREATE USER shop PASSWORD 'shop'",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON genie_session, genie_session_index, genie_session_former TO shop",
                "GRANT SELECT ON genie_session_meta TO shop");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private SessionAdapter openAsShop() {
        Map<String, String> settings = new HashMap<>(database.settings());
        settings.put(JdbcSettings.USER.name(), "shop");
        settings.put(JdbcSettings.PASSWORD.name(), "shop");
        return JdbcSessionAdapter.open(TestSessions.context(settings));
    }

    @Test
    void documentedRightsAreEnough() {
        NewSession session = session(Map.of("principal", "anna"));
        try (SessionAdapter node = openAsShop()) {
            SessionRecord base = node.create(session).orElseThrow();
            assertThat(node.persist(base, set("a", "1").withRenewal(new Renewal(SessionId.generate(), START))))
                    .isInstanceOf(PersistResult.Saved.class);
            assertThat(node.touch(base, START)).isTrue();
            assertThat(node.delete(session.key(), START, Detail.METADATA)).isPresent();
            assertThat(node.sweep(START, 10, Detail.METADATA)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE ON genie_session_index",
                "DELETE ON genie_session_former",
                "UPDATE ON genie_session_former",
                "SELECT ON genie_session_meta"
            })
    void missingRightIsNoticedAtTheStart(String right) throws Exception {
        database.execute("REVOKE " + right + " FROM shop");

        assertThatThrownBy(() -> openAsShop().close())
                .isInstanceOf(SessionConfigException.class)
                .hasMessageContaining("lacks rights on the tables genie_session")
                .hasMessageContaining("(SQLSTATE 90096)")
                .hasMessageContaining("the same on genie_session_index and genie_session_former")
                .hasMessageContaining("GRANT");
    }
}
