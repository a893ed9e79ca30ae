package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.context;
import static io.geniesession.jdbc.TestSessions.saved;
import static io.geniesession.jdbc.TestSessions.set;
import static io.geniesession.jdbc.TestSessions.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionLog;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.TestValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class PostgresMigrationsTest extends MigrationsContract {

    /** As the first version would have left it: made by its script, with what it stored. */
    @Test
    void sessionsOfTheFirstVersionAreKept() throws Exception {
        try (TestDatabase database = empty()) {
            database.execute(script("V1__create_session"));
            Map<UUID, SessionId> stored = new HashMap<>();
            for (int i = 0; i < 50; i++) {
                SessionId id = SessionId.generate();
                UUID key = SessionKey.generate(START).value();
                stored.put(key, id);
                insertFirstVersion(database, key, id, i);
            }
            assertThatThrownBy(() -> JdbcSessionAdapter.open(context(database, JdbcSettings.MIGRATE.name(), "false"))
                            .close())
                    .isInstanceOf(SessionConfigException.class)
                    .hasMessageContainingAll("of version 1", "needs 2", "docs/schema.md");
            try (SessionAdapter node = JdbcSessionAdapter.open(context(database))) {
                assertThat(database.number("SELECT schema_version FROM genie_session_meta"))
                        .isEqualTo(2);
                for (SessionId id : stored.values()) {
                    SessionRecord record = node.load(id, START).orElseThrow();
                    assertThat(texts(record)).containsExactlyInAnyOrderEntriesOf(Map.of("a", "new", "b", "old"));
                    assertThat(record.info().version()).isEqualTo(7);
                    SessionRecord next = saved(node.persist(record, set("a", "newer")));
                    assertThat(next.info().version()).isEqualTo(8);
                    assertThat(texts(node.load(id, START).orElseThrow())).containsEntry("a", "newer");
                }
                assertThat(node.sweep(START.plus(TestDatabase.BUCKET).plusSeconds(3_600), 100, Detail.METADATA))
                        .hasSize(50);
            }
            database.checkNothingLeaked();
        }
    }

    private static void insertFirstVersion(TestDatabase database, UUID key, SessionId id, int number)
            throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO genie_session (session_key, version, created_at, last_accessed, max_idle, touch_every,
                          lifetime_end, previous_until, id_digest, changes, snapshot)
                        VALUES (?, 7, ?, ?, 1800000, 60000, 9223372036854775807, 0, ?, ?, ?)
                        """)) {
            insert.setObject(1, key);
            insert.setLong(2, START.toEpochMilli() - number);
            insert.setLong(3, START.toEpochMilli() - number);
            insert.setBytes(4, id.digest());
            insert.setBytes(5, log(Map.of("a", TestValue.of("new"))));
            insert.setBytes(6, log(Map.of("a", TestValue.of("old"), "b", TestValue.of("old"))));
            insert.executeUpdate();
        }
    }

    private static byte[] log(Map<String, AttributeValue> attributes) {
        return SessionLog.encode(attributes, Set.of(), Map.of());
    }

    private static String script(String name) throws IOException {
        try (InputStream in = JdbcSettings.class.getResourceAsStream("migration/postgresql/" + name + ".sql")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${prefix}", "genie_session")
                    .replace("${application}", "default");
        }
    }

    @Override
    TestDatabase empty() {
        return TestDatabase.emptyPostgres();
    }

    @Override
    String schema(String name) {
        return "own_" + name;
    }
}
