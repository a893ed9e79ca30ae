package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.saved;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static io.geniesession.jdbc.TestSessions.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.PageRequest;
import io.geniesession.SessionId;
import io.geniesession.SessionStoreException;
import io.geniesession.jdbc.FaultProxy.Fault;
import io.geniesession.jdbc.FaultyNode.Outcome;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every operation, with every fault at every step between the adapter and a real PostgreSQL. A call succeeds, or fails within a
 * bound and says whether its change may be stored; afterwards the adapter works again by itself.
 *
 * <p>{@code -Dgenie.test.faults=long} does everything at every message. Otherwise a sample is done that the seed decides on, a
 * new one each time: of the quick faults, where a statement is sent, where it is answered and at a quarter of the other
 * messages; of those that take a timeout, one for each operation. {@code -Dgenie.test.seed=…} repeats a sample.
 */
@Timeout(value = 20 * 60)
final class PostgresNetworkFaultsTest {

    private static final boolean LONG = "long".equals(System.getProperty("genie.test.faults"));
    private static final long SEED = Long.getLong("genie.test.seed", new Random().nextLong());
    private static final int NODES = 8;

    /** One of so many steps is tried. */
    private static final int SAMPLED = LONG ? 1 : 4;

    /** More messages than any operation exchanges, a new connection included. */
    private static final int STEPS = 120;

    /** Where a statement is on its way: it has not been done yet. */
    private static final String SENT = ">E";

    /** Where its answer is on its way: it has been done. */
    private static final String ANSWERED = "<C";

