package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits for whom, with statements that end when the test says so. */
@Timeout(60)
final class CombinerTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Combiner.Crowd NOBODY = new Combiner.Crowd(0, 0, 0);

    /** A question with this in it is not answered by a common statement. */
    private static final String ODD = "odd";

    private final List<Caller> callers = new ArrayList<>();
    private final List<Combiner<?, ?>> combiners = new ArrayList<>();

    @AfterEach
    void nobodyIsLeft() throws Exception {
        for (Caller caller : callers) {
            caller.thread.join(PATIENCE.toMillis());
            assertThat(caller.thread.isAlive()).as("still waiting").isFalse();
        }
        for (Combiner<?, ?> combiner : combiners) {
            assertThat(combiner.crowd()).isEqualTo(NOBODY);
        }
    }

    /** Statements that the test lets go on, one by one. */
    private static final class Script implements Combiner.Statements<String, String> {

        /** A statement that has been begun. */
        static final class Running {
            final Thread leader = Thread.currentThread();
            final CountDownLatch connected = new CountDownLatch(1);
            final CountDownLatch sent = new CountDownLatch(1);
            final CountDownLatch answered = new CountDownLatch(1);
            volatile List<String> questions = List.of();
            volatile @Nullable Throwable failure;

            /** Lets it have its connection, and returns what it sends. */
            List<String> send() {
                connected.countDown();
                await(sent);
                return questions;
            }

            void answer() {
                send();
                answered.countDown();
            }

            void fail(Throwable reason) {
                failure = reason;
                answer();
            }
        }

        final BlockingQueue<Running> begun = new LinkedBlockingQueue<>();
        final List<String> alone = new ArrayList<>();

        @Override
        public long bytes(String question) {
            return question.length();
        }

        @Override
        public String ask(String question) {
            synchronized (alone) {
                alone.add(question);
            }
            return "alone " + question;
        }

        @Override
        public List<@Nullable String> askTogether(Supplier<List<String>> batch) {
            Running running = new Running();
            begun.add(running);
            await(running.connected);
            running.questions = List.copyOf(batch.get());
            assertThat(batch.get()).isEqualTo(running.questions);
            running.sent.countDown();
            await(running.answered);
            if (running.failure instanceof Error error) {
                throw error;
            }
            if (running.failure != null) {
                throw (RuntimeException) running.failure;
            }
            List<@Nullable String> answers = new ArrayList<>();
            running.questions.forEach(question -> answers.add(question.contains(ODD) ? null : "answer to " + question));
            return answers;
        }

        @Override
        public String askAfter(String question, Throwable failure, boolean interrupted) {
            return "after " + failure.getMessage() + (interrupted ? " interrupted " : " ") + question;
        }

        @Override
        public RuntimeException givenUp(boolean sent, boolean interrupted) {
            return new IllegalStateException((sent ? "sent" : "not sent") + (interrupted ? ", interrupted" : ", late"));
        }

        Running next() throws InterruptedException {
            Running running = begun.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(running).as("a statement").isNotNull();
            return running;
        }

        private static void await(CountDownLatch latch) {
            boolean interrupted = false;
            while (true) {
                try {
                    assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final Script script = new Script();

    private Combiner<String, String> combiner(int few, int places, Duration slow, Duration patience) {
        Combiner<String, String> combiner =
                new Combiner<>(new Combiner.Limits(few, places, 4, 100, 90, slow, patience), script);
        combiners.add(combiner);
        return combiner;
    }

    private Combiner<String, String> onePlace() {
        return combiner(1, 1, LONG, LONG);
    }

    /** A thread that asks one question. */
    private final class Caller {
        final FutureTask<String> answer;
        final Thread thread;
        private final Combiner<String, String> combiner;

        Caller(Combiner<String, String> combiner, String question) {
            this.combiner = combiner;
            this.answer = new FutureTask<>(() -> combiner.ask(question));
            this.thread = new Thread(answer);
            callers.add(this);
            thread.start();
        }

        /** Returns when it waits for a place or for its leader. */
        Caller waiting() {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (LockSupport.getBlocker(thread) != combiner) {
                assertThat(System.nanoTime()).as("it waits").isLessThan(deadline);
            }
            return this;
        }

        String get() throws Exception {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        Throwable failure() throws Exception {
            try {
                throw new AssertionError("answered: " + get());
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }
    }

    private Caller asks(Combiner<String, String> combiner, String question) {
        return new Caller(combiner, question);
    }

    @Test
    void loneCallerAsksInItsOwnThreadAndAlone() throws Exception {
        Combiner<String, String> combiner = onePlace();
        for (int i = 0; i < 3; i++) {
            Caller caller = asks(combiner, "a");
            Script.Running running = script.next();
            assertThat(running.leader).isSameAs(caller.thread);
            assertThat(running.send()).containsExactly("a");
            running.answer();
            assertThat(caller.get()).isEqualTo("answer to a");
        }
    }

    @Test
    void fewShareNothing() throws Exception {
        Combiner<String, String> combiner = combiner(3, 1, LONG, LONG);
        asks(combiner, "a");
        asks(combiner, "b");
        asks(combiner, "c");
        List<Script.Running> running = List.of(script.next(), script.next(), script.next());
        running.forEach(one -> assertThat(one.send()).hasSize(1));
        Caller fourth = asks(combiner, "d").waiting();

        // The crowd has one place only: the fourth gets it from the last of them.
        running.get(0).answer();
        running.get(1).answer();
        assertThat(fourth.answer.isDone()).isFalse();
        running.get(2).answer();
        Script.Running last = script.next();
        assertThat(last.send()).containsExactly("d");
        last.answer();
        assertThat(fourth.get()).isEqualTo("answer to d");
    }

    @Test
    void crowdThatComesBackIsNotFewAgain() throws Exception {
        Combiner<String, String> combiner = combiner(2, 1, LONG, LONG);
        crowdOfFive(combiner);

        Caller first = asks(combiner, "f");
        Script.Running running = script.next();
        assertThat(running.send()).containsExactly("f");
        Caller second = asks(combiner, "g").waiting();

        running.answer();
        assertThat(first.get()).isEqualTo("answer to f");
        script.next().answer();
        assertThat(second.get()).isEqualTo("answer to g");
    }

    @Test
    void fewAreFewAgainAfterSomeCallers() throws Exception {
        Combiner<String, String> combiner = combiner(2, 1, LONG, LONG);
        crowdOfFive(combiner);
        for (int i = 0; i < 3; i++) {
            Caller lone = asks(combiner, "lone");
            script.next().answer();
            lone.get();
        }

        asks(combiner, "d");
        asks(combiner, "e");
        List<Script.Running> running = List.of(script.next(), script.next());
        running.forEach(Script.Running::answer);
    }

    /** Five callers at a time, who have their answers at the end. */
    private void crowdOfFive(Combiner<String, String> combiner) throws Exception {
        Caller one = asks(combiner, "a");
        Caller other = asks(combiner, "b");
        List<Script.Running> running = List.of(script.next(), script.next());
        running.forEach(Script.Running::send);
        List<Caller> more = List.of(
                asks(combiner, "c").waiting(),
                asks(combiner, "d").waiting(),
                asks(combiner, "e").waiting());
        running.forEach(Script.Running::answer);
        one.get();
        other.get();
        script.next().answer();
        for (Caller caller : more) {
            caller.get();
        }
    }

    @Test
    void leaderTakesAlongEveryoneWaitingInTheirOrder() throws Exception {
        Combiner<String, String> combiner = onePlace();
        Caller first = asks(combiner, "a");
        Script.Running running = script.next();
        assertThat(running.send()).containsExactly("a");
        Caller second = asks(combiner, "b").waiting();
        Caller third = asks(combiner, "c").waiting();

        running.answer();
        assertThat(first.get()).isEqualTo("answer to a");
        Script.Running shared = script.next();
        assertThat(shared.leader).isSameAs(second.thread);
        assertThat(shared.send()).containsExactly("b", "c");
        shared.answer();
        assertThat(second.get()).isEqualTo("answer to b");
        assertThat(third.get()).isEqualTo("answer to c");
    }

    @Test
    void whoComesBeforeThereIsAConnectionIsTakenAlong() throws Exception {
        Combiner<String, String> combiner = onePlace();
        asks(combiner, "a");
        Script.Running running = script.next();
        asks(combiner, "b").waiting();

        assertThat(running.send()).containsExactly("a", "b");
        running.answer();
    }

    @Test
    void nobodyJoinsAStatementThatWasSent() throws Exception {
        Combiner<String, String> combiner = onePlace();
        asks(combiner, "a");
        Script.Running running = script.next();
        running.send();
        Caller late = asks(combiner, "b").waiting();

        running.answer();
        Script.Running next = script.next();
        assertThat(next.leader).isSameAs(late.thread);
        assertThat(next.send()).containsExactly("b");
        next.answer();
    }

    @Test
    void statementsRunAtATimeInEachPlace() throws Exception {
        Combiner<String, String> combiner = combiner(1, 2, LONG, LONG);
        asks(combiner, "a");
        asks(combiner, "b");
        Script.Running one = script.next();
        Script.Running other = script.next();
        one.send();
        other.send();
        asks(combiner, "c").waiting();
        asks(combiner, "d").waiting();

        other.answer();
        Script.Running next = script.next();
        assertThat(next.send()).containsExactly("c", "d");
        one.answer();
        next.answer();
    }

    @Test
    void questionsOfAStatementAreBounded() throws Exception {
        Combiner<String, String> combiner = onePlace();
        asks(combiner, "a");
        Script.Running running = script.next();
        IntStream.range(0, 6).forEach(i -> asks(combiner, "q" + i).waiting());

        assertThat(running.send()).containsExactly("a", "q0", "q1", "q2");
        running.answer();
        Script.Running rest = script.next();
        assertThat(rest.send()).containsExactly("q3", "q4", "q5");
        rest.answer();
    }

    @Test
    void bytesOfAStatementAreBounded() throws Exception {
        Combiner<String, String> combiner = onePlace();
        asks(combiner, "a".repeat(60));
        Script.Running running = script.next();
        asks(combiner, "b".repeat(40)).waiting();
        asks(combiner, "c").waiting();

        assertThat(running.send()).hasSize(2);
        running.answer();
        Script.Running rest = script.next();
        assertThat(rest.send()).containsExactly("c");
        rest.answer();
    }

    @Test
    void largeQuestionIsAskedAloneAtOnce() throws Exception {
        Combiner<String, String> combiner = onePlace();
        asks(combiner, "a");
        Script.Running running = script.next();

        String large = "x".repeat(91);
        assertThat(combiner.ask(large)).isEqualTo("alone " + large);
        running.answer();
    }

    @Test
    void whatHasNoAnswerIsAskedAgainByItsOwnCaller() throws Exception {
        Combiner<String, String> combiner = onePlace();
        Caller leader = asks(combiner, "a");
        Script.Running running = script.next();
        Caller odd = asks(combiner, ODD).waiting();
        Caller other = asks(combiner, "c").waiting();

        running.answer();
        assertThat(leader.get()).isEqualTo("answer to a");
        assertThat(odd.get()).isEqualTo("alone " + ODD);
        assertThat(other.get()).isEqualTo("answer to c");
        assertThat(script.alone).containsExactly(ODD);
    }

    @Test
    void failureOfOneCallerIsItsOwn() throws Exception {
        Combiner<String, String> combiner = onePlace();
        RuntimeException failure = new IllegalStateException("refused");
        Caller caller = asks(combiner, "a");
        script.next().fail(failure);
        assertThat(caller.failure()).isSameAs(failure);

        Error error = new StackOverflowError();
        Caller another = asks(combiner, "b");
        script.next().fail(error);
        assertThat(another.failure()).isSameAs(error);
    }

    @Test
    void failureOfSeveralIsJudgedByEach() throws Exception {
        Combiner<String, String> combiner = onePlace();
        Caller first = asks(combiner, "a");
        Script.Running running = script.next();
        Caller second = asks(combiner, "b").waiting();

        running.fail(new IllegalStateException("a failure"));
        assertThat(first.get()).isEqualTo("after a failure a");
        assertThat(second.get()).isEqualTo("after a failure b");
    }

    @Test
    void interruptOfTheLeaderIsToldToTheOthers() throws Exception {
        Combiner<String, String> combiner = onePlace();
        Caller first = asks(combiner, "a");
        Script.Running running = script.next();
        Caller second = asks(combiner, "b").waiting();
        assertThat(running.send()).containsExactly("a", "b");
        first.thread.interrupt();

        running.fail(new StackOverflowError("a failure"));
        assertThat(second.get()).isEqualTo("after a failure interrupted b");
    }

    @Test
    void leaderThatIsInterruptedAlreadyTakesNobodyAlong() throws Exception {
        Combiner<String, String> combiner = onePlace();
        Caller first = asks(combiner, "a");
        Script.Running running = script.next();
        Caller second = asks(combiner, "b").waiting();
        Caller third = asks(combiner, "c").waiting();
        first.thread.interrupt();

        assertThat(running.send()).containsExactly("a");
        running.fail(new IllegalStateException("lost"));
        assertThat(first.failure()).hasMessage("lost");
        Script.Running next = script.next();
        assertThat(next.leader).isSameAs(second.thread);
        assertThat(next.send()).containsExactly("b", "c");
        next.answer();
        assertThat(second.get()).isEqualTo("answer to b");
        assertThat(third.get()).isEqualTo("answer to c");
    }

    @Test
    void placeIsPassedOnAfterAFailure() throws Exception {
        Combiner<String, String> combiner = onePlace();
        asks(combiner, "a");
        Script.Running running = script.next();
        running.send();
        Caller second = asks(combiner, "b").waiting();

        running.fail(new IllegalStateException("a failure"));
        script.next().answer();
        assertThat(second.get()).isEqualTo("answer to b");
    }

    @Test
    void interruptedCallerLeavesTheQueue() throws Exception {
        Combiner<String, String> combiner = onePlace();
        asks(combiner, "a");
        Script.Running running = script.next();
        running.send();
        Caller interrupted = asks(combiner, "b").waiting();
        Caller stays = asks(combiner, "c").waiting();

        interrupted.thread.interrupt();
        assertThat(interrupted.failure()).hasMessage("not sent, interrupted");
        running.answer();
        Script.Running next = script.next();
        assertThat(next.send()).containsExactly("c");
        next.answer();
        assertThat(stays.get()).isEqualTo("answer to c");
    }

    @Test
    void interruptedCallerKeepsItsInterrupt() throws Exception {
        Combiner<String, String> combiner = onePlace();
        asks(combiner, "a");
        Script.Running running = script.next();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> combiner.ask("b")).hasMessage("not sent, interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        running.answer();
    }

    @Test
    void interruptedCallerThatFindsAPlaceAsks() throws Exception {
        Combiner<String, String> combiner = onePlace();
        Thread test = Thread.currentThread();
        Thread helper = new Thread(() -> {
            try {
                script.next().answer();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        helper.start();
        test.interrupt();
        try {
            assertThat(combiner.ask("a")).isEqualTo("answer to a");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        helper.join();
    }

    @Test
    void interruptedCallerWhoseQuestionWasSentLeavesWithoutAnAnswer() throws Exception {
        Combiner<String, String> combiner = onePlace();
        Caller leader = asks(combiner, "a");
        Script.Running running = script.next();
        Caller interrupted = asks(combiner, "b").waiting();
        assertThat(running.send()).containsExactly("a", "b");

        interrupted.thread.interrupt();
        assertThat(interrupted.failure()).hasMessage("sent, interrupted");
        running.answer();
        assertThat(leader.get()).isEqualTo("answer to a");
    }

    @Test
    void callerLeavesTheQueueWhenItsPatienceEnds() throws Exception {
        Combiner<String, String> combiner = combiner(1, 1, LONG, Duration.ofMillis(1));
        Caller leader = asks(combiner, "a");
        Script.Running running = script.next();
        running.send();

        assertThat(asks(combiner, "b").failure()).hasMessage("not sent, late");
        running.answer();
        assertThat(leader.get()).isEqualTo("answer to a");
    }

    @Test
    void callerWhoseQuestionWasSentWaitsForItsAnswer() throws Exception {
        Duration patience = Duration.ofSeconds(1);
        Combiner<String, String> combiner = combiner(1, 1, LONG, patience);
        asks(combiner, "a");
        Script.Running running = script.next();
        Caller second = asks(combiner, "b").waiting();
        assertThat(running.send()).containsExactly("a", "b");

        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end || second.waiting().thread.getState() != Thread.State.WAITING) {
            LockSupport.unpark(second.thread);
        }
        assertThat(second.answer.isDone()).isFalse();
        running.answer();
        assertThat(second.get()).isEqualTo("answer to b");
    }

    @Test
    void slowLeaderLosesItsPlace() throws Exception {
        Combiner<String, String> combiner = combiner(1, 1, Duration.ofMillis(5), LONG);
        Caller slow = asks(combiner, "a");
        Script.Running running = script.next();
        running.send();

        Caller second = asks(combiner, "b");
        Script.Running overtaking = script.next();
        assertThat(overtaking.leader).isSameAs(second.thread);
        overtaking.send();
        // The slow one has no place to give away: the third waits for the second, or for that to become slow too.
        Caller third = asks(combiner, "c");
        running.answer();
        assertThat(slow.get()).isEqualTo("answer to a");
        overtaking.answer();
        script.next().answer();
        assertThat(third.get()).isEqualTo("answer to c");
    }

    @Test
    void callerWhoseQuestionWasSentTakesNoPlaceFromTheSlow() throws Exception {
        Combiner<String, String> combiner = combiner(1, 2, Duration.ofSeconds(1), LONG);
        asks(combiner, "a");
        Script.Running one = script.next();
        asks(combiner, "b");
        Script.Running other = script.next();
        Caller third = asks(combiner, "c").waiting();
        assertThat(one.send()).hasSize(2).contains("c");
        other.send();

        // It was in the queue with a timer; without one it waits as soon as that has run.
        while (third.waiting().thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(combiner.crowd()).isEqualTo(new Combiner.Crowd(3, 0, 2));
        one.answer();
        other.answer();
        assertThat(third.get()).isEqualTo("answer to c");
    }

    @Test
    void slowLeaderWhosePlaceNobodyTookGivesItToWhoWaits() throws Exception {
        Duration slow = Duration.ofSeconds(2);
        Combiner<String, String> combiner = combiner(1, 2, slow, LONG);
        Caller first = asks(combiner, "a");
        Script.Running one = script.next();
        asks(combiner, "b");
        Script.Running other = script.next();
        one.send();
        other.send();
        asks(combiner, "c").waiting();
        long later = System.nanoTime() + slow.toNanos() / 2;
        while (System.nanoTime() < later) {
            Thread.onSpinWait();
        }
        asks(combiner, "d").waiting();

        // The third takes the place of one slow leader; the fourth has not waited long enough to take the other's.
        Script.Running third = script.next();
        one.answer();
        assertThat(first.get()).isEqualTo("answer to a");
        assertThat(combiner.crowd().leading()).isEqualTo(2);
        Script.Running fourth = script.next();
        other.answer();
        third.answer();
        fourth.answer();
    }

    /** Every caller gets its own answer or knows why not, and no place is lost, whatever happens meanwhile. */
    @Test
    void stormOfCallersInterruptsAndFailures() throws Exception {
        Stormy stormy = new Stormy();
        Combiner<Integer, String> combiner = new Combiner<>(
                new Combiner.Limits(2, 2, 16, 1_000_000, 1_000_000, Duration.ofMillis(2), Duration.ofMillis(20)),
                stormy);
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger leftEarly = new AtomicInteger();
        int threads = 24;
        int rounds = 1_500;
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int offset = t * rounds;
            Callable<Void> task = () -> {
                for (int i = offset; i < offset + rounds; i++) {
                    ask(combiner, i, answered, leftEarly);
                }
                return null;
            };
            tasks.add(new FutureTask<>(task));
        }
        tasks.forEach(task -> new Thread(task).start());
        for (FutureTask<Void> task : tasks) {
            task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(answered.get() + leftEarly.get()).isEqualTo(threads * rounds);
        assertThat(answered).hasPositiveValue();
        assertThat(stormy.shared).hasPositiveValue();
        assertThat(combiner.crowd()).isEqualTo(NOBODY);
        stormy.calm = true;
        // Nothing is left over: a lone caller is served alone, at once.
        assertThat(combiner.ask(-2)).isEqualTo("-2");
        assertThat(stormy.last).containsExactly(-2);
    }

    private static void ask(
            Combiner<Integer, String> combiner, int question, AtomicInteger answered, AtomicInteger leftEarly) {
        boolean interrupt = ThreadLocalRandom.current().nextInt(20) == 0;
        if (interrupt) {
            Thread.currentThread().interrupt();
        }
        try {
            assertThat(combiner.ask(question)).isEqualTo(Integer.toString(question));
            answered.incrementAndGet();
        } catch (IllegalStateException e) {
            leftEarly.incrementAndGet();
        } finally {
            assertThat(Thread.interrupted()).isEqualTo(interrupt);
        }
    }

    /** Answers at once, or fails, or leaves something out. */
    private static final class Stormy implements Combiner.Statements<Integer, String> {
        final AtomicInteger shared = new AtomicInteger();
        volatile boolean calm;
        volatile List<Integer> last = List.of();

        @Override
        public long bytes(Integer question) {
            return 1;
        }

        @Override
        public String ask(Integer question) {
            return question.toString();
        }

        @Override
        public List<@Nullable String> askTogether(Supplier<List<Integer>> batch) {
            if (fails(30)) {
                throw new IllegalStateException("no connection");
            }
            List<Integer> questions = batch.get();
            last = questions;
            shared.addAndGet(questions.size() - 1);
            if (fails(5)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
            }
            if (fails(30)) {
                throw new IllegalStateException("broken");
            }
            List<@Nullable String> answers = new ArrayList<>();
            questions.forEach(question -> answers.add(fails(10) ? null : question.toString()));
            return answers;
        }

        private boolean fails(int oneIn) {
            return !calm && ThreadLocalRandom.current().nextInt(oneIn) == 0;
        }

        @Override
        public String askAfter(Integer question, Throwable failure, boolean interrupted) {
            return question.toString();
        }

        @Override
        public RuntimeException givenUp(boolean sent, boolean interrupted) {
            return new IllegalStateException("given up");
        }
    }
}
