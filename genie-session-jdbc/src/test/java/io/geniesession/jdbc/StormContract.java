package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.SessionKey;
import io.geniesession.Sessions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 64 threads on eight sessions over two nodes, as an application uses them: two seconds, or a minute with
 * {@code -Dgenie.test.faults=long}. Every call completes within its deadline, nobody waits in a circle, and every change that
 * was acknowledged is there.
 */
@Timeout(300)
abstract class StormContract {

    private static final Duration SPAN =
            Duration.ofSeconds("long".equals(System.getProperty("genie.test.faults")) ? 60 : 2);
    private static final int THREADS = 64;
    private static final int SESSIONS = 8;

    /** How long a call may wait for its turn and for a connection: enough for a machine that is busy with other work. */
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final String VISITOR = "visitor";

    private final TestDatabase database = open();
    private final List<Sessions> nodes = new ArrayList<>();
    private final List<SessionKey> keys = new ArrayList<>();
    private final List<AtomicInteger> updates = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong longest = new AtomicLong();

    abstract TestDatabase open();

    /** Returns how many deadlocks the database has seen, if it counts them; otherwise a deadlock fails one of its statements. */
    long deadlocks() throws Exception {
        return 0;
    }

    final TestDatabase database() {
        return database;
    }

    @BeforeEach
    void openNodes() {
        for (int i = 0; i < 2; i++) {
            Sessions.Builder builder = Sessions.builder()
                    .adapter(new JdbcSessionAdapterProvider())
                    .set("genie.session.sweep", "false")
                    .set("genie.session.update-deadline", DEADLINE.toString())
                    .set(JdbcSettings.POOL_TIMEOUT.name(), DEADLINE.toString())
                    .set(JdbcSettings.STATEMENT_TIMEOUT.name(), DEADLINE.toString());
            database.settings().forEach(builder::set);
            nodes.add(builder.open());
        }
        for (int i = 0; i < SESSIONS; i++) {
            Session session = nodes.get(0).create().keep();
            assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);
            keys.add(session.key());
            updates.add(new AtomicInteger());
        }
    }

    @AfterEach
    void closeAll() {
        nodes.forEach(Sessions::close);
        database.checkNothingLeaked();
        database.close();
    }

    @Test
    void everyCallCompletesAndNothingAcknowledgedIsLost() throws Exception {
        long before = deadlocks();
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        List<Map<Integer, String>> written = new ArrayList<>();
        try {
            List<Future<Map<Integer, String>>> threads = new ArrayList<>();
            long end = System.nanoTime() + SPAN.toNanos();
            for (int i = 0; i < THREADS; i++) {
                Callable<Map<Integer, String>> caller = new Caller(i, end);
                threads.add(executor.submit(caller));
            }
            for (Future<Map<Integer, String>> thread : threads) {
                written.add(thread.get(SPAN.plus(DEADLINE.multipliedBy(3)).toSeconds(), TimeUnit.SECONDS));
            }
        } finally {
            executor.shutdownNow();
        }
        System.out.printf(
                "%s: %d calls, %d of them updates, longest %d ms%n",
                getClass().getSimpleName(),
                calls.get(),
                updates.stream().mapToInt(AtomicInteger::get).sum(),
                Duration.ofNanos(longest.get()).toMillis());
        assertThat(Duration.ofNanos(longest.get())).isLessThan(DEADLINE.multipliedBy(2));
        for (int number = 0; number < SESSIONS; number++) {
            checkNothingLost(number, written);
        }
        nodes.get(0).endAll(VISITOR, VISITOR);
        assertThat(nodes.get(0).count()).isEqualTo(SESSIONS);
        nodes.forEach(Sessions::close);
        // A server process reports what it saw when it ends, at the latest.
        database.checkNothingLeaked();
        assertThat(deadlocks()).isEqualTo(before);
    }

    private void checkNothingLost(int number, List<Map<Integer, String>> written) {
        Session session = nodes.get(number % 2).load(keys.get(number)).orElseThrow();
        assertThat(session.get("n", 0)).isEqualTo(updates.get(number).get());
        for (int thread = 0; thread < THREADS; thread++) {
            assertThat(session.get("thread" + thread, String.class))
                    .as("what thread %d stored last", thread)
                    .isEqualTo(Optional.ofNullable(written.get(thread).get(number)));
        }
    }

    /** Sends requests until the end, and returns what it stored last in each session. */
    private final class Caller implements Callable<Map<Integer, String>> {
        private final int thread;
        private final long end;
        private final Sessions node;
        private final Random random;
        private final Map<Integer, String> written = new HashMap<>();

        Caller(int thread, long end) {
            this.thread = thread;
            this.end = end;
            this.node = nodes.get(thread % 2);
            this.random = new Random(thread);
        }

        @Override
        public Map<Integer, String> call() {
            for (int round = 0; System.nanoTime() < end; round++) {
                long start = System.nanoTime();
                request(random.nextInt(SESSIONS), "round " + round);
                longest.accumulateAndGet(System.nanoTime() - start, Math::max);
                calls.incrementAndGet();
            }
            return written;
        }

        private void request(int number, String value) {
            switch (random.nextInt(12)) {
                case 0 -> visit();
                case 1 -> node.endAll(VISITOR, VISITOR);
                case 2 -> node.sweep();
                case 3 ->
                    assertThat(load(number).setIndex("device", value).persist()).isEqualTo(PersistOutcome.SAVED);
                case 4 ->
                    assertThat(load(number).renew().persist()).isIn(PersistOutcome.SAVED, PersistOutcome.CONFLICT);
                case 5, 6, 7 -> {
                    load(number).update("n", Integer.class, n -> Optional.of(n.orElse(0) + 1));
                    updates.get(number).incrementAndGet();
                }
                default -> {
                    Session session = load(number);
                    assertThat(session.get("thread" + thread, String.class))
                            .isEqualTo(Optional.ofNullable(written.get(number)));
                    assertThat(session.set("thread" + thread, value).persist()).isEqualTo(PersistOutcome.SAVED);
                    written.put(number, value);
                }
            }
        }

        private Session load(int number) {
            return node.load(keys.get(number)).orElseThrow();
        }

        /** A session that others end at any moment, with all of its kind. */
        private void visit() {
            Session session = node.create().setIndex(VISITOR, VISITOR);
            assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);
            assertThat(session.set("a", "1").persist()).isIn(PersistOutcome.SAVED, PersistOutcome.GONE);
        }
    }
}
