package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.Sessions;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestExchange;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Visitors without a cookie to a page that stores something, hour after hour of a clock that runs fast: 1 200 of them, or
 * 90 000 with {@code -Dgenie.test.faults=long}. The table grows to what two timeouts bring in, and not further.
 */
@Timeout(30 * 60)
final class PostgresFloodTest {

    private static final boolean LONG = "long".equals(System.getProperty("genie.test.faults"));
    private static final int MINUTES = 150;
    private static final int THREADS = 4;
    private static final int VISITORS_EACH = LONG ? 150 : 2;

    /** Idle timeout, quantum, the sweep's bucket and margin, and the minute at hand: what a session may stay for. */
    private static final int STAY_MINUTES = 30 + 1 + 35 + 1 + 1;

    private final TestDatabase database = TestDatabase.postgres();
    private final SettableClock clock = SettableClock.at(TestSessions.START);

    @AfterEach
    void close() {
        database.checkNothingLeaked();
        database.close();
    }

    @Test
    void sweeperKeepsUpWithAFlood() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try (Sessions sessions = open()) {
            long most = 0;
            long sweeping = 0;
            long start = System.nanoTime();
            for (int minute = 0; minute < MINUTES; minute++) {
                Callable<Boolean> visits = () -> visits(sessions);
                for (Future<Boolean> thread : executor.invokeAll(Collections.nCopies(THREADS, visits))) {
                    assertThat(thread.get()).isTrue();
                }
                clock.advance(Duration.ofMinutes(1));
                long before = System.nanoTime();
                sessions.sweep();
                sweeping += System.nanoTime() - before;
                most = Math.max(most, database.number("SELECT count(*) FROM genie_session"));
            }
            System.out.printf(
                    "PostgresFloodTest: %d visitors in %d s, %d of them for the sweeper; at most %d stored%n",
                    MINUTES * THREADS * VISITORS_EACH,
                    Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                    Duration.ofNanos(sweeping).toSeconds(),
                    most);
            assertThat(most).isLessThanOrEqualTo((long) STAY_MINUTES * THREADS * VISITORS_EACH);

            clock.advance(Duration.ofHours(2));
            sessions.sweep();
            assertThat(database.number("SELECT count(*) FROM genie_session")).isZero();
        } finally {
            executor.shutdownNow();
        }
    }

    private Sessions open() {
        Sessions.Builder builder = Sessions.builder()
                .adapter(new JdbcSessionAdapterProvider())
                .clock(clock)
                .set("genie.session.sweep", "false")
                .set(
                        "genie.session.sweep-rest",
                        "0"); // the sweeper's rests would last a thousand times as long by this clock
        database.settings().forEach(builder::set);
        return builder.open();
    }

    private static boolean visits(Sessions sessions) {
        for (int i = 0; i < VISITORS_EACH; i++) {
            Session visitor = sessions.start(new TestExchange()).set("page", "some text for whoever comes by");
            assertThat(visitor.persist()).isEqualTo(PersistOutcome.SAVED);
        }
        return true;
    }
}
