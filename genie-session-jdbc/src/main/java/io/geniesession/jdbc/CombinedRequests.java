package io.geniesession.jdbc;

import io.geniesession.SessionStoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A statement for as many as ask at the same time, creations, loads, persists and touches each among themselves.
 *
 * <p>Creations and persists that are large, and loads while sessions are large on an average, go alone: few of them would fit
 * into a statement.
 *
 * <p>What a statement of several does not answer is asked again by its caller alone, and so is everything in a statement that the
 * database refused as a whole, because one of them was too large, say: what is wrong with one concerns that one only.
 *
 * <p>Safe for use by several threads.
 */
final class CombinedRequests implements Requests {

    /** After this a leader counts as slow: much longer than a statement takes, much shorter than anybody wants to wait. */
    private static final Duration SLOW = Duration.ofMillis(20);

    /** Up to this, a statement each is faster than handing answers from thread to thread; decision 0004 has the figures. */
    private static final int FEW = 8;

    /** One is being worked on by the database while the answers of another are handed out. */
    private static final int PLACES = 2;

    /** Some more than a usual number of threads; a statement of more rows gains little. */
    private static final int QUESTIONS = 64;

    private static final long BYTES = 256 * 1024;

    /** Of what is larger than this so few share a statement that waiting for each other costs more than it saves. */
    private static final long LARGE = BYTES / 8;

    private final SingleRequests single;

    /** How many bytes a session has, on an average of those loaded lately: that many, about, an answer will bring. */
    private final AtomicLong loaded = new AtomicLong();

    private final Combiner<SessionRow, Boolean> creations;
    private final Combiner<Load, Optional<SessionRow>> loads;
    private final Combiner<RowChange, RowOutcome> changes;
    private final Combiner<Touch, Boolean> touches;

    /**
     * @param connections how many connections there are
     * @param patience how long a caller waits before its question is sent
     */
    CombinedRequests(SqlRunner sql, PostgresDialect dialect, int connections, Duration patience) {
        this(sql, dialect, limits(connections, patience));
    }

    static Combiner.Limits limits(int connections, Duration patience) {
        return new Combiner.Limits(
                Math.min(FEW, connections), Math.min(PLACES, connections), QUESTIONS, BYTES, LARGE, SLOW, patience);
    }

    CombinedRequests(SqlRunner sql, PostgresDialect dialect, Combiner.Limits limits) {
        this.single = new SingleRequests(sql, dialect);
        this.creations = new Combiner<>(
                limits,
                new Statements<>(
                        sql, CREATE, Effect.REPEATABLE, SessionRow::size, dialect::createPlain, dialect::createAll));
        this.loads = new Combiner<>(
                limits,
                new Statements<>(sql, LOAD, Effect.READ, load -> loaded.get(), dialect::load, dialect::loadAll));
        this.changes = new Combiner<>(
                limits,
                new Statements<>(sql, PERSIST, Effect.ONCE, RowChange::bytes, dialect::change, dialect::changeAll));
        this.touches = new Combiner<>(
                limits, new Statements<>(sql, TOUCH, Effect.REPEATABLE, touch -> 0, dialect::touch, dialect::touchAll));
    }

    @Override
    public boolean create(Creation creation) {
        return creation.indexes().isEmpty() ? creations.ask(creation.row()) : single.create(creation);
    }

    @Override
    public Optional<SessionRow> load(Load load) {
        Optional<SessionRow> row = loads.ask(load);
        if (row.isPresent()) {
            long average = loaded.get();
            // Of two at the same time one may count for nothing.
            loaded.lazySet(average + (row.get().size() - average) / 8);
        }
        return row;
    }

    @Override
    public RowOutcome change(RowChange change) {
        return change.isCombinable() ? changes.ask(change) : single.change(change);
    }

    @Override
    public boolean touch(Touch touch) {
        return touches.ask(touch);
    }

    /** What is done on a connection for one question. */
    @FunctionalInterface
    private interface One<Q, A> {
        A run(SqlCall call, Q question) throws SQLException;
    }

    /** What is done on a connection for several questions. */
    @FunctionalInterface
    private interface All<Q, A> {
        List<@Nullable A> run(SqlCall call, List<Q> questions) throws SQLException;
    }

    /** One kind of statement. */
    private record Statements<Q, A>(
            SqlRunner sql, String action, Effect effect, ToLongFunction<Q> size, One<Q, A> one, All<Q, A> all)
            implements Combiner.Statements<Q, A> {

        @Override
        public long bytes(Q question) {
            return size.applyAsLong(question);
        }

        @Override
        public A ask(Q question) {
            return sql.run(action, effect, call -> one.run(call, question));
        }

        @Override
        public List<@Nullable A> askTogether(Supplier<List<Q>> batch) {
            return sql.run(action, effect, call -> {
                List<Q> questions = batch.get();
                return questions.size() == 1
                        ? Collections.singletonList(one.run(call, questions.get(0)))
                        : all.run(call, questions);
            });
        }

        @Override
        public A askAfter(Q question, Throwable failure, boolean interrupted) {
            if (!(failure instanceof SessionStoreException reason)) {
                throw new SessionStoreException(
                        "Could not " + action + ": a statement that several requests shared ended with "
                                + failure.getClass().getName() + ".",
                        null,
                        effect != Effect.READ,
                        failure);
            }
            boolean refused = SqlErrors.isRefusal(reason.code().orElse(""));
            boolean harmless = !reason.outcomeUnknown() || effect == Effect.REPEATABLE;
            if (harmless && (refused || interrupted)) {
                return askAgain(question, reason.outcomeUnknown());
            }
            // Everybody gets one of their own, with their own stack trace.
            throw SqlErrors.copy(reason, reason.outcomeUnknown());
        }

        /** Asks alone after a common statement; if that was of unknown outcome, a failure of this one does not make it known. */
        private A askAgain(Q question, boolean unknown) {
            try {
                return ask(question);
            } catch (SessionStoreException e) {
                throw unknown && !e.outcomeUnknown() ? SqlErrors.copy(e, true) : e;
            }
        }

        @Override
        public SessionStoreException givenUp(boolean sent, boolean interrupted) {
            String reason = interrupted
                    ? "the thread was interrupted."
                    : "no connection was free within " + JdbcSettings.POOL_TIMEOUT.name() + ".";
            return new SessionStoreException(
                    "Could not " + action + ": " + reason, null, sent && effect != Effect.READ, null);
        }
    }
}
