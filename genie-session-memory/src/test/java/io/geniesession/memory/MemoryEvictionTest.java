package io.geniesession.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.EndReason;
import io.geniesession.Expiry;
import io.geniesession.PageRequest;
import io.geniesession.Session;
import io.geniesession.SessionConfigException;
import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import io.geniesession.tck.TestValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What happens when the store is full. */
class MemoryEvictionTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final IndexEntry ANNA = new IndexEntry(Session.PRINCIPAL, "anna");

    private final SettableClock clock = SettableClock.at(NOW);
    private TestContext context = new TestContext(clock, Map.of());

    private MemorySessionAdapter storeOf(int max) {
        context = new TestContext(clock, Map.of("genie.session.memory.max-sessions", Integer.toString(max)));
        return MemorySessionAdapter.open(context);
    }

    private static NewSession session(Map<String, String> indexes) {
        return new NewSession(
                SessionKey.generate(NOW),
                SessionId.generate(),
                NOW,
                Expiry.idle(Duration.ofMinutes(30), Duration.ofMinutes(1)),
                Map.of("color", TestValue.of("red")),
                indexes);
    }

    private static NewSession anonymous() {
        return session(Map.of());
    }

    private static NewSession known() {
        return session(Map.of(Session.PRINCIPAL, "anna"));
    }

    private static SessionRecord create(MemorySessionAdapter store, NewSession session) {
        return store.create(session).orElseThrow();
    }

    private static List<NewSession> remaining(MemorySessionAdapter store, List<NewSession> sessions) {
        return sessions.stream()
                .filter(session -> store.load(session.id(), NOW).isPresent())
                .toList();
    }

    @Test
    void fullStoreEndsAsManyAsAreTooMany() {
        MemorySessionAdapter store = storeOf(10);
        List<NewSession> sessions = new ArrayList<>();
        for (int i = 0; i < 35; i++) {
            sessions.add(anonymous());
            create(store, sessions.get(i));
            assertThat(store.count(NOW)).isLessThanOrEqualTo(10);
        }

        Set<SessionKey> gone = new HashSet<>();
        for (EndedSession ended : context.ended()) {
            assertThat(ended.reason()).isEqualTo(EndReason.EVICTED);
            assertThat(TestValue.text(ended.attributes().get("color"))).isEqualTo("red");
            assertThat(gone.add(ended.info().key())).as("reported once").isTrue();
        }
        assertThat(gone).hasSize(25);
        assertThat(store.count(NOW)).isEqualTo(10);
        for (NewSession session : sessions) {
            boolean there = !gone.contains(session.key());
            assertThat(store.load(session.id(), NOW).isPresent()).isEqualTo(there);
            assertThat(store.reload(session.key(), NOW).isPresent()).isEqualTo(there);
        }
    }

    @Test
    void anonymousSessionsGoBeforeThoseWithAPrincipal() {
        MemorySessionAdapter store = storeOf(10);
        List<NewSession> known = new ArrayList<>();
        List<NewSession> anonymous = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            if (i % 4 == 0) {
                known.add(known());
                create(store, known.get(known.size() - 1));
            } else {
                anonymous.add(anonymous());
                create(store, anonymous.get(anonymous.size() - 1));
            }
        }

        assertThat(remaining(store, known)).hasSize(8).isEqualTo(known);
        assertThat(remaining(store, anonymous)).hasSize(2);
        assertThat(store.count(NOW)).isEqualTo(10);
        assertThat(store.count(ANNA, NOW)).isEqualTo(8);
    }

    @Test
    void sessionsWithAPrincipalGoWhenNoOthersAreLeft() {
        MemorySessionAdapter store = storeOf(10);
        List<NewSession> anonymous = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            anonymous.add(anonymous());
            create(store, anonymous.get(i));
        }
        for (int i = 0; i < 15; i++) {
            create(store, known());
        }

        assertThat(remaining(store, anonymous)).isEmpty();
        assertThat(store.count(NOW)).isEqualTo(10);
        assertThat(store.count(ANNA, NOW)).isEqualTo(10);
        assertThat(store.find(ANNA, NOW, PageRequest.first(100)).items()).hasSize(10);
        assertThat(context.ended()).hasSize(15);
    }

    @Test
    void whatIsUsedStays() {
        MemorySessionAdapter store = storeOf(100);
        List<NewSession> used = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            used.add(anonymous());
            create(store, used.get(i));
        }
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < 20; i++) {
                create(store, anonymous());
            }
            used.forEach(session -> store.load(session.id(), NOW));
        }

        assertThat(remaining(store, used)).hasSizeGreaterThan(45);
    }

    @Test
    void signingInProtectsAndSigningOutExposes() {
        MemorySessionAdapter store = storeOf(10);
        NewSession signsIn = anonymous();
        NewSession signsOut = known();
        saved(store.persist(create(store, signsIn), principal(Optional.of("anna"))));
        saved(store.persist(create(store, signsOut), principal(Optional.empty())));
        for (int i = 0; i < 9; i++) {
            create(store, known());
        }

        assertThat(store.reload(signsIn.key(), NOW)).isPresent();
        assertThat(store.reload(signsOut.key(), NOW)).isEmpty();
        assertThat(context.ended()).hasSize(1);
    }

    @Test
    void roomThatBecomesFreeIsUsedByAnonymousSessions() {
        MemorySessionAdapter store = storeOf(10);
        for (int i = 0; i < 10; i++) {
            create(store, known());
        }
        create(store, anonymous());
        assertThat(context.ended()).hasSize(1);

        store.deleteAll(ANNA, Set.of(), NOW, Detail.METADATA);
        for (int i = 0; i < 10; i++) {
            create(store, anonymous());
        }

        assertThat(store.count(NOW)).isEqualTo(10);
        assertThat(context.ended()).hasSize(1);
    }

    @Test
    void persistToAnEvictedSessionIsGone() {
        MemorySessionAdapter store = storeOf(1);
        SessionRecord evicted = create(store, anonymous());
        create(store, known());

        assertThat(store.persist(evicted, principal(Optional.of("anna")))).isInstanceOf(PersistResult.Gone.class);
        assertThat(store.touch(evicted, NOW)).isFalse();
        assertThat(store.delete(evicted.info().key(), NOW, Detail.METADATA)).isEmpty();
        assertThat(store.sweep(NOW.plus(Duration.ofDays(1)), 10, Detail.METADATA))
                .hasSize(1);
    }

    @Test
    void everySessionEndsOnceUnderManyThreads() throws Exception {
        MemorySessionAdapter store = storeOf(50);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Integer>> running = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int thread = t;
            running.add(threads.submit(() -> createMany(store, thread)));
        }
        int deleted = 0;
        for (Future<Integer> one : running) {
            deleted += one.get();
        }
        threads.shutdown();
        create(store, anonymous());

        long there = store.count(NOW);
        assertThat(there).isLessThanOrEqualTo(50);
        List<SessionKey> evicted =
                context.ended().stream().map(ended -> ended.info().key()).toList();
        assertThat(evicted).doesNotHaveDuplicates().hasSize((int) (8 * 500 + 1 - deleted - there));
    }

    private static int createMany(MemorySessionAdapter store, int thread) {
        int deleted = 0;
        for (int i = 0; i < 500; i++) {
            SessionRecord record = create(store, (i + thread) % 3 == 0 ? known() : anonymous());
            if (i % 5 == 0) {
                store.persist(record, principal(i % 2 == 0 ? Optional.of("anna") : Optional.empty()));
            }
            if (i % 7 == 0) {
                deleted +=
                        store.delete(record.info().key(), NOW, Detail.METADATA).isPresent() ? 1 : 0;
            }
        }
        return deleted;
    }

    @Test
    void boundIsChecked() {
        for (String wrong : List.of("0", "-1", "100000001", "many", "1.5")) {
            assertThatThrownBy(() -> MemorySessionAdapter.open(
                            new TestContext(clock, Map.of("genie.session.memory.max-sessions", wrong))))
                    .isInstanceOf(SessionConfigException.class)
                    .hasMessageContaining("genie.session.memory.max-sessions")
                    .hasMessageContaining("100000000");
        }
    }

    private static SessionChanges principal(Optional<String> principal) {
        return SessionChanges.at(NOW).withIndexes(Map.of(Session.PRINCIPAL, principal));
    }

    private static void saved(PersistResult result) {
        assertThat(result).isInstanceOf(PersistResult.Saved.class);
    }
}
