package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionStoreException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done again, what is not, and what is said about it. */
final class SqlRunnerTest {

    private static final String DATA = "Detail: Key (id_digest)=(secret) already exists";

    /** Of this test only: whoever does not end its turn disturbs no other. */
    private final String file = UUID.randomUUID().toString();

    private final AtomicInteger lent = new AtomicInteger();
    private final AtomicInteger returned = new AtomicInteger();
    private final AtomicInteger steps = new AtomicInteger();

    private SqlRunner runner(int failingBorrows, String state) {
        return new SqlRunner(new Source(failingBorrows, state), Duration.ofSeconds(10));
    }

    /** Lends connections that do nothing, after failing some times. */
    private final class Source extends IdleSource {
        private final AtomicInteger failures;
        private final String state;

        Source(int failures, String state) {
            this.failures = new AtomicInteger(failures);
            this.state = state;
        }

        @Override
        void lending() throws SQLException {
            if (failures.getAndDecrement() > 0) {
                throw new SQLException(DATA, state);
            }
            lent.incrementAndGet();
        }

        @Override
        public void giveBack(Connection connection) {
            returned.incrementAndGet();
        }
    }

    /** Sends a statement and fails a number of times. */
    private SqlRunner.Step<String> failing(int times, String state) {
        return call -> {
            call.update("UPDATE", p -> {});
            if (steps.incrementAndGet() <= times) {
                throw new SQLException(DATA, state);
            }
            return "done";
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "90131"})
    void whatWasRolledBackIsDoneAgainAtMostTwice(String state) {
        assertThat(runner(0, "").run("persist", Effect.ONCE, failing(2, state))).isEqualTo("done");
        assertThat(steps).hasValue(3);

        steps.set(0);
        assertThatThrownBy(() -> runner(0, "").run("persist", Effect.ONCE, failing(3, state)))
                .isInstanceOfSatisfying(SessionStoreException.class, e -> {
                    assertThat(e.outcomeUnknown()).isFalse();
                    assertThat(e.code()).contains(state);
                });
        assertThat(steps).hasValue(3);
        assertThat(returned).hasValue(lent.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "08003", "57P01", "57P02", "90067", "90098"})
    void persistOnALostConnectionIsNeverSentAgain(String state) {
        assertThatThrownBy(() -> runner(0, "").run("persist", Effect.ONCE, failing(1, state)))
                .isInstanceOfSatisfying(
                        SessionStoreException.class,
                        e -> assertThat(e.outcomeUnknown()).isTrue());
        assertThat(steps).hasValue(1);
    }

    @Test
    void whatMayHappenTwiceIsSentAgain() {
        assertThat(runner(0, "").run("touch", Effect.REPEATABLE, failing(2, "08006")))
                .isEqualTo("done");
        assertThat(steps).hasValue(3);
        steps.set(0);
        assertThat(runner(0, "").run("load", Effect.READ, failing(1, "57P01"))).isEqualTo("done");
        assertThat(steps).hasValue(2);
    }

    /** Somebody has waited for all the time that a connection may be silent. */
    @Test
    void nothingIsSentAgainAfterASilence() {
        assertThatThrownBy(() -> runner(0, "").run("load", Effect.READ, call -> {
                    call.update("SELECT", p -> {});
                    steps.incrementAndGet();
                    throw new SQLException(DATA, "08006", new SocketTimeoutException("Read timed out"));
                }))
                .isInstanceOf(SessionStoreException.class);
        assertThat(steps).hasValue(1);
    }

    @Test
    void unknownOutcomeOfAnEarlierAttemptStaysUnknown() {
        Source source = new Source(0, "08001");
        SqlRunner runner = new SqlRunner(source, Duration.ofSeconds(10));
        SqlRunner.Step<String> lost = call -> {
            call.update("UPDATE", p -> {});
            steps.incrementAndGet();
            source.failures.set(Integer.MAX_VALUE);
            throw new SQLException(DATA, "08006");
        };
        assertThatThrownBy(() -> runner.run("touch", Effect.REPEATABLE, lost))
                .isInstanceOfSatisfying(SessionStoreException.class, e -> {
                    assertThat(e.code()).contains("08001");
                    assertThat(e.outcomeUnknown()).isTrue();
                });
        assertThat(steps).hasValue(1);

        source.failures.set(0);
        assertThatThrownBy(() -> runner.run("load", Effect.READ, lost))
                .isInstanceOfSatisfying(
                        SessionStoreException.class,
                        e -> assertThat(e.outcomeUnknown()).isFalse());
    }

