package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.saved;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static io.geniesession.jdbc.TestSessions.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.Expiry;
import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.TestValue;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to requests that share a statement, on a real PostgreSQL. */
@Timeout(60)
final class CombinedStatementsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** One statement at a time, whoever comes second waits, and nobody is ever slow. */
    private static final Combiner.Limits ONE_BY_ONE =
            new Combiner.Limits(1, 1, 64, 1_000_000, 1_000_000, Duration.ofMinutes(5), Duration.ofMinutes(5));

    private TestDatabase database;
    private SessionAdapter node;
    private CountingDataSource counter;
    private final List<Asker<?>> askers = new ArrayList<>();
    private final List<Connection> held = new ArrayList<>();

    @BeforeEach
    void open() {
        database = TestDatabase.postgres();
        JdbcSessionAdapter.open(TestSessions.context(database)).close();
        counter = new CountingDataSource(new SimpleDataSource(database::connect).dataSource());
        AdapterContext context = TestSessions.context(Map.of());
        var dialect = new PostgresDialect(TableName.of(context.settings()));
        var sql = new SqlRunner(new ForeignDataSource(counter.dataSource(), 0), PATIENCE);
        node = new JdbcSessionAdapter(context, sql, dialect, new CombinedRequests(sql, dialect, ONE_BY_ONE));
    }

    @AfterEach
    void close() throws Exception {
        for (Connection connection : held) {
            connection.close();
        }
        for (Asker<?> asker : askers) {
            asker.thread.join(PATIENCE.toMillis());
            assertThat(asker.thread.isAlive()).isFalse();
        }
        node.close();
        database.checkNothingLeaked();
        database.close();
    }

    /** A thread with one request. */
    private final class Asker<T> {
        final FutureTask<T> answer;
        final Thread thread;

        Asker(Callable<T> request) {
            answer = new FutureTask<>(request);
            thread = new Thread(answer);
            askers.add(this);
            thread.start();
        }

        /** Returns when it is in the queue. */
        Asker<T> queued() {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!(LockSupport.getBlocker(thread) instanceof Combiner<?, ?>)) {
                assertThat(System.nanoTime()).as("it waits").isLessThan(deadline);
            }
            return this;
        }

        T get() throws Exception {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        SessionStoreException failure() throws Exception {
            try {
                throw new AssertionError("answered: " + get());
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(SessionStoreException.class);
                return (SessionStoreException) e.getCause();
            }
        }
    }

    private <T> Asker<T> asks(Callable<T> request) {
        return new Asker<>(request);
    }

    /** Keeps every statement waiting until it is opened. */
    private final class Gate {
        private final Connection connection;
        private final Asker<?> first;

        /** Lets a first request wait at the gate, so that all later ones wait for that. */
        Gate(Callable<?> request) throws Exception {
            connection = database.connect();
            held.add(connection);
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("LOCK TABLE genie_session IN ACCESS EXCLUSIVE MODE");
            }
            first = asks(request);
            awaitLockWaits(1);
            counter.calls();
        }

        void open() throws Exception {
            connection.rollback();
            connection.close();
            first.get();
        }
    }

    private void awaitLockWaits(int count) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (database.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                        + " AND state = 'active'")
                < count) {
            assertThat(System.nanoTime()).as("somebody waits for a lock").isLessThan(deadline);
        }
    }

    private SessionRecord stored() {
        return node.create(session(Map.of())).orElseThrow();
    }

    private Map<String, String> stored(SessionRecord record) {
        return texts(node.reload(record.info().key(), START).orElseThrow());
    }

    private Gate persistGate() throws Exception {
        SessionRecord other = stored();
        return new Gate(() -> node.persist(other, set("gate", "1")));
    }

    private static boolean isBehind(SessionRecord record) {
        return ((JdbcSessionRecord) record).isBehind();
    }

    @Test
    void persistsOfSeveralSessionsAreOneStatement() throws Exception {
        SessionRecord one = stored();
        SessionRecord two = stored();
        Asker<PersistResult> first;
        Asker<PersistResult> second;
        Gate gate = persistGate();
        first = asks(() -> node.persist(one, set("a", "1"))).queued();
        second = asks(() -> node.persist(two, set("b", "2"))).queued();
        gate.open();
        SessionRecord next = saved(first.get());
        assertThat(isBehind(saved(second.get()))).isFalse();
        assertThat(counter.calls()).hasSize(1);
        assertThat(next.info().version()).isEqualTo(2);
        assertThat(texts(next)).isEqualTo(stored(one)).containsEntry("a", "1");
        assertThat(stored(two)).containsEntry("b", "2");
        assertThat(isBehind(saved(node.persist(next, set("c", "3").strictly()))))
                .isFalse();
    }

    @Test
    void persistsOfOneSessionKeepTheirOrderAndOnlyTheFirstKnowsAll() throws Exception {
        SessionRecord base = stored();
        List<Asker<PersistResult>> all = new ArrayList<>();
        Gate gate = persistGate();
        all.add(asks(() -> node.persist(base, set("color", "green"))).queued());
        all.add(asks(() -> node.persist(base, set("color", "blue"))).queued());
        all.add(asks(() -> node.persist(base, set("size", "small"))).queued());
        gate.open();
        List<SessionRecord> next = new ArrayList<>();
        for (Asker<PersistResult> asker : all) {
            next.add(saved(asker.get()));
        }
        assertThat(counter.calls()).hasSize(1);
        assertThat(stored(base)).isEqualTo(Map.of("color", "blue", "size", "small"));
        assertThat(next).extracting(record -> record.info().version()).containsExactly(2L, 3L, 4L);
        assertThat(next).extracting(CombinedStatementsTest::isBehind).containsExactly(false, true, true);
        for (SessionRecord record : next) {
            assertThat(node.persist(record, set("x", "1").strictly())).isInstanceOf(PersistResult.Conflict.class);
        }
    }

    @Test
    void persistsOfOneSessionAreJudgedEachAtItsOwnAccess() throws Exception {
        Expiry expiry = Expiry.idle(Duration.ofSeconds(10), Duration.ZERO);
        SessionRecord base = node.create(session(expiry, Map.of())).orElseThrow();
        Asker<PersistResult> inTime;
        Asker<PersistResult> tooLate;
        Gate gate = persistGate();
        tooLate = asks(() -> node.persist(base, SessionChanges.at(START.plusSeconds(25))))
                .queued();
        inTime = asks(() -> node.persist(base, SessionChanges.at(START.plusSeconds(5))))
                .queued();
        gate.open();
        assertThat(tooLate.get()).isInstanceOf(PersistResult.Gone.class);
        assertThat(saved(inTime.get()).info().lastAccessedAt()).isEqualTo(START.plusSeconds(5));
    }

    @Test
    void compactionReplacesTheSnapshotOnlyIfItsSessionIsInTheStatementOnce() throws Exception {
        SessionRecord alone = stored();
        SessionRecord twice = stored();
        String large = "x".repeat(5_000);
        List<Asker<PersistResult>> all = new ArrayList<>();
        Gate gate = persistGate();
        all.add(asks(() -> node.persist(alone, set("large", large))).queued());
        all.add(asks(() -> node.persist(twice, set("large", large))).queued());
        all.add(asks(() -> node.persist(twice, set("other", large))).queued());
        gate.open();
        List<JdbcSessionRecord> next = new ArrayList<>();
        for (Asker<PersistResult> asker : all) {
            next.add((JdbcSessionRecord) saved(asker.get()));
        }
        assertThat(counter.calls()).hasSize(1);
        assertThat(next.get(0).changesSize()).isZero();
        assertThat(next.get(1).changesSize()).isGreaterThan(5_000);
        assertThat(stored(alone)).containsOnlyKeys("color", "large");
        assertThat(stored(twice)).containsOnlyKeys("color", "large", "other");
        assertThat(database.number("SELECT count(*) FROM genie_session WHERE length(changes) > 10000"))
                .isEqualTo(1);
        assertThat(database.number("SELECT count(*) FROM genie_session WHERE length(snapshot) > 5000"))
                .isEqualTo(1);
    }

    @Test
    void persistOfALockedSessionFollowsWithoutHoldingUpTheOthers() throws Exception {
        SessionRecord gateSession = stored();
        SessionRecord locked = stored();
        SessionRecord free = stored();
        Asker<PersistResult> waits;
        Asker<PersistResult> passes;
        AutoCloseable lock = database.hold(locked.info().key());
        AutoCloseable gate = database.hold(gateSession.info().key());
        asks(() -> node.persist(gateSession, set("gate", "1")));
        awaitLockWaits(1);
        waits = asks(() -> node.persist(locked, set("a", "1"))).queued();
        passes = asks(() -> node.persist(free, set("b", "2"))).queued();
        gate.close();
        saved(passes.get());
        awaitLockWaits(1);
        assertThat(waits.answer.isDone()).isFalse();
        lock.close();
        saved(waits.get());
        assertThat(stored(locked)).containsEntry("a", "1");
        assertThat(stored(free)).containsEntry("b", "2");
    }

    @Test
    void sessionThatIsGoneFailsOnlyItself() throws Exception {
        SessionRecord gone = stored();
        SessionRecord there = stored();
        node.delete(gone.info().key(), START, Detail.METADATA);
        Asker<PersistResult> first;
        Asker<PersistResult> second;
        Gate gate = persistGate();
        first = asks(() -> node.persist(gone, set("a", "1"))).queued();
        second = asks(() -> node.persist(there, set("b", "2"))).queued();
        gate.open();
        assertThat(first.get()).isInstanceOf(PersistResult.Gone.class);
        saved(second.get());
        assertThat(stored(there)).containsEntry("b", "2");
    }

    @Test
    void whatTheDatabaseRefusesFailsOnlyItself() throws Exception {
        SessionRecord refused = stored();
        SessionRecord fine = stored();
        database.execute("ALTER TABLE genie_session ADD CONSTRAINT small"
                + " CHECK (length(changes) + length(snapshot) < 3000) NOT VALID");
        try {
            Asker<PersistResult> first;
            Asker<PersistResult> second;
            Gate gate = persistGate();
            first = asks(() -> node.persist(fine, set("a", "1"))).queued();
            second = asks(() -> node.persist(refused, set("b", "x".repeat(3_000))))
                    .queued();
            gate.open();
            saved(first.get());
            SessionStoreException failure = second.failure();
            assertThat(failure.code()).contains("23514");
            assertThat(failure.outcomeUnknown()).isFalse();
            assertThat(stored(fine)).containsEntry("a", "1");
            assertThat(stored(refused)).containsOnlyKeys("color");
        } finally {
            database.execute("ALTER TABLE genie_session DROP CONSTRAINT small");
        }
    }

    @Test
    void strictPersistIsNeverPartOfAnotherStatement() throws Exception {
        SessionRecord base = stored();
        Gate gate = persistGate();
        Asker<PersistResult> strict =
                asks(() -> node.persist(base, set("a", "1").strictly()));
        // It stands at the gate itself instead of waiting in the queue.
        awaitLockWaits(2);
        assertThat(strict.answer.isDone()).isFalse();
        gate.open();
    }

    @Test
    void interruptedPersistLeavesTheQueueAndNothingHappens() throws Exception {
        SessionRecord one = stored();
        SessionRecord two = stored();
        Asker<PersistResult> interrupted;
        Asker<PersistResult> other;
        Gate gate = persistGate();
        interrupted = asks(() -> node.persist(one, set("a", "1"))).queued();
        other = asks(() -> node.persist(two, set("b", "2"))).queued();
        interrupted.thread.interrupt();
        SessionStoreException failure = interrupted.failure();
        assertThat(failure.outcomeUnknown()).isFalse();
        assertThat(failure).hasMessage("Could not persist a session: the thread was interrupted.");
        gate.open();
        saved(other.get());
        assertThat(stored(one)).containsOnlyKeys("color");
        assertThat(node.reload(one.info().key(), START).orElseThrow().info().version())
                .isEqualTo(1);
    }

    /** Terminates whoever waits for a lock. */
    private void loseConnection() throws Exception {
        database.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                + " WHERE wait_event_type = 'Lock' AND state = 'active'");
    }

    /** Takes the table as soon as the first at the gate is through: whatever is sent after that one waits here. */
    private final class Trap {
        private final Connection connection;
        private final Asker<Boolean> closing;

        Trap() throws Exception {
            connection = database.connect();
            held.add(connection);
            connection.setAutoCommit(false);
            closing = asks(() -> {
                try (var statement = connection.createStatement()) {
                    return statement.execute("LOCK TABLE genie_session IN ACCESS EXCLUSIVE MODE");
                }
            });
            awaitLockWaits(2);
        }

        /** Returns when the trap is closed and somebody is in it. */
        void spring() throws Exception {
            closing.get();
            awaitLockWaits(1);
        }

        void open() throws Exception {
            connection.rollback();
            connection.close();
        }
    }

    @Test
    void lostConnectionLeavesEveryPersistOfTheStatementUnknownAndUnrepeated() throws Exception {
        SessionRecord one = stored();
        SessionRecord two = stored();
        Asker<PersistResult> first;
        Asker<PersistResult> second;
        Trap trap;
        Gate gate = persistGate();
        trap = new Trap();
        first = asks(() -> node.persist(one, set("a", "1"))).queued();
        second = asks(() -> node.persist(two, set("b", "2"))).queued();
        gate.open();
        trap.spring();
        loseConnection();
        assertThat(first.failure().outcomeUnknown()).isTrue();
        assertThat(second.failure().outcomeUnknown()).isTrue();
        assertThat(first.failure()).isNotSameAs(second.failure());
        trap.open();
        assertThat(counter.calls()).hasSize(1);
        assertThat(stored(one)).containsOnlyKeys("color");
        assertThat(stored(two)).containsOnlyKeys("color");
    }

    @Test
    void interruptedPersistThatWasSentIsUnknown() throws Exception {
        SessionRecord one = stored();
        SessionRecord two = stored();
        Gate gate = persistGate();
        assertThat(interruptedInTheTrap(
                                gate, () -> node.persist(one, set("a", "1")), () -> node.persist(two, set("b", "2")))
                        .outcomeUnknown())
                .isTrue();
        assertThat(stored(one)).containsKey("a");
        assertThat(stored(two)).as("nobody has withdrawn it").containsKey("b");
    }

    @Test
    void interruptedLoadThatWasSentIsNot() throws Exception {
        NewSession one = session(Map.of());
        node.create(one);
        Callable<?> load = () -> node.load(one.id(), START);
        assertThat(interruptedInTheTrap(new Gate(load), load, load).outcomeUnknown())
                .isFalse();
    }

    /** Returns what is told to the second of those who share a statement, interrupted while the database works on it. */
    private SessionStoreException interruptedInTheTrap(Gate gate, Callable<?> first, Callable<?> second)
            throws Exception {
        Trap trap = new Trap();
        Asker<?> leader = asks(first).queued();
        Asker<?> interrupted = asks(second).queued();
        gate.open();
        trap.spring();
        interrupted.thread.interrupt();
        SessionStoreException failure = interrupted.failure();
        assertThat(failure).hasMessageEndingWith(": the thread was interrupted.");
        trap.open();
        leader.get();
        return failure;
    }

    @Test
    void loadsOfSeveralSessionsAreOneStatementAndEachAtItsOwnTime() throws Exception {
        NewSession one = session(Map.of());
        NewSession two = session(Expiry.idle(Duration.ofSeconds(10), Duration.ZERO), Map.of());
        node.create(one);
        node.create(two);
        SessionId unknown = SessionId.generate();
        Asker<Optional<SessionRecord>> first;
        Asker<Optional<SessionRecord>> again;
        Asker<Optional<SessionRecord>> inTime;
        Asker<Optional<SessionRecord>> tooLate;
        Asker<Optional<SessionRecord>> missing;
        Instant end = START.plusSeconds(10);
        Gate gate = new Gate(() -> node.load(unknown, START));
        first = asks(() -> node.load(one.id(), START)).queued();
        again = asks(() -> node.load(one.id(), START)).queued();
        tooLate = asks(() -> node.load(two.id(), end)).queued();
        inTime = asks(() -> node.load(two.id(), end.minusMillis(1))).queued();
        missing = asks(() -> node.load(unknown, START)).queued();
        gate.open();
        assertThat(first.get().orElseThrow().info().key()).isEqualTo(one.key());
        assertThat(again.get().orElseThrow().info().key()).isEqualTo(one.key());
        assertThat(inTime.get().orElseThrow().info().key()).isEqualTo(two.key());
        assertThat(tooLate.get()).isEmpty();
        assertThat(missing.get()).isEmpty();
        assertThat(counter.calls()).hasSize(1);
    }

    @Test
    void loadsOfLargeSessionsShareByTheirBytes() throws Exception {
        NewSession large = session(Map.of());
        SessionRecord record = node.create(large).orElseThrow();
        node.persist(record, set("large", "x".repeat(400_000)));
        for (int i = 0; i < 40; i++) {
            assertThat(node.load(large.id(), START)).isPresent();
        }
        List<Asker<Optional<SessionRecord>>> all = new ArrayList<>();
        Gate gate = new Gate(() -> node.load(SessionId.generate(), START));
        for (int i = 0; i < 4; i++) {
            all.add(asks(() -> node.load(large.id(), START)).queued());
        }
        gate.open();
        for (Asker<Optional<SessionRecord>> asker : all) {
            assertThat(asker.get()).isPresent();
        }
        // Two of them make 800 000 of the 1 000 000 bytes that a statement has at most.
        assertThat(counter.calls()).hasSize(2);
    }

    private Gate creationGate() throws Exception {
        return new Gate(() -> node.create(session(Map.of())));
    }

    @Test
    void creationsAreOneStatement() throws Exception {
        NewSession one = session(Map.of());
        NewSession two = session(Expiry.idle(Duration.ZERO, Duration.ZERO), Map.of());
        Gate gate = creationGate();
        Asker<Optional<SessionRecord>> first = asks(() -> node.create(one)).queued();
        Asker<Optional<SessionRecord>> second = asks(() -> node.create(two)).queued();
        gate.open();
        SessionRecord stored = first.get().orElseThrow();
        assertThat(second.get().orElseThrow().info().key()).isEqualTo(two.key());
        assertThat(counter.calls()).hasSize(1);
        assertThat(node.load(one.id(), START).orElseThrow().info()).isEqualTo(stored.info());
        assertThat(texts(stored)).isEqualTo(stored(stored)).isEqualTo(Map.of("color", "red"));
        assertThat(node.load(two.id(), START.plus(Duration.ofDays(10_000)))
                        .orElseThrow()
                        .info()
                        .expiry())
                .isEqualTo(Expiry.idle(Duration.ZERO, Duration.ZERO));
        assertThat(node.sweep(START.plus(Duration.ofDays(1)), 10, Detail.METADATA))
                .as("it has the bucket of its expiry")
                .extracting(ended -> ended.info().key())
                .contains(one.key())
                .doesNotContain(two.key());
    }

    @Test
    void creationThatMeetsAnotherSessionIsRefusedAndHoldsNobodyUp() throws Exception {
        NewSession taken = session(Map.of());
        node.create(taken);
        NewSession sameKey = session(taken.key(), SessionId.generate());
        NewSession sameId = session(SessionKey.generate(START), taken.id());
        NewSession free = session(Map.of());
        Gate gate = creationGate();
        Asker<Optional<SessionRecord>> byKey = asks(() -> node.create(sameKey)).queued();
        Asker<Optional<SessionRecord>> byId = asks(() -> node.create(sameId)).queued();
        Asker<Optional<SessionRecord>> itself = asks(() -> node.create(taken)).queued();
        Asker<Optional<SessionRecord>> other = asks(() -> node.create(free)).queued();
        gate.open();
        assertThat(byKey.get()).isEmpty();
        assertThat(byId.get()).isEmpty();
        assertThat(itself.get()).as("what is there already is not refused").isPresent();
        assertThat(other.get()).isPresent();
        assertThat(counter.calls())
                .as("one for all, one more for the second of a key, and the reasons of all three")
                .hasSize(5);
        assertThat(node.load(free.id(), START)).isPresent();
        assertThat(node.load(sameKey.id(), START)).isEmpty();
    }

    @Test
    void creationsWithOneKeyOrOneIdInAStatementLeaveOneSession() throws Exception {
        NewSession one = session(Map.of());
        NewSession sameKey = session(one.key(), SessionId.generate());
        NewSession sameId = session(SessionKey.generate(START.plusSeconds(1)), one.id());
        Gate gate = creationGate();
        Asker<Optional<SessionRecord>> first = asks(() -> node.create(one)).queued();
        Asker<Optional<SessionRecord>> byKey = asks(() -> node.create(sameKey)).queued();
        Asker<Optional<SessionRecord>> byId = asks(() -> node.create(sameId)).queued();
        gate.open();
        assertThat(first.get()).isPresent();
        assertThat(byKey.get()).isEmpty();
        assertThat(byId.get()).isEmpty();
        assertThat(counter.calls())
                .as("one for all, one more for the second of a key, and the reasons of both")
                .hasSize(4);
        assertThat(node.load(one.id(), START).orElseThrow().info().key()).isEqualTo(one.key());
    }

    @Test
    void creationWithIndexEntriesSharesNothing() throws Exception {
        NewSession indexed = session(Map.of("principal", "ada"));
        Gate gate = creationGate();
        Asker<Optional<SessionRecord>> plain =
                asks(() -> node.create(session(Map.of()))).queued();
        Asker<Optional<SessionRecord>> other = asks(() -> node.create(indexed));
        awaitLockWaits(2);
        gate.open();
        assertThat(plain.get()).isPresent();
        assertThat(other.get().orElseThrow().info().indexes()).isEqualTo(Map.of("principal", "ada"));
        assertThat(counter.calls()).hasSize(2);
    }

    @Test
    void largeCreationSharesNothing() throws Exception {
        NewSession small = session(Map.of());
        NewSession large = new NewSession(
                SessionKey.generate(START),
                SessionId.generate(),
                START,
                small.expiry(),
                Map.of("large", TestValue.of("x".repeat(1_000_001))),
                Map.of());
        Gate gate = creationGate();
        Asker<Optional<SessionRecord>> waiting = asks(() -> node.create(small)).queued();
        Asker<Optional<SessionRecord>> alone = asks(() -> node.create(large));
        awaitLockWaits(2);
        gate.open();
        assertThat(waiting.get()).isPresent();
        assertThat(alone.get()).isPresent();
        assertThat(counter.calls()).hasSize(2);
    }

    /** What is there may be the session itself, stored by a statement whose answer was lost. */
    @Test
    void refusedCreationIsOfUnknownOutcomeIfNobodyCanLook() {
        NewSession one = session(Map.of());
        node.create(one);
        AtomicInteger borrowed = new AtomicInteger();
        DataSource once = new SimpleDataSource(() -> {
                    if (borrowed.incrementAndGet() > 1) {
                        throw new SQLException("no more connections", "08001");
                    }
                    return database.connect();
                })
                .dataSource();
        AdapterContext context = TestSessions.context(Map.of());
        var dialect = new PostgresDialect(TableName.of(context.settings()));
        var sql = new SqlRunner(new ForeignDataSource(once, 0), PATIENCE);
        try (SessionAdapter other = new JdbcSessionAdapter(context, sql, dialect, new SingleRequests(sql, dialect))) {
            assertThatThrownBy(() -> other.create(one)).isInstanceOfSatisfying(SessionStoreException.class, e -> {
                assertThat(e.code()).contains("08001");
                assertThat(e.outcomeUnknown()).isTrue();
            });
        }
    }

    @Test
    void creationsOfALostConnectionAreRepeated() throws Exception {
        NewSession one = session(Map.of());
        NewSession two = session(Map.of());
        Gate gate = creationGate();
        Trap trap = new Trap();
        Asker<Optional<SessionRecord>> first = asks(() -> node.create(one)).queued();
        Asker<Optional<SessionRecord>> second = asks(() -> node.create(two)).queued();
        gate.open();
        trap.spring();
        loseConnection();
        trap.open();
        assertThat(first.get()).isPresent();
        assertThat(second.get()).isPresent();
        assertThat(node.load(one.id(), START)).isPresent();
        assertThat(node.load(two.id(), START)).isPresent();
    }

    @Test
    void loadsOfALostConnectionAreRepeated() throws Exception {
        NewSession one = session(Map.of());
        node.create(one);
        Asker<Optional<SessionRecord>> first;
        Asker<Optional<SessionRecord>> second;
        Trap trap;
        Gate gate = new Gate(() -> node.load(one.id(), START));
        trap = new Trap();
        first = asks(() -> node.load(one.id(), START)).queued();
        second = asks(() -> node.load(one.id(), START)).queued();
        gate.open();
        trap.spring();
        loseConnection();
        trap.open();
        assertThat(first.get()).isPresent();
        assertThat(second.get()).isPresent();
    }

    @Test
    void touchesOfSeveralSessionsAreOneStatementThatDoesNotWaitForTheDisk() throws Exception {
        SessionRecord one = stored();
        SessionRecord two = stored();
        SessionRecord gone = stored();
        SessionRecord other = stored();
        node.delete(gone.info().key(), START, Detail.METADATA);
        List<Asker<Boolean>> all = new ArrayList<>();
        Gate gate = new Gate(() -> node.touch(other, START));
        all.add(asks(() -> node.touch(one, START.plusSeconds(7))).queued());
        all.add(asks(() -> node.touch(one, START.plusSeconds(5))).queued());
        all.add(asks(() -> node.touch(two, START.plusSeconds(6))).queued());
        gate.open();
        for (Asker<Boolean> asker : all) {
            assertThat(asker.get()).isTrue();
        }
        assertThat(counter.calls()).singleElement().asString().contains("synchronous_commit");
        Asker<Boolean> goneToo;
        gate = new Gate(() -> node.touch(other, START));
        goneToo = asks(() -> node.touch(gone, START.plusSeconds(5))).queued();
        asks(() -> node.touch(two, START.plusSeconds(8))).queued();
        gate.open();
        assertThat(goneToo.get()).isFalse();
        for (Asker<?> asker : askers) {
            asker.get();
        }
        assertThat(accessed(one)).isEqualTo(START.plusSeconds(7));
        assertThat(accessed(two)).isEqualTo(START.plusSeconds(8));
        assertThat(node.reload(one.info().key(), START).orElseThrow().info().version())
                .isEqualTo(1);
    }

    /** Two touches in one statement that was lost, with its leader interrupted, and that both wait in a trap to be repeated. */
    private final class LostTouches {
        final SessionRecord one = stored();
        final SessionRecord two = stored();
        final Asker<Boolean> leader;
        final Asker<Boolean> follower;
        final Trap trap;

        LostTouches() throws Exception {
            SessionRecord other = stored();
            Gate gate = new Gate(() -> node.touch(other, START));
            trap = new Trap();
            leader = asks(() -> node.touch(one, START.plusSeconds(5))).queued();
            follower = asks(() -> node.touch(two, START.plusSeconds(6))).queued();
            gate.open();
            trap.spring();
            leader.thread.interrupt();
            loseConnection();
        }
    }

    @Test
    void touchIsRepeatedAfterTheStatementOfAnInterruptedLeaderIsLost() throws Exception {
        LostTouches lost = new LostTouches();
        lost.trap.open();
        assertThat(lost.follower.get()).isTrue();
        assertThat(lost.leader.get()).isTrue();
        assertThat(accessed(lost.one)).isEqualTo(START.plusSeconds(5));
        assertThat(accessed(lost.two)).isEqualTo(START.plusSeconds(6));
    }

    @Test
    void touchThatWasLostStaysUnknownWhenItsRepetitionFails() throws Exception {
        LostTouches lost = new LostTouches();
        while (!lost.follower.answer.isDone() || !lost.leader.answer.isDone()) {
            database.number("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity"
                    + " WHERE wait_event_type = 'Lock' AND state = 'active'");
        }
        lost.trap.open();
        for (Asker<Boolean> asker : List.of(lost.leader, lost.follower)) {
            assertThat(asker.failure().code()).contains("57014");
            assertThat(asker.failure().outcomeUnknown()).isTrue();
        }
    }

    private Instant accessed(SessionRecord record) {
        return node.reload(record.info().key(), START).orElseThrow().info().lastAccessedAt();
    }
}