    private final Nodes nodes = new Nodes();
    private final ExecutorService executor = Executors.newFixedThreadPool(NODES);
    private final AtomicInteger cases = new AtomicInteger();
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);

    /** Nodes that nobody uses at the moment, each with tables of its own. */
    private static final class Nodes {
        private final Queue<FaultyNode> free = new ConcurrentLinkedQueue<>();
        private final Queue<FaultyNode> all = new ConcurrentLinkedQueue<>();

        FaultyNode take() {
            FaultyNode node = free.poll();
            return node == null ? open() : node;
        }

        private FaultyNode open() {
            // With one connection, two callers are a crowd already, and what is sent is the same each time.
            FaultyNode node = FaultyNode.open(TestDatabase.postgres(), JdbcSettings.POOL_SIZE.name(), "1");
            all.add(node);
            return node;
        }

        void giveBack(FaultyNode node) {
            free.add(node);
        }
    }

    @AfterEach
    void close() throws Exception {
        executor.shutdownNow();
        for (FaultyNode node : nodes.all) {
            node.close();
            node.database.checkNothingLeaked();
            node.database.close();
        }
        FaultyNode.await(
                Duration.ofSeconds(30),
                "no thread is left over",
                () -> leftOver().isEmpty() ? true : null);
    }

    /** Threads of pools and of the driver that nobody needs any more. */
    private static List<String> leftOver() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("genie-session-") || name.contains("JDBC driver connection"))
                .toList();
    }

    /** One call and a way to see whether it has taken effect. */
    private record Attempt(Callable<?> call, Effects effects, boolean repeatable) {}

    /** Counts what has happened. */
    private interface Effects {
        long count() throws SQLException;
    }

    /** What an application does with the store. */
    private enum Operation {
        CREATE {
            @Override
            Attempt prepare(FaultyNode node) {
                return create(node, session(Map.of("principal", "anna")));
            }
        },
        /** Without index entries, which many may do by one statement. */
        BEGIN {
            @Override
            Attempt prepare(FaultyNode node) {
                return create(node, session(Map.of()));
            }
        },
        LOAD {
            @Override
            Attempt prepare(FaultyNode node) {
                NewSession session = stored(node);
                return read(() -> node.adapter.load(session.id(), START).orElseThrow());
            }
        },
        RELOAD {
            @Override
            Attempt prepare(FaultyNode node) {
                NewSession session = stored(node);
                return read(() -> node.adapter.reload(session.key(), START).orElseThrow());
            }
        },
        FORMER {
            @Override
            Attempt prepare(FaultyNode node) {
                NewSession session = stored(node);
                saved(node.adapter.persist(loaded(node, session), renewal()));
                return read(() -> node.adapter.loadFormer(session.id(), START).orElseThrow());
            }
        },
        PERSIST {
            @Override
            Attempt prepare(FaultyNode node) {
                return persist(node, set("a", "1"));
            }
        },
        STRICT {
            @Override
            Attempt prepare(FaultyNode node) {
                return persist(node, set("a", "1").strictly());
            }
        },
        RENEW {
            @Override
            Attempt prepare(FaultyNode node) {
                return persist(node, renewal());
            }
        },
        SIGN_IN {
            @Override
            Attempt prepare(FaultyNode node) {
                return persist(node, TestSessions.principal("berta"));
            }
        },
        TOUCH {
            @Override
            Attempt prepare(FaultyNode node) {
                NewSession session = stored(node);
                SessionRecord base = loaded(node, session);
                Instant later = START.plusSeconds(60);
                return new Attempt(
                        () -> {
                            assertThat(node.adapter.touch(base, later)).isTrue();
                            return true;
                        },
                        () -> node.database.number("SELECT count(*) FROM genie_session WHERE " + is(session)
                                + " AND last_accessed = " + later.toEpochMilli()),
                        true);
            }
        },
        DELETE {
            @Override
            Attempt prepare(FaultyNode node) {
                NewSession session = stored(node);
                return new Attempt(
                        () -> node.adapter.delete(session.key(), START, Detail.ATTRIBUTES),
                        () -> 1 - node.database.number("SELECT count(*) FROM genie_session WHERE " + is(session)),
                        true);
            }
        },
        END_ALL {
            @Override
            Attempt prepare(FaultyNode node) {
                String name = "u" + NAMES.incrementAndGet();
                NewSession session = session(Map.of("principal", name));
                assertThat(node.adapter.create(session)).isPresent();
                return new Attempt(
                        () -> node.adapter
                                .indexed()
                                .orElseThrow()
                                .deleteAll(new IndexEntry("principal", name), Set.of(), START, Detail.METADATA),
                        () -> 1 - node.database.number("SELECT count(*) FROM genie_session WHERE " + is(session)),
                        true);
            }
        },
        FIND {
            @Override
            Attempt prepare(FaultyNode node) {
                String name = "u" + NAMES.incrementAndGet();
                assertThat(node.adapter.create(session(Map.of("principal", name))))
                        .isPresent();
                return read(() -> {
                    assertThat(node.adapter
                                    .indexed()
                                    .orElseThrow()
                                    .find(new IndexEntry("principal", name), START, PageRequest.first(10))
                                    .items())
                            .hasSize(1);
                    return true;
                });
            }
        },
        COUNT {
            @Override
            Attempt prepare(FaultyNode node) {
                stored(node);
                return read(() -> {
                    assertThat(node.adapter.count(START)).isPositive();
                    return true;
                });
            }
        },
        /** Last, because it leaves nothing behind. */
        SWEEP {
            @Override
            Attempt prepare(FaultyNode node) {
                NewSession session = stored(node);
                Instant later = START.plus(Duration.ofDays(1));
                return new Attempt(
                        () -> node.adapter.sweep(later, 1_000, Detail.METADATA),
                        () -> 1 - node.database.number("SELECT count(*) FROM genie_session WHERE " + is(session)),
                        false);
            }
        };

        private static final AtomicInteger NAMES = new AtomicInteger();

        abstract Attempt prepare(FaultyNode node);

        private static Attempt create(FaultyNode node, NewSession session) {
            return new Attempt(
                    () -> node.adapter.create(session).orElseThrow(),
                    () -> node.database.number("SELECT count(*) FROM genie_session WHERE " + is(session)),
                    true);
        }

        private static Attempt read(Callable<?> call) {
            return new Attempt(call, () -> -1, true);
        }

        /** One more version for each time that the changes were stored. */
        private static Attempt persist(FaultyNode node, SessionChanges changes) {
            NewSession session = stored(node);
            SessionRecord base = loaded(node, session);
            return new Attempt(
                    () -> saved(node.adapter.persist(base, changes)),
                    () -> node.database.number("SELECT version FROM genie_session WHERE " + is(session)) - 1,
                    false);
        }

        private static NewSession stored(FaultyNode node) {
            NewSession session = session(Map.of("principal", "anna"));
            assertThat(node.adapter.create(session)).isPresent();
            return session;
        }

        private static SessionRecord loaded(FaultyNode node, NewSession session) {
            return node.adapter.load(session.id(), START).orElseThrow();
        }

        private static SessionChanges renewal() {
            return set("a", "1").withRenewal(new Renewal(SessionId.generate(), START));
        }

        private static String is(NewSession session) {
            return "session_key = '" + session.key().value() + "'";
        }
    }

    // One caller

    @Test
    void everyOperationWithEveryFaultAtEveryStep() throws Exception {
        List<Callable<@Nullable Void>> all = new ArrayList<>();
        List<Fault> slow =
                Arrays.stream(Fault.values()).filter(fault -> isSlow(fault)).toList();
        int next = random("slow").nextInt(slow.size());
        for (Operation operation : Operation.values()) {
            for (Fault fault : Fault.values()) {
                if (LONG || !isSlow(fault)) {
                    all.add(() -> everyStep(operation, fault));
                }
            }
            if (!LONG) {
                Fault fault = slow.get(next++ % slow.size());
                all.add(() -> atStep(operation, fault, anyKind(operation, fault)));
            }
        }
        runAll(all);
        report("single calls");
        assertThat(cases.get()).isGreaterThan(Operation.values().length * Fault.values().length);
        assertThat(outcomes).containsKeys(Outcome.values());
    }

    /** Tells whether a call waits for a timeout, or for the next probe, when it meets this fault. */
    private static boolean isSlow(Fault fault) {
        return fault.isSilent() || fault == Fault.DOWN;
    }

    /** Returns what decides about one part of the sample, however the threads take turns. */
    private static Random random(Object... part) {
        return new Random(
                SEED + Objects.hash(Arrays.stream(part).map(Object::toString).toArray()));
    }

    private static String anyKind(Operation operation, Fault fault) {
        return random(operation, fault).nextBoolean() ? SENT : ANSWERED;
    }

    /** Does something at every step, or at a sample of them, until one is not reached any more. */
    private static void atSteps(FaultyNode node, Random random, Step action) throws Exception {
        int step = random.nextInt(SAMPLED);
        do {
            assertThat(step).isLessThan(STEPS);
            action.at(step);
            step += 1 + random.nextInt(2 * SAMPLED - 1);
        } while (node.proxy.struckAt() != null);
    }

    /** What is done at a step. */
    private interface Step {
        void at(int number) throws Exception;
    }

    private @Nullable Void everyStep(Operation operation, Fault fault) throws Exception {
        FaultyNode node = nodes.take();
        atSteps(
                node,
                random(operation, fault),
                step -> attempt(node, operation, fault, step, () -> node.proxy.arm(fault, step)));
        if (!LONG) {
            atStep(node, operation, fault, SENT);
            atStep(node, operation, fault, ANSWERED);
        }
        nodes.giveBack(node);
        return null;
    }

    private @Nullable Void atStep(Operation operation, Fault fault, String kind) throws Exception {
        FaultyNode node = nodes.take();
        atStep(node, operation, fault, kind);
        nodes.giveBack(node);
        return null;
    }

    private void atStep(FaultyNode node, Operation operation, Fault fault, String kind) throws Exception {
        attempt(node, operation, fault, kind, () -> node.proxy.arm(fault, kind));
        assertThat(node.proxy.struckAt()).isEqualTo(kind);
    }

    private void attempt(FaultyNode node, Operation operation, Fault fault, Object step, Runnable arm)
            throws Exception {
        node.awaitRecovery();
        Attempt attempt = operation.prepare(node);
        arm.run();
        Outcome outcome = FaultyNode.outcome(() -> call(attempt.call));
        int writes = node.proxy.writes();
        node.heal();
        long effects = attempt.effects.count();
        String place = operation + ", " + fault + " at " + step + " (" + node.proxy.struckAt() + "): " + outcome;
        assertThat(effects).as(place).isIn(allowed(outcome, effects));
        assertThat(writes).as(place).isLessThanOrEqualTo(1);
        if (node.proxy.struckAt() == null || fault == Fault.DELAY) {
            assertThat(outcome).as(place).isEqualTo(Outcome.DONE);
        }
        count(outcome);
    }

    /** What may have come of a call; a read has no effects. */
    private static List<Long> allowed(Outcome outcome, long effects) {
        if (effects < 0) {
            assertThat(outcome).as("a read").isNotEqualTo(Outcome.UNKNOWN);
            return List.of(-1L);
        }
        return switch (outcome) {
            case DONE -> List.of(1L);
            case NOT_DONE -> List.of(0L);
            case UNKNOWN -> List.of(0L, 1L);
        };
    }

    private static void call(Callable<?> call) {
        try {
            call.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void count(Outcome outcome) {
        cases.incrementAndGet();
        synchronized (outcomes) {
            outcomes.merge(outcome, 1, Integer::sum);
        }
    }

    private void report(String what) {
        System.out.println("Network faults, " + what + " (seed " + SEED + "): " + cases + " cases, " + outcomes);
    }

    private void runAll(List<Callable<@Nullable Void>> all) throws Exception {
        List<Future<@Nullable Void>> running = new ArrayList<>();
        all.forEach(task -> running.add(executor.submit(task)));
        for (Future<@Nullable Void> task : running) {
            try {
                task.get();
            } catch (ExecutionException e) {
                executor.shutdownNow();
                throw e;
            }
        }
    }

    // A crowd

    private static final int CROWD = 6;

    /** Callers that share statements, each with a session of its own. */
    @Test
    void crowdWithEveryFaultAtEveryStep() throws Exception {
        List<Callable<@Nullable Void>> all = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            for (Operation operation : List.of(Operation.BEGIN, Operation.LOAD, Operation.PERSIST, Operation.TOUCH)) {
                if (LONG) {
                    all.add(() -> everyStepOfACrowd(operation, fault));
                } else {
                    all.add(() -> crowdAtStep(operation, fault, anyKind(operation, fault)));
                }
            }
        }
        runAll(all);
        report("crowds of " + CROWD);
    }

    private @Nullable Void everyStepOfACrowd(Operation operation, Fault fault) throws Exception {
        FaultyNode node = nodes.take();
        atSteps(
                node,
                random(operation, fault),
                step -> crowd(node, operation, fault, step, () -> node.proxy.arm(fault, step)));
        nodes.giveBack(node);
        return null;
    }

    private @Nullable Void crowdAtStep(Operation operation, Fault fault, String kind) throws Exception {
        FaultyNode node = nodes.take();
        crowd(node, operation, fault, kind, () -> node.proxy.arm(fault, kind));
        nodes.giveBack(node);
        return null;
    }

    private void crowd(FaultyNode node, Operation operation, Fault fault, Object step, Runnable arm) throws Exception {
        node.awaitRecovery();
        List<Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            attempts.add(operation.prepare(node));
        }
        arm.run();
        List<Outcome> ended = together(attempts);
        node.heal();
        for (int i = 0; i < CROWD; i++) {
            long effects = attempts.get(i).effects.count();
            assertThat(effects)
                    .as(operation + ", " + fault + " at " + step + ", caller " + i + ": " + ended.get(i))
                    .isIn(allowed(ended.get(i), effects));
            count(ended.get(i));
        }
    }

    private static List<Outcome> together(List<Attempt> attempts) throws Exception {
        CyclicBarrier start = new CyclicBarrier(attempts.size());
        ExecutorService callers = Executors.newFixedThreadPool(attempts.size());
        try {
            List<Future<Outcome>> calls = new ArrayList<>();
            attempts.forEach(attempt -> calls.add(callers.submit(() -> {
                await(start);
                return FaultyNode.outcome(() -> call(attempt.call));
            })));
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> call : calls) {
                outcomes.add(call.get());
            }
            return outcomes;
        } finally {
            callers.shutdown();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new AssertionError(e);
        }
    }

    // What must not happen

    /**
     * The answer to a persist is lost; another node stores a later value, which is acknowledged. Were the first one sent again, it
     * would overwrite the later value.
     */
    @Test
    void acknowledgedLaterWriteSurvivesALostAnswer() {
        for (Fault fault : List.of(Fault.CUT, Fault.TRUNCATE, Fault.BLACKHOLE)) {
            FaultyNode node = nodes.take();
            try (SessionAdapter other = JdbcSessionAdapter.open(TestSessions.context(node.database))) {
                NewSession session = session(Map.of());
                SessionRecord base = node.adapter.create(session).orElseThrow();
                node.proxy.arm(fault, ANSWERED);
                assertThatThrownBy(() -> node.adapter.persist(base, set("a", "earlier")))
                        .isInstanceOfSatisfying(
                                SessionStoreException.class,
                                e -> assertThat(e.outcomeUnknown()).isTrue());
                assertThat(node.proxy.struckAt()).isEqualTo(ANSWERED);
                SessionRecord seen = other.load(session.id(), START).orElseThrow();
                assertThat(texts(seen)).containsEntry("a", "earlier");
                saved(other.persist(seen, set("a", "later")));

                node.heal();
                node.awaitRecovery();
                SessionRecord last = node.adapter.load(session.id(), START).orElseThrow();
                assertThat(texts(last)).containsEntry("a", "later");
                assertThat(last.info().version()).isEqualTo(3);
                assertThat(node.proxy.writes()).isLessThanOrEqualTo(1);
            }
            nodes.giveBack(node);
        }
    }

    /** What is held back on the way may arrive late, but a guard that was broken meanwhile keeps it out. */
    @Test
    void lateStrictPersistIsRefusedByItsGuard() {
        FaultyNode node = nodes.take();
        try (SessionAdapter other = JdbcSessionAdapter.open(TestSessions.context(node.database))) {
            NewSession session = session(Map.of());
            SessionRecord base = node.adapter.create(session).orElseThrow();
            node.proxy.arm(Fault.LATE, ">B");
            assertThat(FaultyNode.outcome(
                            () -> node.adapter.persist(base, set("a", "late").strictly())))
                    .isEqualTo(Outcome.UNKNOWN);
            saved(other.persist(other.load(session.id(), START).orElseThrow(), set("a", "later")));
            node.heal();
            assertThat(texts(other.load(session.id(), START).orElseThrow())).containsEntry("a", "later");
        }
    }

    /** Every message of a new connection, from the first on. */
    @Test
    void brokenHandshakesCostNoMoreThanTheirTime() throws Exception {
        List<Callable<@Nullable Void>> all = new ArrayList<>();
        for (Fault fault : LONG ? Fault.values() : new Fault[] {Fault.CUT, Fault.TRUNCATE, Fault.DELAY}) {
            all.add(() -> everyStepOfAHandshake(fault));
        }
        runAll(all);
        report("handshakes");
    }

    private @Nullable Void everyStepOfAHandshake(Fault fault) throws Exception {
        FaultyNode node = nodes.take();
        NewSession session = session(Map.of());
        assertThat(node.adapter.create(session)).isPresent();
        atSteps(node, random(fault), step -> {
            node.awaitRecovery();
            node.proxy.arm(fault, step);
            node.proxy.disconnect();
            Outcome outcome = FaultyNode.outcome(
                    () -> assertThat(node.adapter.load(session.id(), START)).isPresent());
            assertThat(outcome).isNotEqualTo(Outcome.UNKNOWN);
            count(outcome);
            node.heal();
        });
        nodes.giveBack(node);
        return null;
    }
}
