package io.geniesession.jdbc;

import io.geniesession.SessionStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs steps on connections: the one place that gives connections back, translates errors and decides what is done again.
 *
 * <p>Done again, at most twice and after a random pause, is what certainly did not happen (no connection; rolled back by the
 * database because of a deadlock or a serialization failure), and after a lost connection what may happen twice without harm.
 * A persist that may have reached the database is never sent again, and nothing is after a silence, for which the caller has
 * waited long enough. What fails in the end is of unknown outcome if any of its attempts was.
 *
 * <p>While a {@link CircuitBreaker} is open, steps fail at once. Steps that change something wait for their {@link Turns} before
 * they take a connection, which is then free for those that read.
 *
 * <p>Safe for use by several threads.
 */
final class SqlRunner implements AutoCloseable {

    private static final int ATTEMPTS = 3;
    private static final long PAUSE_MILLIS = 10;
    private static final int ALL_PERMITS = Integer.MAX_VALUE;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final ConnectionSource source;
    private final Duration patience;
    private final CircuitBreaker breaker;
    private final Turns turns;

    /** One permit for each attempt that is running; closing takes all of them. */
    private final Semaphore running = new Semaphore(ALL_PERMITS);

    private volatile boolean closed;

    SqlRunner(ConnectionSource source, Duration patience) {
        this(source, patience, new CircuitBreaker(System::nanoTime, CircuitBreaker.unobserved()), Turns.unneeded());
    }

    SqlRunner(ConnectionSource source, Duration patience, CircuitBreaker breaker, Turns turns) {
        this.source = source;
        this.patience = patience;
        this.breaker = breaker;
        this.turns = turns;
    }

    /** What is done on a connection. */
    @FunctionalInterface
    interface Step<T> {
        T run(SqlCall call) throws SQLException;
    }

    /**
     * Runs a step, again where that is safe.
     *
     * @param action what the step does, for messages: completes "could not …"
     */
    <T> T run(String action, Effect effect, Step<T> step) {
        long admitted = breaker.now();
        if (!closed && !breaker.admits(admitted)) {
            throw refused(action);
        }
        try {
            return repeat(action, effect, step, admitted);
        } finally {
            breaker.gaveUp(admitted);
        }
    }

    private <T> T repeat(String action, Effect effect, Step<T> step, long admitted) {
        long since = admitted;
        int attempt = 1;
        boolean unknown = false;
        while (true) {
            Attempt<T> outcome = attempt(effect, step);
            if (outcome instanceof Done<T> done) {
                breaker.answered();
                return done.result;
            }
            Failed<T> failed = (Failed<T>) outcome;
            unknown |= failed.isUnknown(effect);
            boolean inTime = failed.sent || breaker.now() - admitted < patience.toNanos();
            if (closed || attempt == ATTEMPTS || !inTime || !failed.isRepeatable(effect) || !pause(attempt)) {
                tellBreaker(failed, admitted, since);
                throw exception(action, failed, unknown);
            }
            attempt++;
            since = breaker.now();
        }
    }

    private void tellBreaker(Failed<?> failed, long admitted, long since) {
        if (failed.sent) {
            if (!SqlErrors.isConnectionFault(failed.cause)) {
                breaker.answered();
            }
        } else if (!closed
                && !Thread.currentThread().isInterrupted()
                && !SqlErrors.isForeignTransaction(failed.cause)) {
            breaker.failed(admitted, since, SqlErrors.state(failed.cause));
        }
    }

    private SessionStoreException refused(String action) {
        String code = breaker.code();
        return new SessionStoreException(
                "Could not " + action + ": " + source.place() + " did not answer a moment ago"
                        + (code.isEmpty() ? "" : " (SQLSTATE " + code + ")") + "; one request each "
                        + CircuitBreaker.PAUSE.toSeconds() + " s finds out whether it does again.",
                code.isEmpty() ? null : code,
                false,
                null);
    }

    private <T> Attempt<T> attempt(Effect effect, Step<T> step) {
        if (closed || !running.tryAcquire()) {
            return new Failed<>(new SQLException("closed", SqlErrors.NO_CONNECTION), false);
        }
        try {
            return effect == Effect.READ ? attemptOpen(step) : attemptInTurn(step);
        } finally {
            running.release();
        }
    }

    private <T> Attempt<T> attemptInTurn(Step<T> step) {
        try {
            turns.await(patience);
        } catch (SQLException e) {
            return new Failed<>(e, false);
        }
        try {
            return attemptOpen(step);
        } finally {
            turns.end();
        }
    }

    private <T> Attempt<T> attemptOpen(Step<T> step) {
        Connection connection;
        try {
            connection = source.borrow();
        } catch (SQLException e) {
            return new Failed<>(e, false);
        }
        SqlCall call = new SqlCall(connection, source.statementTimeout());
        try {
            return new Done<>(step.run(call));
        } catch (SQLException e) {
            if (SqlErrors.isRolledBack(e)) {
                source.rolledBack(connection);
            }
            return new Failed<>(e, call.sent());
        } finally {
            source.giveBack(connection);
        }
    }

    private SessionStoreException exception(String action, Failed<?> failed, boolean unknown) {
        String message = closed
                ? "Could not " + action + ": the session store is closed."
                : "Could not " + action + ": " + SqlErrors.explain(failed.cause, source.place());
        return new SessionStoreException(message, failed.cause.getSQLState(), unknown, failed.cause);
    }

    /** Waits a little, so that those who ran into each other do not do so again; false if the thread was interrupted. */
    private static boolean pause(int attempt) {
        long millis = ThreadLocalRandom.current().nextLong(PAUSE_MILLIS, 2 * PAUSE_MILLIS * attempt + 1);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        return !Thread.currentThread().isInterrupted();
    }

    /** Lets what is running come to its end, for a while, and refuses everything else. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean interrupted = false;
        try {
            running.tryAcquire(ALL_PERMITS, CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        source.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** How one attempt went. */
    private sealed interface Attempt<T> {}

    private record Done<T>(T result) implements Attempt<T> {}

    private record Failed<T>(SQLException cause, boolean sent) implements Attempt<T> {
        boolean isRepeatable(Effect effect) {
            if (!sent) {
                return SqlErrors.isConnectionFault(cause);
            }
            boolean harmless = effect != Effect.ONCE && !SqlErrors.isSilence(cause);
            return SqlErrors.isRolledBack(cause) || (harmless && SqlErrors.isOutcomeUnknown(cause));
        }

        /** Tells whether this attempt may have changed something nevertheless. */
        boolean isUnknown(Effect effect) {
            return sent && effect != Effect.READ && SqlErrors.isOutcomeUnknown(cause);
        }
    }
}
