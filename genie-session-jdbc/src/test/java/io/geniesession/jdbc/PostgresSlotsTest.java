package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.saved;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Expiry;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.TestValue;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writing a session's slots on PostgreSQL: what it costs, and that nobody's change is lost. */
final class PostgresSlotsTest {

    private static final int ATTRIBUTES = 10;

    private final TestDatabase database = TestDatabase.postgres();
    private final SessionAdapter node = JdbcSessionAdapter.open(TestSessions.context(database));
    private final NewSession session = session(Map.of());
    private final Map<String, String> expected = new HashMap<>(Map.of("color", "red"));

    @AfterEach
    void close() {
        node.close();
        database.checkNothingLeaked();
        database.close();
    }

    private SessionRecord loaded() {
        return node.load(session.id(), START).orElseThrow();
    }

    private SessionChanges setting(String name, String text) {
        expected.put(name, text);
        return SessionChanges.at(START).withSet(Map.of(name, TestValue.of(text)));
    }

    private void fill(int length) {
        node.create(session);
        for (int i = 0; i < ATTRIBUTES; i++) {
            saved(node.persist(loaded(), setting("attribute" + i, text(i, length))));
        }
    }

    private static String text(int seed, int length) {
        return IntStream.range(0, length)
                .mapToObj(i -> String.valueOf((char) ('a' + (seed * 31 + i * 7) % 26)))
                .reduce("", String::concat);
    }

    private void checkStored() {
        assertThat(texts(loaded())).isEqualTo(expected);
    }

    private long number(String expression) throws Exception {
        return database.number(database.expression("SELECT " + expression + " FROM genie_session"));
    }

