package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.saved;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Expiry;
import io.geniesession.SessionId;
import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.spi.Settings;
import io.geniesession.tck.TestContext;
import io.geniesession.tck.TestValue;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How PostgreSQL stores what the statements do. */
final class PostgresStorageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestDatabase database = TestDatabase.postgres();

    @Test
    void nearlyAllUpdatesAreHeapOnly() throws Exception {
        long before = updates("n_tup_upd");
        long hotBefore = updates("n_tup_hot_upd");
        int rounds = 150;
        List<SessionRecord> records = new ArrayList<>();
        try (SessionAdapter node = JdbcSessionAdapter.open(TestSessions.context(database))) {
            for (int i = 0; i < 20; i++) {
                records.add(node.create(session(Map.of())).orElseThrow());
            }
            for (int round = 1; round <= rounds; round++) {
                Instant now = START.plusSeconds(round);
                for (int i = 0; i < records.size(); i++) {
                    if (round % 2 == 0) {
                        node.touch(records.get(i), now);
                    } else {
                        SessionChanges changes = set("a" + round % 7, "value " + round);
                        records.set(i, saved(node.persist(records.get(i), changes)));
                    }
                }
            }
        }
        // A server process reports what it did when it ends.
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (updates("n_tup_upd") - before < (long) rounds * records.size()) {
            assertThat(System.nanoTime()).as("statistics arrive").isLessThan(deadline);
        }
        long updates = updates("n_tup_upd") - before;
        assertThat(updates("n_tup_hot_upd") - hotBefore).isGreaterThanOrEqualTo(updates * 95 / 100);
        database.close();
    }

    private long updates(String column) throws Exception {
        if (database.number("SELECT count(*) FROM pg_stat_user_tables WHERE relid = to_regclass('genie_session')")
                == 0) {
            return 0;
        }
        return database.number(
                "SELECT " + column + " FROM pg_stat_user_tables WHERE relid = 'genie_session'::regclass");
    }

    @Test
    void expiryAndStorageAreAsDocumented() throws Exception {
        try (SessionAdapter node = JdbcSessionAdapter.open(TestSessions.context(database))) {
            Instant end = START.plusSeconds(60);
            node.create(session(Expiry.idle(Duration.ofSeconds(10), Duration.ofSeconds(1)), Map.of()));
            node.create(session(Expiry.idle(Duration.ZERO, Duration.ofSeconds(1)), Map.of()));
            node.create(session(new Expiry(Duration.ZERO, Duration.ZERO, Optional.of(end)), Map.of()));
            node.create(session(new Expiry(Duration.ofDays(1), Duration.ZERO, Optional.of(end)), Map.of()));
            node.create(session(Expiry.idle(Expiry.MAX, Expiry.MAX), Map.of()));
        }
        long start = START.toEpochMilli();
        assertThat(expiring(start + 11_000)).isEqualTo(1);
        assertThat(expiring(Long.MAX_VALUE)).isEqualTo(1);
        assertThat(expiring(start + 60_000)).isEqualTo(2);
        assertThat(expiring(start + 2 * Expiry.MAX.toMillis())).isEqualTo(1);
        assertThat(database.number("SELECT count(*) FROM genie_session WHERE expiry_bucket = (expires_at >> 21) + 1"))
                .isEqualTo(5);
        assertThat(database.number("SELECT count(*) FROM pg_attribute WHERE attrelid = 'genie_session'::regclass"
                        + " AND attname IN ('snapshot', 'changes') AND attstorage = 'e'"))
                .isEqualTo(2);
        assertThat(database.number("""
                        SELECT count(*) FROM pg_attribute a
                        JOIN unnest(ARRAY['version', 'last_accessed', 'expires_at', 'changes']) WITH ORDINALITY last (name, n)
                          ON attname = name AND attnum = n + (SELECT max(attnum) - 4 FROM pg_attribute
                            WHERE attrelid = 'genie_session'::regclass)
                        WHERE attrelid = 'genie_session'::regclass
                        """))
                .as("what every write changes comes last")
                .isEqualTo(4);
        assertThat(database.number("SELECT count(*) FROM pg_class WHERE oid = 'genie_session'::regclass"
                        + " AND 'fillfactor=70' = ANY (reloptions)"))
                .isEqualTo(1);
        database.close();
    }

    /** The table does not compute these columns: every statement that stores an access or a timeout has to. */
    @Test
    void everyStatementKeepsTheExpiryOfItsRow() throws Exception {
        Expiry idle = Expiry.idle(Duration.ofHours(5), Duration.ofMinutes(2));
        Expiry capped = new Expiry(Duration.ofHours(5), Duration.ofMinutes(2), Optional.of(START.plusSeconds(20_000)));
        Expiry never = Expiry.idle(Duration.ZERO, Duration.ofMinutes(2));
        for (Expiry expiry : List.of(idle, capped, never)) {
            try (SessionAdapter node = JdbcSessionAdapter.open(TestSessions.context(database));
                    Connection connection = database.connect()) {
                var dialect = new PostgresDialect(
                        TableName.of(TestSessions.context(database).settings()));
                var call = new SqlCall(connection, 0);
                SessionRecord base = node.create(session(expiry, Map.of())).orElseThrow();
                expiryFollows(START, expiry);
                // Each at an access later than those before, and then at an earlier one.
                for (int seconds : new int[] {4_000, 2_000}) {
                    Instant now = START.plusSeconds(seconds);
                    Instant latest = START.plusSeconds(4_000);
                    base = saved(node.persist(base, setAt(now, "a", "b")));
                    expiryFollows(latest, expiry);
                }
                for (int seconds : new int[] {5_000, 3_000}) {
                    Instant now = START.plusSeconds(seconds);
                    base = saved(node.persist(base, setAt(now, "compacted", "b".repeat(Compaction.MOST))));
                    assertThat(database.number("SELECT octet_length(changes) FROM genie_session"))
                            .isZero();
                    expiryFollows(START.plusSeconds(5_000), expiry);
                }
                for (int seconds : new int[] {6_000, 3_000}) {
                    assertThat(node.touch(base, START.plusSeconds(seconds))).isTrue();
                    expiryFollows(START.plusSeconds(6_000), expiry);
                }
                for (int seconds : new int[] {7_000, 3_000}) {
                    Instant now = START.plusSeconds(seconds);
                    base = saved(node.persist(
                            base, SessionChanges.at(now).withRenewal(new Renewal(SessionId.generate(), now))));
                    expiryFollows(START.plusSeconds(7_000), expiry);
                }
                UUID key = base.info().key().value();
                for (int seconds : new int[] {8_000, 3_000}) {
                    long now = START.plusSeconds(seconds).toEpochMilli();
                    var change = new RowChange(key, new byte[0], now, 1, null, null, null, null, List.of(), List.of());
                    assertThat(dialect.changeAll(call, List.of(change))).doesNotContainNull();
                    expiryFollows(START.plusSeconds(8_000), expiry);
                }
                for (int seconds : new int[] {9_000, 3_000}) {
                    long now = START.plusSeconds(seconds).toEpochMilli();
                    assertThat(dialect.touchAll(call, List.of(new Requests.Touch(key, now))))
                            .containsExactly(true);
                    expiryFollows(START.plusSeconds(9_000), expiry);
                }
                for (Expiry next : List.of(capped, never, idle)) {
                    base = saved(node.persist(base, SessionChanges.at(START).withExpiry(next)));
                    expiryFollows(START.plusSeconds(9_000), next);
                }
                database.execute("DELETE FROM genie_session");
            }
        }
        database.close();
    }

    private static SessionChanges setAt(Instant now, String name, String value) {
        return SessionChanges.at(now).withSet(Map.of(name, TestValue.of(value)));
    }

    private void expiryFollows(Instant accessed, Expiry expiry) throws Exception {
        Instant end = expiry.expiresAt(accessed);
        long expected = end.equals(Instant.MAX) ? Long.MAX_VALUE : end.toEpochMilli();
        assertThat(database.number("SELECT expires_at FROM genie_session")).isEqualTo(expected);
        assertThat(database.number("SELECT expiry_bucket FROM genie_session")).isEqualTo((expected >> 21) + 1);
    }

    private long expiring(long millis) throws Exception {
        return database.number("SELECT count(*) FROM genie_session WHERE expires_at = " + millis);
    }

    /** Only its own statement runs relaxed: what follows on the connection waits for the disk again. */
    @Test
    void touchRelaxesItsOwnStatementOnly() throws Exception {
        try (OneConnection one = new OneConnection(database.connect());
                SessionAdapter node = JdbcSessionAdapter.with(one.dataSource()).open(TestSessions.context(Map.of()))) {
            SessionRecord base = node.create(session(Map.of())).orElseThrow();
            try (var statement = one.connection().createStatement()) {
                statement.execute("SET synchronous_commit = on");
                assertThat(node.touch(base, START.plusSeconds(5))).isTrue();
                try (var rows = statement.executeQuery("SHOW synchronous_commit")) {
                    rows.next();
                    assertThat(rows.getString(1)).isEqualTo("on");
                }
            }
        }
        database.close();
    }

    @Test
    void durabilityAndTimeoutsReachTheConnectionsOfThePool() throws Exception {
        assertThat(shown("synchronous_commit")).isEqualTo(shown("synchronous_commit", "plain"));
        assertThat(shown("synchronous_commit", JdbcSettings.DURABILITY.name(), "fast"))
                .isEqualTo("off");
        assertThat(shown("statement_timeout", JdbcSettings.STATEMENT_TIMEOUT.name(), "7s"))
                .isEqualTo("7s");
        assertThat(shown("transaction_isolation")).isEqualTo("read committed");
    }

    /** Returns what a connection of our own pool answers, or, given one word, what a plain one does. */
    private String shown(String parameter, String... settings) throws Exception {
        if (settings.length == 1) {
            try (var connection = database.connect()) {
                return shown(connection, parameter);
            }
        }
        Settings all = TestSessions.context(database, settings).settings();
        try (OwnPool pool = OwnPool.open(new JdbcUrl(all.get(JdbcSettings.URL)), all)) {
            var connection = pool.borrow();
            try {
                return shown(connection, parameter);
            } finally {
                pool.giveBack(connection);
            }
        }
    }

    private static String shown(Connection connection, String parameter) throws Exception {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW " + parameter)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** A margin of nothing is exceeded by the time that the answer takes. */
    @Test
    void sweepComparesTheClocks() {
        Map<String, String> settings = new HashMap<>(database.settings());
        settings.put(CoreSettings.SWEEP_MARGIN.name(), "0s");
        try (Logged log = Logged.by(ClockWatch.class);
                SessionAdapter node = JdbcSessionAdapter.open(new TestContext(Clock.systemUTC(), settings))) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (log.lines().isEmpty()) {
                node.sweep(START, 1, SessionAdapter.Detail.METADATA);
                assertThat(System.nanoTime()).as("the warning comes").isLessThan(deadline);
            }
            assertThat(log.lines()).singleElement().asString().containsPattern(" differ by \\d+ s,");
        }
        database.close();
    }
}
