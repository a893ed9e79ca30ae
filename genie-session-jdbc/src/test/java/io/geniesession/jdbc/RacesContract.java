package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.principal;
import static io.geniesession.jdbc.TestSessions.saved;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static io.geniesession.jdbc.TestSessions.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Expiry;
import io.geniesession.SessionId;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.TestValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two nodes on one session: the first has run its statement and not yet committed, the second waits for its lock, the first
 * commits. This is where guards prove to be judged by the row as it is after the wait.
 */
abstract class RacesContract {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final IndexEntry ANNA = new IndexEntry("principal", "anna");

    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    private TestDatabase database;
    private SessionAdapter node;
    private HeldTransaction transaction;
    private SessionAdapter held;

    abstract TestDatabase open();

    /** Tells whether a step that this thread runs waits for a lock. */
    abstract boolean isWaiting(TestDatabase database, Thread runner) throws Exception;

    @BeforeEach
    void openNodes() throws Exception {
        database = open();
        node = JdbcSessionAdapter.open(TestSessions.context(database));
        transaction = new HeldTransaction(database.connect());
        held = JdbcSessionAdapter.with(transaction.dataSource()).open(TestSessions.context(Map.of()));
    }

    @AfterEach
    void closeNodes() throws Exception {
        thread.shutdownNow();
        held.close();
        transaction.close();
        node.close();
        database.checkNothingLeaked();
        database.close();
    }

