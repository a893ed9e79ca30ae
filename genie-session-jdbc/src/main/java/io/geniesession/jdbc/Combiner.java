package io.geniesession.jdbc;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers that ask at the same time share a statement, without a thread of its own and without a delay.
 *
 * <ol>
 *   <li>As long as there are few callers, each asks at once, alone: nobody waits for company. Between few, handing answers from
 *       thread to thread would cost more than a statement saves. A crowd that was answered a moment ago is still a crowd: its
 *       callers come back one by one, and the first of them are not few.
 *   <li>In a crowd there is a small number of places, each for one statement at a time. Who finds none free waits in a queue. As
 *       soon as a caller with a place, the <em>leader</em>, has a connection to send on, it takes along everyone waiting, up to
 *       a bound. Nobody joins later. A leader that is interrupted already takes nobody along.
 *   <li>A leader runs one statement. Then its place goes to the first in the queue, and those it took along get their answers.
 *   <li>A leader that takes long, because it waits for somebody's lock or for a slow database, loses its place to a caller that
 *       has waited as long: whoever would not be slow alone does not wait for the slow ones. How many may be slow at a time
 *       is up to the pool of connections.
 *   <li>Who is interrupted, or waits too long, leaves the queue, and nothing has happened. Who was taken along already leaves
 *       when interrupted, not knowing what will come of it, and otherwise shares the patience of its statement.
 *   <li>A question that the common statement has no answer for is asked again, alone, by its own caller; it holds no place
 *       then. A failure of the common statement is judged by each caller for itself.
 * </ol>
 *
 * <p>Safe for use by several threads.
 *
 * @param <Q> a question
 * @param <A> its answer
 */
final class Combiner<Q, A> {

    /**
     * How much is shared.
     *
     * @param few how many callers share nothing, if there were no more of them lately
     * @param places how many statements run at a time in a crowd, slow ones apart; at least 1
     * @param questions how many questions a statement has at most
     * @param bytes how many bytes the questions of a statement, or their answers, have at most
     * @param large a question of more bytes than this is always asked alone, at once
     * @param slow after what time a leader counts as slow
     * @param patience how long a caller stays in the queue
     */
    record Limits(int few, int places, int questions, long bytes, long large, Duration slow, Duration patience) {}

    /** What is sent. Safe for use by several threads. */
    interface Statements<Q, A> {

        /** Returns the number of bytes that a question, or the answer to it, brings into a statement, about. */
        long bytes(Q question);

        /** Asks one question. */
        A ask(Q question);

        /**
         * Asks several questions in one statement.
         *
         * @param batch gives the questions, the same ones each time; from the first time on they cannot be withdrawn, so it
         *     is called no earlier than it has to be
         * @return the answers in the order of the questions; null: to be asked again, alone
         */
        List<@Nullable A> askTogether(Supplier<List<Q>> batch);

        /**
         * Decides on a question whose common statement failed, in the thread of its own caller: asks again, or throws.
         *
         * @param failure what {@link #askTogether} threw, maybe in another thread
         * @param interrupted whether the leader had been interrupted, which is no concern of the others
         */
        A askAfter(Q question, Throwable failure, boolean interrupted);

        /**
         * Returns what is thrown at a caller that does not wait any longer.
         *
         * @param sent whether the question may have been sent
         * @param interrupted whether the caller was interrupted, or else has waited too long
         */
        RuntimeException givenUp(boolean sent, boolean interrupted);
    }

    /**
     * Who is there at a moment.
     *
     * @param present how many callers are asking, wherever they stand
     * @param waiting how many of them are in the queue
     * @param leading how many of them have a place, slow ones apart
     */
    record Crowd(int present, int waiting, int leading) {}

    /** Where a call stands. It moves on under the lock, except that a leader alone decides when its batch is answered. */
    private enum State {
        WAITING,
        LEADING,
        SENT,
        ANSWERED
    }

    private final Statements<Q, A> statements;
    private final Limits limits;

    private final ReentrantLock lock = new ReentrantLock();

    /** How many callers are asking, wherever they stand. */
    private final AtomicInteger present = new AtomicInteger();

    /** How many callers there were lately: the most there were, less an eighth with each that came since. Guarded by the lock. */
    private int lately;

    /** Who waits, the first one first. Guarded by the lock. */
    private final Deque<Call<Q, A>> waiting = new ArrayDeque<>();

    /** Who has the places; a leader that became slow is no longer among them. Guarded by the lock. */
    private final List<Call<Q, A>> leading = new ArrayList<>();

    Combiner(Limits limits, Statements<Q, A> statements) {
        this.limits = limits;
        this.statements = statements;
    }

    /** Returns who is there now. */
    Crowd crowd() {
        lock.lock();
        try {
            return new Crowd(present.get(), waiting.size(), leading.size());
        } finally {
            lock.unlock();
        }
    }

    /** Asks, together with others if they are there. */
    A ask(Q question) {
        if (statements.bytes(question) > limits.large) {
            return statements.ask(question);
        }
        Call<Q, A> call = new Call<>(question);
        try {
            if (findsPlace(call) || waitsToLead(call)) {
                lead(call);
            }
        } finally {
            present.decrementAndGet();
        }
        return call.result(statements);
    }