    @Test
    void readIsNeverOfUnknownOutcome() {
        assertThatThrownBy(() -> runner(0, "").run("load", Effect.READ, failing(9, "08006")))
                .isInstanceOfSatisfying(
                        SessionStoreException.class,
                        e -> assertThat(e.outcomeUnknown()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "42501", "42P01", "57014", "22001", "HYT00", "53100"})
    void whatTheDatabaseRefusesIsNotSentAgain(String state) {
        assertThatThrownBy(() -> runner(0, "").run("persist", Effect.REPEATABLE, failing(1, state)))
                .isInstanceOfSatisfying(
                        SessionStoreException.class,
                        e -> assertThat(e.outcomeUnknown()).isFalse())
                .hasMessageStartingWith("Could not persist: ")
                .hasMessageContaining(state)
                .hasMessageNotContaining("secret")
                .hasRootCauseMessage(null);
        assertThat(steps).hasValue(1);
    }

    @Test
    void missingConnectionIsAskedForAgainAndNothingIsUnknown() {
        assertThat(runner(2, "08001").run("persist", Effect.ONCE, failing(0, "")))
                .isEqualTo("done");
        assertThatThrownBy(() -> runner(3, "08001").run("persist", Effect.ONCE, failing(0, "")))
                .isInstanceOfSatisfying(
                        SessionStoreException.class,
                        e -> assertThat(e.outcomeUnknown()).isFalse());
    }

    @Test
    void waitingForAConnectionIsNotRepeatedBeyondItsTime() {
        SqlRunner impatient = new SqlRunner(new Source(1, "08001"), Duration.ZERO);
        assertThatThrownBy(() -> impatient.run("load", Effect.READ, failing(0, "")))
                .isInstanceOf(SessionStoreException.class);
        assertThat(steps).hasValue(0);
    }

    @Test
    void connectionThatIsRefusedIsNotAskedForAgain() {
        SqlRunner runner = runner(1, "42501");
        assertThatThrownBy(() -> runner.run("load", Effect.READ, failing(0, "")))
                .isInstanceOf(SessionStoreException.class);
        assertThat(steps).hasValue(0);
    }

    /** The driver may fail before anything has left it. */
    @Test
    void whatWasNotSentIsDoneAgainAndNotUnknown() {
        SqlRunner.Step<String> lost = call -> {
            steps.incrementAndGet();
            call.update("UPDATE", p -> {
                throw new SQLException(DATA, "08006");
            });
            return "done";
        };
        assertThatThrownBy(() -> runner(0, "").run("persist", Effect.ONCE, lost))
                .isInstanceOfSatisfying(
                        SessionStoreException.class,
                        e -> assertThat(e.outcomeUnknown()).isFalse());
        assertThat(steps).hasValue(3);
        assertThat(returned).hasValue(lent.get());
    }

    @Test
    void interruptedThreadClosesAtOnceAndStaysInterrupted() {
        SqlRunner runner = runner(0, "");
        runner.run("load", Effect.READ, call -> {
            Thread.currentThread().interrupt();
            runner.close();
            assertThat(Thread.interrupted()).isTrue();
            return "done";
        });
        assertThatThrownBy(() -> runner.run("load", Effect.READ, failing(0, "")))
                .hasMessageContaining("closed");
    }

    @Test
    void closedIsSaid() {
        SqlRunner runner = runner(0, "");
        runner.close();
        runner.close();
        assertThatThrownBy(() -> runner.run("load a session", Effect.READ, failing(0, "")))
                .isInstanceOf(SessionStoreException.class)
                .hasMessage("Could not load a session: the session store is closed.");
        assertThat(steps).hasValue(0);
    }

    @Test
    void interruptedThreadGivesUpInsteadOfRepeating() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> runner(0, "").run("persist", Effect.ONCE, failing(1, "40001")))
                    .isInstanceOf(SessionStoreException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(steps).hasValue(1);
    }

    private SqlRunner changing(String path) {
        CircuitBreaker breaker = new CircuitBreaker(System::nanoTime, CircuitBreaker.unobserved());
        return new SqlRunner(new Source(0, ""), Duration.ZERO, breaker, Turns.at(path));
    }

    private static String meanwhile(SqlRunner runner, Effect effect) {
        return CompletableFuture.supplyAsync(() -> runner.run("do it", effect, call -> "done"))
                .join();
    }

    @ParameterizedTest
    @EnumSource(
            value = Effect.class,
            names = {"ONCE", "REPEATABLE"})
    void changesOfOneFileWaitForOneAnotherWithoutAConnectionAndReadersDoNot(Effect effect) {
        SqlRunner first = changing(file);
        first.run("persist a session", Effect.ONCE, call -> {
            assertThat(meanwhile(changing(file), Effect.READ)).isEqualTo("done");
            assertThat(meanwhile(changing("another than " + file), effect)).isEqualTo("done");
            int before = lent.get();
            assertThatThrownBy(() -> meanwhile(changing(file), effect))
                    .hasCauseInstanceOf(SessionStoreException.class)
                    .cause()
                    .hasMessageContaining(JdbcSettings.POOL_TIMEOUT.name())
                    .extracting(e -> ((SessionStoreException) e).outcomeUnknown())
                    .isEqualTo(false);
            assertThat(lent).hasValue(before);
            return "done";
        });
        assertThat(meanwhile(changing(file), effect)).isEqualTo("done");
        assertThat(returned).hasValue(lent.get());
    }

    @Test
    void interruptedThreadTakesATurnThatNobodyWaitsFor() {
        Thread.currentThread().interrupt();
        try {
            String result = changing(file).run("persist a session", Effect.ONCE, call -> "done");
            assertThat(result).isEqualTo("done");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void interruptedThreadDoesNotWaitForItsTurnAndStaysInterrupted() {
        changing(file).run("persist a session", Effect.ONCE, call -> {
            boolean interrupted = CompletableFuture.supplyAsync(() -> {
                        Thread.currentThread().interrupt();
                        assertThatThrownBy(() -> changing(file).run("persist a session", Effect.ONCE, failing(0, "")))
                                .isInstanceOf(SessionStoreException.class);
                        return Thread.interrupted();
                    })
                    .join();
            assertThat(interrupted).isTrue();
            return "done";
        });
        assertThat(steps).hasValue(0);
    }
}