    /** 829 bytes before there were slots, and as much as the session has if it is written anew. */
    @Test
    void repeatedWriteOfAnAttributeLogsLittleMoreThanTheAttribute() throws Exception {
        fill(100);
        SessionRecord record = loaded();
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < ATTRIBUTES; i++) {
                record = saved(node.persist(record, setting("attribute" + i, text(round * 17 + i, 100))));
            }
        }
        assertThat(number("octet_length(changes)")).isZero();
        assertThat(number("octet_length(slot2)")).isBetween(100L, 130L);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ATTRIBUTES; i++) {
            // Others write to the same log, and a page is logged as a whole now and then: the least of several is ours.
            long before = walPosition();
            record = saved(node.persist(record, setting("attribute" + i, text(99 + i, 100))));
            least = Math.min(least, walPosition() - before);
        }
        assertThat(least).isPositive().isLessThan(320);
        checkStored();
    }

    private long walPosition() throws Exception {
        return database.number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
    }

    @Test
    void smallChangeOfALargeSessionLeavesTheLargeValuesAlone() throws Exception {
        node.create(session);
        Map<String, AttributeValue> large = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            expected.put("large" + i, text(i, 5_000));
            large.put("large" + i, TestValue.of(expected.get("large" + i)));
        }
        saved(node.persist(loaded(), SessionChanges.at(START).withSet(large)));
        saved(node.persist(loaded(), setting("small", "0")));
        long least = Long.MAX_VALUE;
        for (int i = 1; i < 20; i++) {
            long before = walPosition();
            saved(node.persist(loaded(), setting("small", Integer.toString(i))));
            least = Math.min(least, walPosition() - before);
        }
        assertThat(least).isLessThan(500);
        checkStored();
    }

    @Test
    void changesFromAnOldViewAreAppendedAndTakenInLater() throws Exception {
        fill(20);
        SessionRecord one = loaded();
        SessionRecord two = loaded();
        SessionRecord three = loaded();
        saved(node.persist(one, setting("attribute1", "one")));
        SessionRecord behind = saved(node.persist(two, setting("attribute1", "two")));
        saved(node.persist(three, setting("attribute2", "three")));
        assertThat(number("octet_length(changes)")).isPositive();
        checkStored();
        saved(node.persist(behind, setting("attribute3", "behind")));
        checkStored();
        saved(node.persist(loaded(), setting("attribute4", "exact")));
        assertThat(number("octet_length(changes)")).isZero();
        checkStored();
    }

    /** Also where the old value is in the snapshot and what removes it has to stay as long. */
    @Test
    void removedAttributeDoesNotComeBack() {
        node.create(session);
        saved(node.persist(loaded(), SessionChanges.at(START).withRemoved(Set.of("color"))));
        expected.remove("color");
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 30; i++) {
                saved(node.persist(loaded(), setting("attribute" + i, text(i, 60))));
                checkStored();
            }
            for (int i = 0; i < 30; i++) {
                saved(node.persist(loaded(), SessionChanges.at(START).withRemoved(Set.of("attribute" + i))));
                expected.remove("attribute" + i);
                checkStored();
            }
        }
    }

    @Test
    void severalAttributesOfSeveralSlotsMoveIntoOne() {
        fill(20);
        saved(node.persist(
                loaded(),
                SessionChanges.at(START)
                        .withSet(Map.of("attribute1", TestValue.of("x"), "attribute5", TestValue.of("y")))
                        .withRemoved(Set.of("attribute7"))));
        expected.put("attribute1", "x");
        expected.put("attribute5", "y");
        expected.remove("attribute7");
        checkStored();
        saved(node.persist(loaded(), setting("attribute5", "z")));
        saved(node.persist(loaded(), setting("attribute7", "back")));
        checkStored();
    }

    @Test
    void strictPersistAndRenewalKnowTheVersionThatASlotHas() {
        fill(20);
        SessionRecord base = loaded();
        assertThat(base.info().version()).isEqualTo(1 + ATTRIBUTES);
        SessionRecord next = saved(node.persist(base, setting("attribute1", "one")));
        assertThat(node.persist(base, setting("attribute1", "lost").strictly()))
                .isInstanceOf(PersistResult.Conflict.class);
        expected.put("attribute1", "one");
        saved(node.persist(next, setting("attribute2", "strict").strictly()));
        checkStored();
        assertThat(loaded().info().version()).isEqualTo(3 + ATTRIBUTES);
    }

    /** The expiry goes by the latest access, whichever slot that was written with. */
    @Test
    void accessOfAnySlotPutsOffTheExpiry() throws Exception {
        NewSession brief = session(Expiry.idle(Duration.ofSeconds(100), Duration.ZERO), Map.of());
        node.create(brief);
        for (int i = 1; i <= 20; i++) {
            Instant now = START.plusSeconds(50L * i);
            SessionRecord record = node.load(brief.id(), now).orElseThrow();
            SessionChanges changes = SessionChanges.at(now).withSet(Map.of("a" + i % 7, TestValue.of("x")));
            assertThat(saved(node.persist(record, changes)).info().lastAccessedAt())
                    .isEqualTo(now);
        }
        Instant last = START.plusSeconds(1_000);
        assertThat(number("{accessed}")).isEqualTo(last.toEpochMilli());
        assertThat(number("expiry_bucket")).isEqualTo(number("({expires} >> 21) + 1"));
        assertThat(node.load(brief.id(), last.plusSeconds(99))).isPresent();
        assertThat(node.load(brief.id(), last.plusSeconds(100))).isEmpty();
        SessionRecord record = node.load(brief.id(), last).orElseThrow();
        assertThat(node.touch(record, last.plusSeconds(100))).isFalse();
        assertThat(node.touch(record, last.plusSeconds(90))).isTrue();
        assertThat(node.load(brief.id(), last.plusSeconds(150))).isPresent();
        assertThat(node.delete(record.info().key(), last.plusSeconds(150), SessionAdapter.Detail.ATTRIBUTES))
                .hasValueSatisfying(ended -> assertThat(ended.attributes()).hasSize(8));
    }
}