    private boolean findsPlace(Call<Q, A> call) {
        int asking = present.incrementAndGet();
        lock.lock();
        try {
            lately = Math.max(asking, lately - Math.max(1, lately / 8));
            if (lately <= limits.few || leading.size() < limits.places) {
                give(call);
                return true;
            }
            waiting.add(call);
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void give(Call<Q, A> call) {
        call.since = System.nanoTime();
        call.state = State.LEADING;
        leading.add(call);
    }

    /** Waits; true if the caller has got a place, false if it was taken along and there is an answer. */
    private boolean waitsToLead(Call<Q, A> call) {
        long start = System.nanoTime();
        long moment = Math.min(limits.slow.toNanos(), limits.patience.toNanos());
        while (true) {
            switch (call.state) {
                case WAITING -> LockSupport.parkNanos(this, moment);
                case SENT -> LockSupport.park(this);
                case LEADING -> {
                    return true;
                }
                case ANSWERED -> {
                    return false;
                }
            }
            long waited = System.nanoTime() - start;
            if (Thread.currentThread().isInterrupted()) {
                leave(call, true);
            } else if (waited >= limits.patience.toNanos()) {
                leave(call, false);
            } else if (waited >= limits.slow.toNanos()) {
                overtake(call);
            }
        }
    }

    /** Gives up, unless the answer is there already, or is certain to come and the caller is not interrupted. */
    private void leave(Call<Q, A> call, boolean interrupted) {
        State left;
        lock.lock();
        try {
            left = call.state;
            waiting.remove(call);
        } finally {
            lock.unlock();
        }
        if (left == State.LEADING) {
            passOn(call);
        }
        if (left == State.WAITING || left == State.LEADING || (left == State.SENT && interrupted)) {
            throw statements.givenUp(left == State.SENT, interrupted);
        }
    }

    /** Takes the place of a leader that is slow, if there is one. Who does not wait any more leaves the slow ones theirs. */
    private void overtake(Call<Q, A> call) {
        lock.lock();
        try {
            if (call.state != State.WAITING) {
                return;
            }
            leading.removeIf(this::isSlow);
            if (leading.size() < limits.places) {
                waiting.remove(call);
                give(call);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isSlow(Call<Q, A> leader) {
        return System.nanoTime() - leader.since >= limits.slow.toNanos();
    }

    private void lead(Call<Q, A> call) {
        Batch batch = new Batch(call);
        try {
            batch.answer(statements.askTogether(batch));
        } catch (RuntimeException | Error e) {
            batch.fail(e);
        } finally {
            // The next statement first: those with an answer need no database any more.
            passOn(call);
            batch.wake();
        }
    }

    /**
     * Leaves the leader's place, and gives a place to the first who waits if one is free then. None is where a slow leader's own
     * was taken, or where more than a crowd may have were leading as a few; one is also where nobody took a slow leader's.
     */
    private void passOn(Call<Q, A> leader) {
        Call<Q, A> next = null;
        lock.lock();
        try {
            leading.remove(leader);
            if (leading.size() < limits.places) {
                next = waiting.poll();
                if (next != null) {
                    give(next);
                }
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            LockSupport.unpark(next.thread);
        }
    }

    /** The leader and those it takes along. Used by the leader's thread. */
    private final class Batch implements Supplier<List<Q>> {
        private final List<Call<Q, A>> calls = new ArrayList<>();
        private @Nullable List<Q> questions;

        Batch(Call<Q, A> leader) {
            calls.add(leader);
        }

        @Override
        public List<Q> get() {
            if (questions == null) {
                takeAlong();
                List<Q> all = new ArrayList<>(calls.size());
                calls.forEach(call -> all.add(call.question));
                questions = all;
            }
            return questions;
        }

        private void takeAlong() {
            if (Thread.currentThread().isInterrupted()) {
                // Its connection may be lost to the interrupt, which must hit nobody else.
                return;
            }
            long bytes = statements.bytes(calls.get(0).question);
            lock.lock();
            try {
                while (calls.size() < limits.questions && !waiting.isEmpty()) {
                    bytes += statements.bytes(waiting.peek().question);
                    if (bytes > limits.bytes) {
                        return;
                    }
                    Call<Q, A> next = waiting.remove();
                    next.state = State.SENT;
                    calls.add(next);
                }
            } finally {
                lock.unlock();
            }
        }

        void answer(List<@Nullable A> answers) {
            if (answers.size() != calls.size()) {
                throw new IllegalStateException(answers.size() + " answers to " + calls.size() + " questions");
            }
            for (int i = 0; i < answers.size(); i++) {
                calls.get(i).answer(answers.get(i));
            }
        }

        void fail(Throwable failure) {
            boolean interrupted = Thread.currentThread().isInterrupted();
            calls.forEach(call -> call.fail(failure, interrupted, calls.size() > 1));
        }

        void wake() {
            for (int i = 1; i < calls.size(); i++) {
                LockSupport.unpark(calls.get(i).thread);
            }
        }
    }

    /** One caller's question on its way to an answer. */
    private static final class Call<Q, A> {
        final Q question;
        final Thread thread = Thread.currentThread();

        /** Since when the call has its place, as {@link System#nanoTime()}; guarded by the combiner's lock. */
        long since;

        volatile State state = State.WAITING;

        // Written by the leader before the state becomes ANSWERED, read by the caller after.
        private @Nullable A answer;
        private @Nullable Throwable failure;
        private boolean leaderInterrupted;
        private boolean shared;

        Call(Q question) {
            this.question = question;
        }

        void answer(@Nullable A given) {
            answer = given;
            state = State.ANSWERED;
        }

        void fail(Throwable reason, boolean interrupted, boolean withOthers) {
            failure = reason;
            leaderInterrupted = interrupted;
            shared = withOthers;
            state = State.ANSWERED;
        }

        A result(Statements<Q, A> statements) {
            if (failure == null) {
                return answer == null ? statements.ask(question) : answer;
            }
            if (shared) {
                return statements.askAfter(question, failure, leaderInterrupted);
            }
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }
    }
}
