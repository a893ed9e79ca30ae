package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.Sessions;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestExchange;
import java.sql.SQLException;
import java.time.Duration;
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
 * Visitors without a cookie to a page that stores something, hour after hour of a clock that runs fast, while the sweeper is at
 * work: 1 200 of them, more with {@code -Dgenie.test.faults=long}, or as many as {@code -Dgenie.test.visitors} says. The table grows
 * to what two timeouts bring in, and not further.
 */
@Timeout(30 * 60)
abstract class FloodContract {

    private static final boolean LONG = "long".equals(System.getProperty("genie.test.faults"));
    private static final int SHORT_VISITORS = 1_200;
    private static final int MINUTES = 150;
    private static final int THREADS = 4;

    /** Idle timeout, quantum, the sweep's bucket and margin, the minute at hand and the sweep's: what a session may stay for. */
    private static final int STAY_MINUTES = 30 + 1 + 35 + 1 + 1 + 1;

    private final int visitorsEach;
    private final TestDatabase database = newDatabase();
    private final SettableClock clock = SettableClock.at(TestSessions.START);
    private final AtomicLong sweeping = new AtomicLong();

    /** @param longVisitors how many come in the long form */
    FloodContract(int longVisitors) {
        visitorsEach =
                Integer.getInteger("genie.test.visitors", LONG ? longVisitors : SHORT_VISITORS) / MINUTES / THREADS;
    }

    abstract TestDatabase newDatabase();

    /** Returns a query for the bytes that the database takes on the disk. */
    abstract String bytes();

    @AfterEach
    void close() {
        database.checkNothingLeaked();
        database.close();
    }

    @Test
    void sweeperKeepsUpWithAFlood() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1);
        try (Sessions sessions = open()) {
            List<Callable<Boolean>> minute = new ArrayList<>(Collections.nCopies(THREADS, () -> visits(sessions)));
            minute.add(() -> sweeps(sessions));
            long most = 0;
            long start = System.nanoTime();
            for (int i = 0; i < MINUTES; i++) {
                for (Future<Boolean> thread : executor.invokeAll(minute)) {
                    assertThat(thread.get()).isTrue();
                }
                clock.advance(Duration.ofMinutes(1));
                most = Math.max(most, rows());
            }
            System.out.printf(
                    "%s: %d visitors in %d s, the sweeper at work for %d s of them; at most %d rows; %d MiB at the end%n",
                    getClass().getSimpleName(),
                    MINUTES * THREADS * visitorsEach,
                    Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                    Duration.ofNanos(sweeping.get()).toSeconds(),
                    most,
                    database.number(bytes()) >> 20);
            assertThat(most).isLessThanOrEqualTo((long) STAY_MINUTES * THREADS * visitorsEach);

            clock.advance(Duration.ofHours(2));
            int removed;
            do {
                // Works for an interval at most, which is not enough for hundreds of thousands on a busy machine.
                removed = sessions.sweep();
            } while (removed > 0);
            assertThat(rows()).isZero();
        } finally {
            executor.shutdownNow();
        }
    }

    private long rows() throws SQLException {
        return database.number("SELECT count(*) FROM genie_session");
    }

    private boolean sweeps(Sessions sessions) {
        long before = System.nanoTime();
        sessions.sweep();
        sweeping.addAndGet(System.nanoTime() - before);
        return true;
    }

    private Sessions open() {
        // A machine that is busy may need more than the default for a batch of the sweeper, which has an H2 file to
        // itself.
        Sessions.Builder builder = Sessions.builder()
                .adapter(new JdbcSessionAdapterProvider().with(JdbcSettings.POOL_TIMEOUT, Duration.ofSeconds(30)))
                .clock(clock)
                .set("genie.session.sweep", "false")
                // The sweeper's rests would last a thousand times as long by this clock.
                .set("genie.session.sweep-rest", "0");
        database.settings().forEach(builder::set);
        return builder.open();
    }

    private boolean visits(Sessions sessions) {
        for (int i = 0; i < visitorsEach; i++) {
            Session visitor = sessions.start(new TestExchange()).set("page", "some text for whoever comes by");
            assertThat(visitor.persist()).isEqualTo(PersistOutcome.SAVED);
        }
        return true;
    }
}