    /** Runs the step in another thread, commits the first node's as soon as this one waits for it, and returns the answer. */
    private <T> T waitingFor(Callable<T> step) throws Exception {
        AtomicReference<Thread> runner = new AtomicReference<>();
        Future<T> answer = thread.submit(() -> {
            runner.set(Thread.currentThread());
            return step.call();
        });
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (runner.get() == null || !isWaiting(database, runner.get())) {
            assertThat(answer.isDone()).as("the second node did not wait").isFalse();
            assertThat(System.nanoTime()).as("nobody waits").isLessThan(deadline);
        }
        transaction.commit();
        return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private SessionRecord stored(NewSession session) {
        return node.create(session).orElseThrow();
    }

    private SessionRecord loaded(SessionRecord record) {
        return node.reload(record.info().key(), START).orElseThrow();
    }

    private static Renewal renewal() {
        return new Renewal(SessionId.generate(), START);
    }

    /** Stores a session that has had another id before. */
    private SessionRecord renewed(NewSession session) {
        return saved(node.persist(stored(session), renewing()));
    }

    private static SessionChanges renewing() {
        return SessionChanges.at(START).withRenewal(renewal());
    }

    /** Neither a session nor anything that belonged to one. */
    private void assertNothingIsLeft() throws Exception {
        assertThat(database.number("SELECT count(*) FROM genie_session")).isZero();
        assertThat(database.number("SELECT count(*) FROM genie_session_index")).isZero();
        assertThat(formerIds(database)).as("former ids").isZero();
    }

    private long indexRows() throws Exception {
        return database.number("SELECT count(*) FROM genie_session_index i LEFT JOIN genie_session s"
                + " ON s.session_key = i.session_key WHERE s.session_key IS NULL OR i.\"" + valueColumn()
                + "\" IS NOT NULL");
    }

    abstract String valueColumn();

    /** Returns how many former ids are stored, of whatever session. */
    abstract long formerIds(TestDatabase database) throws Exception;

    @Test
    void appendThenAppendKeepsBothAndTheLaterAccess() throws Exception {
        SessionRecord base = stored(session(Map.of()));
        Instant later = START.plusSeconds(10);
        held.persist(base, SessionChanges.at(later).withSet(Map.of("a", TestValue.of("1"))));

        SessionRecord second = saved(waitingFor(() -> node.persist(base, set("b", "2"))));

        assertThat(texts(loaded(base))).isEqualTo(Map.of("color", "red", "a", "1", "b", "2"));
        assertThat(loaded(base).info().lastAccessedAt()).isEqualTo(later);
        assertThat(second.info().version()).isEqualTo(3);
        assertThat(node.persist(second, set("c", "3").strictly())).isInstanceOf(PersistResult.Conflict.class);
    }

    @Test
    void sameAttributeIsTheLaterCommits() throws Exception {
        SessionRecord base = stored(session(Map.of()));
        held.persist(base, set("color", "green"));

        saved(waitingFor(() -> node.persist(base, set("color", "blue"))));

        assertThat(texts(loaded(base))).isEqualTo(Map.of("color", "blue"));
    }

    @Test
    void compactionWithAnOldBaseBecomesAnAppend() throws Exception {
        SessionRecord base = stored(session(Map.of()));
        held.persist(base, set("a", "1"));

        SessionRecord second = saved(waitingFor(() -> node.persist(base, set("large", "x".repeat(100_000)))));

        assertThat(database.number("SELECT octet_length(changes) FROM genie_session"))
                .isGreaterThan(100_000);
        assertThat(texts(loaded(base))).containsOnlyKeys("color", "a", "large");
        assertThat(((JdbcSessionRecord) second).isBehind()).isTrue();
    }

    @Test
    void compactionAloneReplacesTheSnapshot() throws Exception {
        SessionRecord base = stored(session(Map.of()));

        SessionRecord next = saved(node.persist(base, set("large", "x".repeat(100_000))));

        assertThat(database.number("SELECT octet_length(changes) FROM genie_session"))
                .isZero();
        assertThat(texts(loaded(base))).containsOnlyKeys("color", "large");
        assertThat(texts(next)).containsOnlyKeys("color", "large");
        saved(node.persist(next, set("b", "2").strictly()));
        assertThat(texts(loaded(base))).containsOnlyKeys("color", "large", "b");
    }

    @Test
    void strictAfterAppendConflicts() throws Exception {
        SessionRecord base = stored(session(Map.of()));
        held.persist(base, set("a", "1"));

        PersistResult result = waitingFor(() -> node.persist(base, set("b", "2").strictly()));

        assertThat(result).isInstanceOf(PersistResult.Conflict.class);
        assertThat(texts(loaded(base))).containsOnlyKeys("color", "a");
    }

    @Test
    void appendAfterDeleteIsGone() throws Exception {
        SessionRecord base = stored(session(Map.of()));
        held.delete(base.info().key(), START, Detail.METADATA);

        PersistResult result = waitingFor(() -> node.persist(base, set("b", "2")));

        assertThat(result).isInstanceOf(PersistResult.Gone.class);
        assertThat(database.number("SELECT count(*) FROM genie_session")).isZero();
    }

    /** A statement that waited has seen the session when it began: that must not make a conflict of the deletion. */
    @Test
    void whateverWaitedForADeleteIsGone() throws Exception {
        for (SessionChanges changes : List.of(
                set("b", "2").strictly(), principal("anna"), principal("anna").withRenewal(renewal()))) {
            SessionRecord base = stored(session(Map.of()));
            held.delete(base.info().key(), START, Detail.METADATA);

            assertThat(waitingFor(() -> node.persist(base, changes))).isInstanceOf(PersistResult.Gone.class);
            assertNothingIsLeft();
        }
    }

    @Test
    void endedSessionIsReportedWithTheEntryThatItsEndWaitedFor() throws Exception {
        SessionRecord base = stored(session(Map.of("principal", "anna")));
        held.persist(base, principal("berta"));

        EndedSession ended = waitingFor(() -> node.delete(base.info().key(), START, Detail.METADATA))
                .orElseThrow();

        assertThat(ended.info().version()).isEqualTo(2);
        assertThat(ended.info().principal()).contains("berta");
    }

    @Test
    void secondRenewalConflictsAndItsPrincipalIsNotApplied() throws Exception {
        SessionRecord base = stored(session(Map.of()));
        held.persist(base, principal("anna").withRenewal(renewal()));

        PersistResult result =
                waitingFor(() -> node.persist(base, principal("berta").withRenewal(renewal())));

        assertThat(result).isInstanceOf(PersistResult.Conflict.class);
        assertThat(loaded(base).info().principal()).contains("anna");
        assertThat(node.indexed().orElseThrow().count(new IndexEntry("principal", "berta"), START))
                .isZero();
    }

    @Test
    void formerIdIsTheOneThatTheFirstRenewalGaveUp() throws Exception {
        NewSession session = session(Map.of());
        Renewal before = renewal();
        SessionRecord base =
                saved(node.persist(stored(session), SessionChanges.at(START).withRenewal(before)));
        Renewal first = new Renewal(SessionId.generate(), START.plusSeconds(30));
        Renewal second = new Renewal(SessionId.generate(), START.plusSeconds(60));
        held.persist(base, SessionChanges.at(START).withRenewal(first));

        PersistResult result =
                waitingFor(() -> node.persist(base, SessionChanges.at(START).withRenewal(second)));

        assertThat(result).isInstanceOf(PersistResult.Conflict.class);
        FormerId former = node.loadFormer(before.to(), START).orElseThrow();
        assertThat(former.usableUntil()).isEqualTo(first.formerUsableUntil());
        assertThat(former.session().info().publicId()).isEqualTo(first.to().publicId());
        for (SessionId id : List.of(session.id(), first.to(), second.to())) {
            assertThat(node.loadFormer(id, START)).isEmpty();
        }
        assertThat(formerIds(database)).isEqualTo(1);
    }

    @Test
    void appendAfterRenewalArrivesAndKeepsTheNewId() throws Exception {
        NewSession session = session(Map.of());
        SessionRecord base = stored(session);
        Renewal renewal = renewal();
        held.persist(base, SessionChanges.at(START).withRenewal(renewal));

        saved(waitingFor(() -> node.persist(base, set("b", "2"))));

        assertThat(texts(node.load(renewal.to(), START).orElseThrow())).containsKey("b");
        assertThat(node.load(session.id(), START)).isEmpty();
    }

    @Test
    void principalThatIsSetAndThenRemovedLeavesNoEntry() throws Exception {
        SessionRecord base = stored(session(Map.of()));
        held.persist(base, principal("anna"));

        saved(waitingFor(() ->
                node.persist(base, SessionChanges.at(START).withIndexes(Map.of("principal", Optional.empty())))));

        assertThat(indexRows()).isZero();
        assertThat(loaded(base).info().principal()).isEmpty();
    }

    @Test
    void principalThatIsRemovedAndThenSetIsThere() throws Exception {
        SessionRecord base = stored(session(Map.of("principal", "anna")));
        held.persist(base, SessionChanges.at(START).withIndexes(Map.of("principal", Optional.empty())));

        saved(waitingFor(() -> node.persist(base, principal("anna"))));

        assertThat(node.indexed().orElseThrow().count(ANNA, START)).isEqualTo(1);
        assertThat(loaded(base).info().principal()).contains("anna");
    }

    @Test
    void deletionAfterSettingThePrincipalLeavesNoEntry() throws Exception {
        SessionRecord base = stored(session(Map.of()));
        held.persist(base, principal("anna"));

        Optional<EndedSession> ended = waitingFor(() -> node.delete(base.info().key(), START, Detail.METADATA));

        assertThat(ended).isPresent();
        assertThat(indexRows()).isZero();
    }

    @Test
    void deletionAfterARenewalLeavesNoFormerId() throws Exception {
        for (boolean again : List.of(false, true)) {
            SessionRecord base = again ? renewed(session(Map.of())) : stored(session(Map.of()));
            held.persist(base, renewing());

            Optional<EndedSession> ended =
                    waitingFor(() -> node.delete(base.info().key(), START, Detail.METADATA));

            assertThat(ended).isPresent();
            assertNothingIsLeft();
        }
    }

    @Test
    void endingAllAfterARenewalLeavesNoFormerId() throws Exception {
        SessionRecord base = stored(session(Map.of("principal", "anna")));
        held.persist(base, renewing());

        List<EndedSession> ended =
                waitingFor(() -> node.indexed().orElseThrow().deleteAll(ANNA, Set.of(), START, Detail.METADATA));

        assertThat(ended).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void endingAllSparesASessionThatLeftMeanwhile() throws Exception {
        SessionRecord base = stored(session(Map.of("principal", "anna")));
        held.persist(base, principal("berta"));

        List<EndedSession> ended =
                waitingFor(() -> node.indexed().orElseThrow().deleteAll(ANNA, Set.of(), START, Detail.METADATA));

        assertThat(ended).isEmpty();
        assertThat(loaded(base).info().principal()).contains("berta");
    }

    @Test
    void endingAllTakesASessionThatChangedMeanwhile() throws Exception {
        SessionRecord base = stored(session(Map.of("principal", "anna")));
        held.persist(base, set("a", "1"));

        List<EndedSession> ended =
                waitingFor(() -> node.indexed().orElseThrow().deleteAll(ANNA, Set.of(), START, Detail.ATTRIBUTES));

        assertThat(ended).hasSize(1);
        assertThat(ended.get(0).attributes()).containsKey("a");
        assertThat(indexRows()).isZero();
    }

    // A sweep waits for nobody.

    private static final Expiry SHORT = Expiry.idle(Duration.ofSeconds(1), Duration.ZERO);
    private static final Instant LATER = START.plusSeconds(1).plus(TestDatabase.BUCKET);

    @Test
    void sweepSkipsASessionThatIsBeingTouched() throws Exception {
        SessionRecord base = stored(session(SHORT, Map.of()));
        assertThat(held.touch(base, START.plusMillis(900))).isTrue();

        List<EndedSession> ended = node.sweep(LATER, 10, Detail.METADATA);
        transaction.commit();

        assertThat(ended).isEmpty();
        assertThat(node.reload(base.info().key(), START.plusMillis(1_500))).isPresent();
    }

    @Test
    void sweepSkipsASessionThatIsBeingRenewedAndLaterTakesItsFormerIdToo() throws Exception {
        SessionRecord base = stored(session(SHORT, Map.of("principal", "anna")));
        held.persist(base, renewing());

        assertThat(node.sweep(LATER, 10, Detail.METADATA)).isEmpty();
        transaction.commit();
        assertThat(formerIds(database)).isEqualTo(1);

        assertThat(node.sweep(LATER, 10, Detail.METADATA)).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void renewalAfterSweepFindsTheSessionGone() throws Exception {
        SessionRecord base = renewed(session(SHORT, Map.of()));
        assertThat(held.sweep(LATER, 10, Detail.METADATA)).hasSize(1);

        assertThat(waitingFor(() -> node.persist(base, renewing()))).isInstanceOf(PersistResult.Gone.class);
        assertNothingIsLeft();
    }

    @Test
    void touchAfterSweepFindsTheSessionGone() throws Exception {
        SessionRecord base = stored(session(SHORT, Map.of()));
        assertThat(held.sweep(LATER, 10, Detail.METADATA)).hasSize(1);

        assertThat(waitingFor(() -> node.touch(base, START.plusMillis(900)))).isFalse();
    }

    @Test
    void persistAfterSweepFindsTheSessionGone() throws Exception {
        SessionRecord base = stored(session(SHORT, Map.of()));
        assertThat(held.sweep(LATER, 10, Detail.METADATA)).hasSize(1);

        assertThat(waitingFor(() -> node.persist(base, set("a", "1")))).isInstanceOf(PersistResult.Gone.class);
    }

    @Test
    void secondSweepTakesWhatTheFirstHasNot() throws Exception {
        for (int i = 0; i < 5; i++) {
            stored(session(SHORT, Map.of()));
        }

        List<EndedSession> first = held.sweep(LATER, 2, Detail.METADATA);
        List<EndedSession> second = node.sweep(LATER, 10, Detail.ATTRIBUTES);
        transaction.commit();

        assertThat(first).hasSize(2);
        assertThat(second).hasSize(3);
        assertThat(database.number("SELECT count(*) FROM genie_session")).isZero();
    }

    @Test
    void secondTouchWaitsAndNeverMovesBack() throws Exception {
        SessionRecord base = stored(session(Map.of()));
        Instant later = START.plusSeconds(10);
        held.touch(base, later);

        assertThat(waitingFor(() -> node.touch(base, START.plusSeconds(5)))).isTrue();

        assertThat(loaded(base).info().lastAccessedAt()).isEqualTo(later);
        assertThat(loaded(base).info().version()).isEqualTo(1);
    }

    @Test
    void secondCreationOfTheSameSessionAnswersTheSame() throws Exception {
        NewSession session = session(Map.of("principal", "anna"));
        held.create(session);

        Optional<SessionRecord> second = waitingFor(() -> node.create(session));

        assertThat(second).isPresent();
        assertThat(database.number("SELECT count(*) FROM genie_session")).isEqualTo(1);
        assertThat(node.indexed().orElseThrow().count(ANNA, START)).isEqualTo(1);
    }
}
