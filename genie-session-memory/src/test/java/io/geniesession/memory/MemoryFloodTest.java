package io.geniesession.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.Sessions;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestExchange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Visitors without a cookie to a page that stores something, while the sweeper is at work: 30 000 of them in each test, three
 * millions with {@code -Dgenie.test.faults=long}, or as many as {@code -Dgenie.test.visitors} says.
 */
@Timeout(15 * 60)
class MemoryFloodTest {
    private static final boolean LONG = "long".equals(System.getProperty("genie.test.faults"));
    private static final int MINUTES = 150;
    private static final int THREADS = 4;
    private static final int VISITORS_EACH =
            Integer.getInteger("genie.test.visitors", LONG ? 3_000_000 : 30_000) / MINUTES / THREADS;

    /** Idle timeout, quantum, the sweep's margin, the minute at hand and the sweep's: what a session may stay for. */
    private static final int STAY_MINUTES = 30 + 1 + 1 + 1 + 1;

    /** What an anonymous session with one small attribute takes, and as much again for what grows in steps. */
    private static final int BYTES = 3_000;

    /** What has nothing to do with the number of sessions, and what SecretWatch remembers of each id that was made. */
    private static final long FIXED_BYTES = 16L * 1024 * 1024 + 100L * MINUTES * THREADS * VISITORS_EACH;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1);
    private final AtomicLong removed = new AtomicLong();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void sweeperKeepsUpWithAFlood() throws Exception {
        try (Sessions sessions = open(100_000_000)) {
            long start = System.nanoTime();
            long empty = usedBytes();
            long most = 0;
            for (int minute = 1; minute <= MINUTES; minute++) {
                visit(sessions);
                most = Math.max(most, (long) minute * THREADS * VISITORS_EACH - removed.get());
                clock.advance(Duration.ofMinutes(1));
            }
            long full = usedBytes() - empty;
            report("swept", start, most, full);
            assertThat(most).isLessThanOrEqualTo((long) STAY_MINUTES * THREADS * VISITORS_EACH);
            assertThat(full).isLessThan(FIXED_BYTES + most * BYTES);

            clock.advance(Duration.ofHours(1));
            int last;
            do {
                // Works for an interval at most.
                last = sessions.sweep();
                removed.addAndGet(last);
            } while (last > 0);
            assertThat(removed).hasValue((long) MINUTES * THREADS * VISITORS_EACH);
            assertThat(usedBytes() - empty).isLessThan(FIXED_BYTES);
        }
    }

    @Test
    void fullStoreStaysWithinItsBound() throws Exception {
        int bound = MINUTES * THREADS * VISITORS_EACH / 100;
        try (Sessions sessions = open(bound)) {
            long start = System.nanoTime();
            long empty = usedBytes();
            long most = 0;
            for (int minute = 1; minute <= MINUTES; minute++) {
                visit(sessions);
                most = Math.max(most, sessions.count());
            }
            long full = usedBytes() - empty;
            report("evicted", start, most, full);
            assertThat(most).isLessThanOrEqualTo(bound);
            assertThat(full).isLessThan(FIXED_BYTES + (long) bound * BYTES);
        }
    }

    private Sessions open(int maxSessions) {
        return Sessions.builder()
                .adapter(new MemorySessionAdapterProvider())
                .clock(clock)
                .set("genie.session.sweep", "false")
                // The sweeper's rests would last thousands of times as long by this clock.
                .set("genie.session.sweep-rest", "0")
                .set(MemorySessionAdapterProvider.MAX_SESSIONS.name(), Integer.toString(maxSessions))
                .open();
    }

    /** One minute of the flood, and a sweep at the same time. */
    private void visit(Sessions sessions) throws Exception {
        List<Callable<Integer>> minute = new ArrayList<>(Collections.nCopies(THREADS, () -> visits(sessions)));
        minute.add(sessions::sweep);
        for (Future<Integer> result : executor.invokeAll(minute)) {
            removed.addAndGet(result.get());
        }
    }

    private static int visits(Sessions sessions) {
        for (int i = 0; i < VISITORS_EACH; i++) {
            Session visitor = sessions.start(new TestExchange()).set("page", "some text for whoever comes by");
            assertThat(visitor.persist()).isEqualTo(PersistOutcome.SAVED);
        }
        return 0;
    }

    private static void report(String what, long start, long most, long bytes) {
        System.out.printf(
                "MemoryFloodTest, %s: %d visitors in %d s; at most %d sessions; %d MiB of heap at the end%n",
                what,
                MINUTES * THREADS * VISITORS_EACH,
                Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                most,
                bytes >> 20);
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
