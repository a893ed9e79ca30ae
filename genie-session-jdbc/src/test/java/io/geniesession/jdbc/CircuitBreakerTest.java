package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionStoreException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When requests are refused at once, and who finds out that the database is back. */
final class CircuitBreakerTest {

    private static final Duration MOMENT = Duration.ofMillis(1);

    /** Begins just before the numbers of {@link System#nanoTime()} turn negative. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    private final List<String> told = new ArrayList<>();
    private final CircuitBreaker breaker = new CircuitBreaker(nanos::get, new CircuitBreaker.Observer() {
        @Override
        public void opened(String code) {
            told.add("opened " + code);
        }

        @Override
        public void closed(Duration after) {
            told.add("closed after " + after.toSeconds() + " s");
        }
    });

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private boolean admits() {
        return breaker.admits(breaker.now());
    }

    /** A caller waits for two seconds and gets no connection. */
    private void failure() {
        long since = breaker.now();
        passes(Duration.ofSeconds(2));
        breaker.failed(since, since, "08001");
    }

    @Test
    void opensAfterAFailureAndLetsOneCallerThroughAfterThePause() {
        assertThat(admits()).isTrue();
        failure();
        assertThat(admits()).isFalse();
        passes(CircuitBreaker.PAUSE.minus(MOMENT));
        assertThat(admits()).isFalse();
        passes(MOMENT);
        assertThat(admits()).isTrue();
        assertThat(admits()).isFalse();
        assertThat(told).containsExactly("opened 08001");
    }

    @Test
    void answerClosesItAtOnce() {
        failure();
        breaker.answered();
        assertThat(admits()).isTrue();
        assertThat(admits()).isTrue();
        breaker.answered();
        assertThat(told).containsExactly("opened 08001", "closed after 2 s");
    }

