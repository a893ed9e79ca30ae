package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.EXPIRY;
import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.saved;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.EndReason;
import io.geniesession.SessionConfigException;
import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionLog;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.TestValue;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the adapter makes of its rows, beyond what every adapter does. */
final class JdbcSessionAdapterTest {

    private final TestDatabase database = TestDatabase.h2InMemory();
    private final SessionAdapter node = JdbcSessionAdapter.open(TestSessions.context(database));

    @AfterEach
    void close() {
        node.close();
        database.close();
    }

    private static NewSession like(NewSession session, Map<String, AttributeValue> attributes) {
        return new NewSession(
                session.key(), session.id(), session.createdAt(), session.expiry(), attributes, session.indexes());
    }

    /** The answer to the first attempt may have been lost; another session of the same id is another's. */
    @Test
    void creationIsRepeatedOnlyByTheVerySameSession() {
        NewSession session = session(Map.of());
        assertThat(node.create(session)).isPresent();
        assertThat(node.create(session)).isPresent();
        assertThat(node.create(like(session, Map.of("color", TestValue.of("blue")))))
                .isEmpty();
        assertThat(node.create(like(session, Map.of("colour", TestValue.of("red")))))
                .isEmpty();
        assertThat(node.create(like(session, Map.of()))).isEmpty();
        assertThat(node.create(new NewSession(
                        session.key(), session.id(), START.plusMillis(1), EXPIRY, session.attributes(), Map.of())))
                .isEmpty();
        assertThat(node.create(session)).isPresent();
    }

    private long indexed(String principal) {
        return node.indexed().orElseThrow().count(new IndexEntry("principal", principal), START);
    }

    /** The rows of H2 lie in the order of 64 bits of the key, which have no more of the time than 2^26 milliseconds. */
    @Test
    void keysThatHaveTheirShortKeyInCommonAreNotConfused() {
        NewSession session = session(Map.of("principal", "anna"));
        UUID key = session.key().value();
        SessionKey other =
                new SessionKey(new UUID(key.getMostSignificantBits() + (1L << 44), key.getLeastSignificantBits()));
        SessionRecord base = node.create(session).orElseThrow();

        assertThat(node.create(new NewSession(
                        other,
                        SessionId.generate(),
                        START,
                        EXPIRY,
                        session.attributes(),
                        Map.of("principal", "berta"))))
                .isEmpty();
        assertThat(indexed("anna")).isEqualTo(1);
        assertThat(indexed("berta"))
                .as("entries of the session that was refused")
                .isZero();
        assertThat(node.reload(other, START)).isEmpty();
        assertThat(node.delete(other, START, Detail.METADATA)).isEmpty();
        assertThat(saved(node.persist(base, set("color", "blue"))).info().key()).isEqualTo(session.key());
    }

    @Test
    void formerIdGoesWithItsSession() throws SQLException {
        SessionRecord base = node.create(session(Map.of())).orElseThrow();
        base = saved(node.persist(base, set("a", "1").withRenewal(new Renewal(SessionId.generate(), START))));
        saved(node.persist(base, set("a", "2").withRenewal(new Renewal(SessionId.generate(), START))));
        assertThat(database.number("SELECT count(*) FROM genie_session_former")).isEqualTo(1);

        node.delete(base.info().key(), START, Detail.METADATA);

        assertThat(database.number("SELECT count(*) FROM genie_session_former")).isZero();
    }

    /** The former id is stored after the row, in a table of its own. */
    @Test
    void renewalIsStoredAsAWholeOrNotAtAll() throws SQLException {
        NewSession session = session(Map.of());
        SessionRecord base = node.create(session).orElseThrow();
        SessionId next = SessionId.generate();
        SessionChanges renewal = set("color", "blue").withRenewal(new Renewal(next, START));
        database.execute("ALTER TABLE genie_session_former ADD CONSTRAINT full_up CHECK (usable_until < 0)");

        assertThatThrownBy(() -> node.persist(base, renewal)).isInstanceOf(SessionStoreException.class);

        assertThat(node.load(next, START)).isEmpty();
        assertThat(TestSessions.texts(node.load(session.id(), START).orElseThrow()))
                .containsEntry("color", "red");
    }

    @Test
    void missingTableOfFormerIdsIsNoticedAtStart() throws SQLException {
        database.execute("DROP TABLE genie_session_former");

        assertThatThrownBy(() -> JdbcSessionAdapter.open(TestSessions.context(database)))
                .isInstanceOf(SessionConfigException.class)
                .hasMessageContaining("docs/schema.md");
    }

    private long length(String column) throws SQLException {
        return database.number("SELECT OCTET_LENGTH(" + column + ") FROM genie_session");
    }

    /** The snapshot is what the log was when it was rewritten last, so the bound grows with it. */
    @Test
    void logIsRewrittenWhenItIsDueAndNotBefore() throws SQLException {
        SessionRecord record = node.create(session(Map.of())).orElseThrow();
        record = saved(node.persist(record, set("large", "x".repeat(20_000))));
        SessionChanges small = set("small", "y".repeat(200));
        int change = SessionLog.encode(small.set(), small.removed(), small.indexes()).length;
        int rewritten = 0;
        for (int i = 0; i < 80; i++) {
            long snapshot = length("snapshot");
            long log = length("changes");
            record = saved(node.persist(record, small));
            if (Compaction.isDue(snapshot, log, change)) {
                rewritten++;
                assertThat(length("changes")).isZero();
            } else {
                assertThat(length("changes")).isEqualTo(log + change);
                assertThat(length("snapshot")).isEqualTo(snapshot);
            }
            assertThat(record.info().size()).isEqualTo(length("snapshot") + length("changes"));
        }
        assertThat(rewritten).isPositive();
        assertThat(TestSessions.texts(node.reload(record.info().key(), START).orElseThrow()))
                .containsEntry("small", "y".repeat(200))
                .containsEntry("large", "x".repeat(20_000));
    }

    @Test
    void damagedSessionEndsWithoutItsAttributesAndIsWarnedOf() throws SQLException {
        NewSession session = session(Map.of());
        node.create(session);
        database.execute("UPDATE genie_session SET snapshot = X'FF'");
        try (Logged log = Logged.by(JdbcSessionAdapter.class)) {
            EndedSession ended =
                    node.delete(session.key(), START, Detail.ATTRIBUTES).orElseThrow();
            assertThat(ended.reason()).isEqualTo(EndReason.DELETED);
            assertThat(ended.attributes()).isEmpty();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING: The attributes of the ended session "
                            + session.id().publicId() + " could not be read. ");
        }
        assertThat(node.reload(session.key(), START)).isEmpty();
    }

    @Test
    void textOfARecordHasNoNamesAndNoValues() {
        SessionRecord record = node.create(session(Map.of())).orElseThrow();
        assertThat(record)
                .asString()
                .startsWith("JdbcSessionRecord[" + record.info().publicId() + ", version 1, ")
                .doesNotContain("color", "red", "behind");
        saved(node.persist(record, set("a", "1")));
        assertThat(saved(node.persist(record, set("b", "2")))).asString().endsWith(", behind]");
    }
}
