package io.geniesession.tck;

import static io.geniesession.spi.SessionAdapter.Detail.METADATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.geniesession.PageRequest;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link SessionAdapter} when two nodes, or many threads, do their steps at the same moment. A race is run many
 * times, and a failure that shows only now and then is a failure all the same.
 *
 * <p>Belongs to one test and is safe for its threads.
 */
public abstract class ConcurrencyContract extends AdapterFixture {
    private static final Duration LONG = Duration.ofDays(100);
    private static final IndexEntry ANNA = new IndexEntry(Session.PRINCIPAL, "anna");

    /** Creates the contract for one test. */
    protected ConcurrencyContract() {}

    /**
     * Returns how often each race of two is run.
     *
     * @return 50, unless overridden
     */
    protected int rounds() {
        return 50;
    }

    /**
     * Returns how many threads work on one session in the tests of contention, half of them on each node.
     *
     * @return 8, unless overridden
     */
    protected int threads() {
        return 8;
    }

    /**
     * Returns how many steps each of those threads does.
     *
     * @return 50, unless overridden
     */
    protected int steps() {
        return 50;
    }

    private SessionAdapter nodeOf(int thread) {
        return thread % 2 == 0 ? node() : otherNode();
    }

    private SessionRecord loadedBy(SessionAdapter node, NewSession session) {
        return node.reload(session.key(), START).orElseThrow(() -> new AssertionError("The session is not there"));
    }

    private static boolean isSaved(PersistResult result) {
        return result instanceof PersistResult.Saved;
    }

    /** A step of one thread, which may fail. */
    private interface Step {
        void run(int thread, SessionAdapter node) throws Exception;
    }