    /** All connections are in use, but the database answers those who have one. */
    @Test
    void busyPoolOpensNothing() {
        long since = breaker.now();
        passes(Duration.ofSeconds(1));
        breaker.answered();
        passes(Duration.ofSeconds(1));
        breaker.failed(since, since, "");
        assertThat(admits()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void answerOfBeforeDoesNotCount() {
        breaker.answered();
        passes(MOMENT);
        failure();
        assertThat(admits()).isFalse();
    }

    @Test
    void probeThatFailsBeginsAnotherPause() {
        failure();
        passes(CircuitBreaker.PAUSE);
        long probe = breaker.now();
        assertThat(breaker.admits(probe)).isTrue();
        passes(Duration.ofSeconds(2));
        breaker.failed(probe, probe, "08001");
        assertThat(admits()).isFalse();
        passes(CircuitBreaker.PAUSE.minus(MOMENT));
        assertThat(admits()).isFalse();
        passes(MOMENT);
        assertThat(admits()).isTrue();
        assertThat(told).containsExactly("opened 08001");
    }

    /** Many callers wait when it opens; each of them fails later. */
    @Test
    void failuresOfThoseWhoWaitedAlreadyDoNotPutTheProbeOff() {
        long since = breaker.now();
        passes(MOMENT);
        long other = breaker.now();
        breaker.failed(since, since, "08001");
        passes(CircuitBreaker.PAUSE);
        breaker.failed(other, other, "08001");
        assertThat(admits()).isTrue();
    }

    @Test
    void probeThatGivesUpLeavesItsPlaceToAnother() {
        failure();
        passes(CircuitBreaker.PAUSE);
        long probe = breaker.now();
        assertThat(breaker.admits(probe)).isTrue();
        breaker.gaveUp(probe);
        passes(CircuitBreaker.PAUSE);
        assertThat(admits()).isTrue();
    }

    @Test
    void probeThatNeverComesBackIsGivenUp() {
        failure();
        passes(CircuitBreaker.PAUSE);
        assertThat(admits()).isTrue();
        passes(CircuitBreaker.LOST.minus(MOMENT));
        assertThat(admits()).isFalse();
        passes(MOMENT);
        assertThat(admits()).isTrue();
        assertThat(admits()).isFalse();
    }

    @Test
    void answerOfTheVeryMomentCounts() {
        long since = breaker.now();
        breaker.answered();
        breaker.failed(since, since, "08001");
        assertThat(told).isEmpty();
    }

    /** {@link System#nanoTime()} may begin anywhere. */
    @Test
    void pauseEndsBelowZeroToo() {
        nanos.set(-Duration.ofMinutes(1).toNanos());
        breaker.answered();
        passes(MOMENT);
        failure();
        assertThat(admits()).isFalse();
        passes(CircuitBreaker.PAUSE);
        assertThat(admits()).isTrue();
        assertThat(admits()).isFalse();
    }

    /** None of them, gone for good, keeps the others waiting. */
    @Test
    void eachCallMayComeFromAThreadOfItsOwn() throws Exception {
        elsewhere(this::failure);
        passes(CircuitBreaker.PAUSE);
        long probe = breaker.now();
        elsewhere(() -> breaker.admits(probe));
        elsewhere(() -> breaker.gaveUp(probe));
        elsewhere(breaker::answered);
        passes(MOMENT);
        elsewhere(this::failure);
        assertThat(told).containsExactly("opened 08001", "closed after 3 s", "opened 08001");
    }

    private static void elsewhere(Runnable call) throws InterruptedException {
        Thread thread = new Thread(call);
        thread.setDaemon(true);
        thread.start();
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
    }

    // With the runner

    private final AtomicInteger borrows = new AtomicInteger();
    private volatile SQLException failure = noConnection();
    private volatile boolean fails;

    private static SQLException noConnection() {
        return new SQLTransientConnectionException("no connection within 2000 ms", "08001");
    }

    private final SqlRunner runner = new SqlRunner(
            new IdleSource() {
                @Override
                void lending() throws SQLException {
                    borrows.incrementAndGet();
                    if (fails) {
                        // As long as the pool waits.
                        passes(Duration.ofSeconds(2));
                        throw failure;
                    }
                }
            },
            Duration.ZERO,
            breaker,
            Turns.unneeded());

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    private String run() {
        return runner.run("load a session", Effect.READ, call -> {
            call.update("UPDATE", p -> {});
            return "done";
        });
    }

    private void assertFails() {
        assertThatThrownBy(this::run).isInstanceOf(SessionStoreException.class);
    }

    @Test
    void refusedRequestsAskForNoConnectionAndNothingIsUnknown() {
        fails = true;
        assertFails();
        assertThat(borrows).hasValue(1);
        assertThatThrownBy(this::run)
                .isInstanceOfSatisfying(SessionStoreException.class, e -> {
                    assertThat(e.outcomeUnknown()).isFalse();
                    assertThat(e.code()).contains("08001");
                })
                .hasMessage("Could not load a session: The database of the test did not answer a moment ago (SQLSTATE"
                        + " 08001); one request each 1 s finds out whether it does again.");
        assertThat(borrows).hasValue(1);
        passes(CircuitBreaker.PAUSE);
        assertFails();
        assertThat(borrows).hasValue(2);
        fails = false;
        passes(CircuitBreaker.PAUSE);
        assertThat(run()).isEqualTo("done");
        assertThat(run()).isEqualTo("done");
        assertThat(told).containsExactly("opened 08001", "closed after 6 s");
    }

    @Test
    void errorOfTheDatabaseIsAnAnswer() {
        fails = true;
        assertFails();
        fails = false;
        passes(CircuitBreaker.PAUSE);
        assertThatThrownBy(() -> runner.run("persist", Effect.ONCE, call -> {
                    call.update("UPDATE", p -> {});
                    throw new SQLException("refused", "23505");
                }))
                .isInstanceOf(SessionStoreException.class);
        assertThat(run()).isEqualTo("done");
    }

    @Test
    void probeThatLosesItsConnectionLeavesItOpen() {
        fails = true;
        assertFails();
        fails = false;
        passes(CircuitBreaker.PAUSE);
        assertThatThrownBy(() -> runner.run("persist", Effect.ONCE, call -> {
                    call.update("UPDATE", p -> {});
                    throw new SQLException("lost", "08006");
                }))
                .isInstanceOf(SessionStoreException.class);
        assertFails();
        passes(CircuitBreaker.PAUSE);
        assertThat(run()).isEqualTo("done");
    }

    @Test
    void interruptedCallerSaysNothingAboutTheDatabase() {
        fails = true;
        Thread.currentThread().interrupt();
        assertFails();
        assertThat(Thread.interrupted()).isTrue();
        fails = false;
        assertThat(run()).isEqualTo("done");
        assertThat(told).isEmpty();
    }

    @Test
    void connectionOfSomebodysTransactionSaysNothingAboutTheDatabase() {
        fails = true;
        failure = new SQLException(ForeignDataSource.REFUSAL, SqlErrors.FOREIGN_TRANSACTION);
        assertFails();
        fails = false;
        assertThat(run()).isEqualTo("done");
    }

    @Test
    void programErrorOfTheProbeLeavesThePlaceToAnother() {
        fails = true;
        assertFails();
        fails = false;
        passes(CircuitBreaker.PAUSE);
        assertThatThrownBy(() -> runner.run("load", Effect.READ, call -> {
                    throw new IllegalStateException("wrong");
                }))
                .isInstanceOf(IllegalStateException.class);
        passes(CircuitBreaker.PAUSE);
        assertThat(run()).isEqualTo("done");
    }

    @Test
    void closedStoreSaysSoAndReportsNoOutage() {
        runner.close();
        assertThatThrownBy(this::run).hasMessageContaining("closed");
        assertThat(told).isEmpty();
    }
}