    private void everyThread(Step step) throws Exception {
        List<Callable<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < threads(); i++) {
            int thread = i;
            all.add(() -> {
                step.run(thread, nodeOf(thread));
                return true;
            });
        }
        Race.run(all);
    }

    @Test
    @DisplayName("[persist-6] strict increments by many threads on two nodes are never lost")
    final void incrementsAreNeverLost() throws Exception {
        NewSession session = session(expiry(), Map.of("n", "0"), Map.of());
        stored(session);

        everyThread((thread, node) -> {
            for (int i = 0; i < steps(); i++) {
                increment(node, session);
            }
        });

        int expected = threads() * steps();
        assertThat(texts(loaded(session))).isEqualTo(Map.of("n", Integer.toString(expected)));
        assertThat(loaded(session).info().version()).isEqualTo(1 + expected);
    }

    private void increment(SessionAdapter node, NewSession session) {
        PersistResult result;
        do {
            SessionRecord base = loadedBy(node, session);
            int n = Integer.parseInt(texts(base).getOrDefault("n", ""));
            result = node.persist(base, set("n", Integer.toString(n + 1)).strictly());
            assertThat(result).isNotInstanceOf(PersistResult.Gone.class);
        } while (!isSaved(result));
    }

    @Test
    @DisplayName("[persist-2] different attributes by many writers all survive")
    final void differentAttributesAllSurvive() throws Exception {
        NewSession session = session();
        stored(session);

        everyThread((thread, node) -> {
            SessionRecord base = loadedBy(node, session);
            for (int i = 0; i < steps(); i++) {
                base = saved(node.persist(base, set("thread" + thread, Integer.toString(i))));
            }
        });

        Map<String, String> expected = new HashMap<>(Map.of("color", "red"));
        for (int i = 0; i < threads(); i++) {
            expected.put("thread" + i, Integer.toString(steps() - 1));
        }
        assertThat(texts(loaded(session))).isEqualTo(expected);
        assertThat(loaded(session).info().version()).isEqualTo(1 + threads() * steps());
    }

    @Test
    @DisplayName("[persist-7] a next record is strict only if no other writer came between")
    final void nextIsStrictAmongWriters() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            NewSession session = session();
            SessionRecord one = stored(session);
            SessionRecord two = loadedBy(otherNode(), session);

            List<Boolean> strict = Race.run(List.of(
                    () -> isSaved(node().persist(
                                    saved(node().persist(one, set("a", "1"))),
                                    set("s", "1").strictly())),
                    () -> isSaved(otherNode()
                            .persist(
                                    saved(otherNode().persist(two, set("b", "2"))),
                                    set("s", "2").strictly()))));

            // Saved is whoever did both steps before the other came, and the other one then conflicts.
            assertThat(strict).as("round %d", round).isNotEqualTo(List.of(true, true));
            Map<String, String> texts = texts(loaded(session));
            assertThat(texts).containsEntry("a", "1").containsEntry("b", "2");
            assertThat(texts.containsKey("s")).isEqualTo(strict.contains(true));
        }
    }

    @Test
    @DisplayName("[persist-2] of a set and a removal at the same moment one wins, on every node")
    final void setAgainstRemoval() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            NewSession session = session();
            SessionRecord one = stored(session);
            SessionRecord two = loadedBy(otherNode(), session);

            Race.run(List.of(
                    () -> saved(node().persist(one, set("color", "blue"))),
                    () -> saved(otherNode().persist(two, nothing().withRemoved(Set.of("color"))))));

            Map<String, String> texts = texts(loaded(session));
            assertThat(texts).isIn(Map.of(), Map.of("color", "blue"));
            assertThat(texts(loadedBy(otherNode(), session))).isEqualTo(texts);
            assertThat(loaded(session).info().version()).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("[persist-1] a reader sees all of a persist or nothing of it")
    final void readersSeeAllOrNothing() throws Exception {
        NewSession session = session(expiry(), Map.of("a", "0", "b", "0"), Map.of("device", "0"));
        stored(session);
        AtomicInteger writing = new AtomicInteger(1);

        everyThread((thread, node) -> {
            if (thread > 0) {
                while (writing.get() > 0) {
                    SessionRecord seen = loadedBy(node, session);
                    String a = texts(seen).getOrDefault("a", "");
                    assertThat(texts(seen)).isEqualTo(Map.of("a", a, "b", a));
                    assertThat(seen.info().indexes()).isEqualTo(Map.of("device", a));
                    assertThat(seen.info().version()).isEqualTo(1 + Integer.parseInt(a));
                }
                return;
            }
            try {
                SessionRecord base = loadedBy(node, session);
                for (int i = 1; i <= steps() * 2; i++) {
                    String text = Integer.toString(i);
                    SessionChanges changes = nothing()
                            .withSet(values(Map.of("a", text, "b", text)))
                            .withIndexes(Map.of("device", Optional.of(text)));
                    base = saved(node.persist(base, i % 2 == 0 ? changes : changes.strictly()));
                }
            } finally {
                writing.set(0);
            }
        });
    }

    @Test
    @DisplayName("[persist-4] last access ends at the latest of many accesses in any order")
    final void lastAccessEndsAtTheLatest() throws Exception {
        NewSession session = session(idle(LONG));
        stored(session);
        int last = threads() * steps();

        everyThread((thread, node) -> {
            SessionRecord base = loadedBy(node, session);
            for (int i = steps() - 1; i >= 0; i--) {
                Instant at = START.plusMillis(last - (long) i * threads() - thread);
                if (i % 2 == 0) {
                    assertThat(node.touch(base, at)).isTrue();
                } else {
                    saved(node.persist(base, SessionChanges.at(at)));
                }
            }
        });

        assertThat(loaded(session).info().lastAccessedAt()).isEqualTo(START.plusMillis(last));
    }

    @Test
    @DisplayName("[create-2] the same create twice at the same moment answers both and stores one")
    final void sameCreateTwice() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            NewSession session = sessionOf("anna");

            List<Optional<SessionRecord>> answers = Race.run(
                    List.of(() -> node().create(session), () -> otherNode().create(session)));

            assertThat(answers).as("round %d", round).allMatch(Optional::isPresent);
            assertThat(loaded(session).info().version()).isEqualTo(1);
            assertThat(node().count(START)).isEqualTo(round + 1);
        }
    }

    @Test
    @DisplayName("[create-3] of two creates with one id at the same moment one is stored")
    final void sameIdTwice() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            NewSession one = session();
            NewSession two = new NewSession(
                    SessionKey.generate(START), one.id(), START, expiry(), values(Map.of("color", "blue")), Map.of());

            List<Optional<SessionRecord>> answers =
                    Race.run(List.of(() -> node().create(one), () -> otherNode().create(two)));

            assertThat(answers.stream().filter(Optional::isPresent))
                    .as("round %d", round)
                    .hasSize(1);
            SessionKey stored = answers.get(0).isPresent() ? one.key() : two.key();
            assertThat(node().load(one.id(), START).orElseThrow().info().key()).isEqualTo(stored);
            assertThat(node().count(START)).isEqualTo(round + 1);
        }
    }

    @Test
    @DisplayName("[renew-1] of two renewals at the same moment one is applied, with its own principal")
    final void twoRenewals() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            NewSession session = session();
            SessionRecord one = stored(session);
            SessionRecord two = loadedBy(otherNode(), session);
            SessionId oneId = SessionId.generate();
            SessionId twoId = SessionId.generate();

            List<PersistResult> results = Race.run(List.of(
                    () -> node().persist(one, signIn("anna", oneId)),
                    () -> otherNode().persist(two, signIn("bert", twoId))));

            boolean oneWon = isSaved(results.get(0));
            assertThat(results.stream().filter(ConcurrencyContract::isSaved))
                    .as("round %d", round)
                    .hasSize(1);
            assertConflict(results.get(oneWon ? 1 : 0));
            SessionRecord record = node().load(oneWon ? oneId : twoId, START).orElseThrow();
            assertThat(record.info().principal()).contains(oneWon ? "anna" : "bert");
            assertThat(node().load(oneWon ? twoId : oneId, START)).isEmpty();
            assertThat(node().load(session.id(), START)).isEmpty();
            assertThat(node().loadFormer(session.id(), START)).isPresent();
        }
    }

    private SessionChanges signIn(String principal, SessionId to) {
        return nothing()
                .withIndexes(Map.of(Session.PRINCIPAL, Optional.of(principal)))
                .withRenewal(renewalTo(to));
    }

    @Test
    @DisplayName("[renew-2] a slow writer's persist during a renewal arrives, and the old id stays closed")
    final void renewalUnderASlowWriter() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            NewSession session = session();
            SessionRecord one = stored(session);
            SessionRecord two = loadedBy(otherNode(), session);
            SessionId to = SessionId.generate();

            Race.run(List.of(
                    () -> saved(node().persist(one, signIn("anna", to))),
                    () -> saved(otherNode().persist(two, set("size", "L")))));

            SessionRecord record = node().load(to, START).orElseThrow();
            assertThat(texts(record)).isEqualTo(Map.of("color", "red", "size", "L"));
            assertThat(record.info().principal()).contains("anna");
            assertThat(otherNode().load(session.id(), START)).isEmpty();
        }
    }

    @Test
    @DisplayName("[renew-2] a reader by the old id sees the session as it was before the renewal, or nothing")
    final void renewalUnderASlowReader() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            NewSession session = session();
            SessionRecord one = stored(session);
            SessionId to = SessionId.generate();
            otherNode();

            List<Optional<SessionRecord>> seen = Race.run(List.of(
                    () -> Optional.of(saved(node().persist(one, signIn("anna", to)))),
                    () -> otherNode().load(session.id(), START),
                    () -> otherNode().load(to, START)));

            seen.get(1)
                    .ifPresent(record -> assertThat(record.info().principal()).isEmpty());
            seen.get(2)
                    .ifPresent(record -> assertThat(record.info().principal()).contains("anna"));
            assertThat(otherNode().load(session.id(), START)).isEmpty();
            assertThat(otherNode().load(to, START)).isPresent();
        }
    }

    @Test
    @DisplayName("[delete-1] a deletion during a persist stays a deletion")
    final void deletionUnderAWriter() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            NewSession session = sessionOf("anna");
            SessionRecord base = stored(session);
            SessionChanges changes = round % 3 == 0 ? signIn("anna", SessionId.generate()) : set("color", "blue");
            SessionChanges raced = round % 3 == 1 ? changes.strictly() : changes;

            List<Object> answers = Race.run(List.of(
                    () -> node().persist(base, raced),
                    () -> otherNode().delete(session.key(), START, METADATA).isPresent()));

            assertThat(answers.get(1)).as("round %d", round).isEqualTo(true);
            assertThat(isThere(session)).isFalse();
            assertThat(node().load(session.id(), START)).isEmpty();
            changes.renewal()
                    .ifPresent(renewal ->
                            assertThat(node().load(renewal.to(), START)).isEmpty());
            assertGone(node().persist(base, raced));
            node().indexed()
                    .ifPresent(index -> assertThat(index.count(ANNA, START)).isZero());
        }
    }

    @Test
    @DisplayName("[delete-1] of several deletes at the same moment one returns the session")
    final void severalDeletes() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            NewSession session = session();
            stored(session);
            AtomicInteger returned = new AtomicInteger();

            everyThread((thread, node) ->
                    node.delete(session.key(), START, METADATA).ifPresent(ended -> returned.incrementAndGet()));

            assertThat(returned).as("round %d", round).hasValue(1);
        }
    }

    @Test
    @DisplayName("[sweep-2] several sweepers together return each expired session once")
    final void severalSweepers() throws Exception {
        int count = 200;
        for (int i = 0; i < count; i++) {
            stored(session());
        }
        NewSession living = session(idle(LONG));
        stored(living);
        Instant before = clock.advance(IDLE.plus(QUANTUM)).plus(sweepDelay());
        List<SessionKey> swept = Collections.synchronizedList(new ArrayList<>());

        everyThread((thread, node) -> {
            for (int i = 0; i < count && swept.size() < count; i++) {
                swept.addAll(keys(node.sweep(before, 7, METADATA)));
            }
        });
        swept.addAll(keys(sweepAll(node(), before, METADATA)));

        assertThat(swept).hasSize(count).doesNotHaveDuplicates().doesNotContain(living.key());
        assertThat(isThere(living)).isTrue();
    }

    @Test
    @DisplayName("[sweep-1] a session that is touched or saved during a sweep is swept or lives on, not both")
    final void sweepAgainstUse() throws Exception {
        for (int round = 0; round < rounds(); round++) {
            clock.set(START);
            NewSession session = session(idle(LONG));
            SessionRecord base = stored(session);
            Instant expiresAt = base.info().expiresAt();
            Instant began = expiresAt.minusMillis(1);
            Callable<Boolean> use = round % 2 == 0
                    ? () -> node().touch(base, began)
                    : () -> isSaved(
                            node().persist(base, SessionChanges.at(began).withSet(values(Map.of("a", "1")))));
            otherNode();

            List<Boolean> answers = Race.run(List.of(
                    use,
                    () -> !sweepAll(otherNode(), expiresAt.plus(sweepDelay()), METADATA)
                            .isEmpty()));

            clock.set(expiresAt);
            assertThat(answers.get(0)).as("round %d: used and swept", round).isNotEqualTo(answers.get(1));
            assertThat(isThere(session)).isEqualTo(answers.get(0));
            node().delete(session.key(), expiresAt, METADATA);
        }
    }

    @Test
    @DisplayName("[sweep-3] sweepers and requests that work at the same moment all come to an end")
    final void sweepersAndRequestsTogether() throws Exception {
        NewSession busy = session(idle(LONG));
        stored(busy);
        for (int i = 0; i < 50; i++) {
            stored(session());
        }
        Instant before = START.plus(IDLE).plus(QUANTUM).plus(sweepDelay());

        everyThread((thread, node) -> {
            SessionRecord base = loadedBy(node, busy);
            for (int i = 0; i < steps(); i++) {
                if (thread < 2) {
                    node.sweep(before, 5, METADATA);
                } else {
                    base = saved(node.persist(base, set("thread" + thread, Integer.toString(i))));
                }
            }
        });

        sweepAll(node(), before, METADATA);
        assertThat(node().count(START)).isEqualTo(1);
        assertThat(loaded(busy).info().version()).isEqualTo(1 + (threads() - 2) * steps());
    }

    @Test
    @DisplayName("[index-1] entries agree with the session after two writers changed them at the same moment")
    final void entriesAgreeAfterARace() throws Exception {
        IndexedSessions index = node().indexed().orElse(null);
        assumeTrue(index != null, "the adapter finds no sessions by index");
        for (int round = 0; round < rounds(); round++) {
            NewSession session = session();
            SessionRecord one = stored(session);
            SessionRecord two = loadedBy(otherNode(), session);

            Race.run(List.of(
                    () -> saved(node().persist(
                                    one, nothing().withIndexes(Map.of("device", Optional.of("r" + session.key()))))),
                    () -> saved(otherNode().persist(two, nothing().withIndexes(Map.of("device", Optional.empty()))))));

            IndexEntry entry = new IndexEntry("device", "r" + session.key());
            boolean has = loaded(session).info().indexes().containsKey("device");
            assertThat(index.count(entry, START)).as("round %d", round).isEqualTo(has ? 1 : 0);
            assertThat(index.find(entry, START, PageRequest.first(10)).items()).hasSize(has ? 1 : 0);
        }
    }

    @Test
    @DisplayName("[index-4] a listing shows a session that is moved meanwhile at most once on a page")
    final void movedSessionIsListedOnce() throws Exception {
        IndexedSessions index = node().indexed().orElse(null);
        assumeTrue(index != null, "the adapter finds no sessions by index");
        NewSession session = session(idle(LONG), Map.of(), Map.of(Session.PRINCIPAL, "anna"));
        stored(session);

        everyThread((thread, node) -> {
            SessionRecord base = loadedBy(node, session);
            for (int i = 1; i <= steps(); i++) {
                if (thread == 0) {
                    SessionChanges again = SessionChanges.at(START.plusMillis(i))
                            .withIndexes(Map.of(Session.PRINCIPAL, Optional.of("anna")));
                    base = saved(node.persist(base, again));
                } else {
                    List<SessionInfo> items =
                            index.find(ANNA, START, PageRequest.first(10)).items();
                    assertThat(items).hasSizeLessThanOrEqualTo(1);
                }
            }
        });

        assertThat(index.count(ANNA, START)).isEqualTo(1);
    }

    @Test
    @DisplayName("[index-5] deleteAll, deletes and sign-ins at the same moment end each session once")
    final void deleteAllUnderSignIns() throws Exception {
        assumeTrue(node().indexed().isPresent(), "the adapter finds no sessions by index");
        List<NewSession> sessions = Collections.synchronizedList(new ArrayList<>());
        List<SessionKey> ended = Collections.synchronizedList(new ArrayList<>());

        everyThread((thread, node) -> {
            for (int i = 0; i < steps(); i++) {
                if (thread < 2) {
                    List<EndedSession> some = node.indexed().orElseThrow().deleteAll(ANNA, Set.of(), START, METADATA);
                    ended.addAll(keys(some));
                } else {
                    NewSession session = sessionOf("anna");
                    assertThat(node.create(session)).isPresent();
                    sessions.add(session);
                    if (i % 3 == 0) {
                        node.delete(session.key(), START, METADATA)
                                .ifPresent(one -> ended.add(one.info().key()));
                    }
                }
            }
        });

        assertThat(ended).doesNotHaveDuplicates();
        long there = sessions.stream().filter(this::isThere).count();
        assertThat(there + ended.size()).isEqualTo(sessions.size());
        assertThat(node().indexed().orElseThrow().count(ANNA, START)).isEqualTo(there);
    }

    @Test
    @DisplayName("[index-5] deleteAll ends a session whose entry is set again at the same moment")
    final void deleteAllWhileTheEntryIsSetAgain() throws Exception {
        assumeTrue(node().indexed().isPresent(), "the adapter finds no sessions by index");
        for (int round = 0; round < rounds(); round++) {
            NewSession session = sessionOf("anna");
            SessionRecord base = stored(session);
            SessionChanges again =
                    SessionChanges.at(START.plusMillis(1)).withIndexes(Map.of(Session.PRINCIPAL, Optional.of("anna")));
            IndexedSessions index = otherNode().indexed().orElseThrow();

            List<Boolean> answers = Race.run(List.of(
                    () -> isSaved(node().persist(base, again)),
                    () -> !index.deleteAll(ANNA, Set.of(), START, METADATA).isEmpty()));

            assertThat(answers.get(1)).as("round %d: ended", round).isTrue();
            assertThat(isThere(session)).as("round %d: still there", round).isFalse();
        }
    }

    @Test
    @DisplayName("[close-1] calls that are under way when the node closes complete or fail with SessionStoreException")
    final void closeWhileInUse() throws Exception {
        SessionAdapter closing = nodeToClose();
        NewSession session = session();
        SessionRecord base = closing.create(session).orElseThrow();
        AtomicInteger calls = new AtomicInteger();

        everyThread((thread, node) -> {
            if (thread == 0) {
                while (calls.get() < threads() * 2) {
                    Thread.onSpinWait();
                }
                closing.close();
                return;
            }
            try {
                for (int i = 0; i < steps() * 100; i++) {
                    calls.incrementAndGet();
                    closing.load(session.id(), START);
                    closing.persist(base, set("thread" + thread, "1"));
                    closing.touch(base, START);
                    closing.sweep(START, 1, METADATA);
                }
            } catch (SessionStoreException expected) {
                // What the rule allows; the other allowed thing is to complete.
                calls.addAndGet(threads() * 2);
            }
        });
    }
}
