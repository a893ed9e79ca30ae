package io.geniesession.jdbc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Callers that share statements, with one place and no few: two are a crowd already. */
public final class CombinerStress {
    private static final Combiner.Limits LIMITS =
            new Combiner.Limits(0, 1, 8, 1_000, 1_000, Duration.ofSeconds(10), Duration.ofSeconds(60));

    private CombinerStress() {}

    /** Answers with the question plus ten, and every odd question of a crowd only when it is asked again. */
    private static final class Sum implements Combiner.Statements<Integer, Integer> {
        @Override
        public long bytes(Integer question) {
            return 1;
        }

        @Override
        public Integer ask(Integer question) {
            return question + 10;
        }

        @Override
        public List<@Nullable Integer> askTogether(Supplier<List<Integer>> batch) {
            List<Integer> questions = batch.get();
            List<@Nullable Integer> answers = new ArrayList<>();
            for (int question : questions) {
                answers.add(questions.size() > 1 && question % 2 == 1 ? null : ask(question));
            }
            return answers;
        }

        @Override
        public Integer askAfter(Integer question, Throwable failure, boolean interrupted) {
            throw new IllegalStateException(failure);
        }

        @Override
        public RuntimeException givenUp(boolean sent, boolean interrupted) {
            return new IllegalStateException("given up");
        }
    }

    /** Everybody gets an answer, that to their own question, and nobody is left behind. */
    @JCStressTest
    @Outcome(id = "11, 12, 0", expect = ACCEPTABLE)
    @State
    public static class TwoCallers {
        private final Combiner<Integer, Integer> combiner = new Combiner<>(LIMITS, new Sum());

        @Actor
        public void one(III_Result r) {
            r.r1 = combiner.ask(1);
        }

        @Actor
        public void two(III_Result r) {
            r.r2 = combiner.ask(2);
        }

        @Arbiter
        public void after(III_Result r) {
            Combiner.Crowd crowd = combiner.crowd();
            r.r3 = crowd.present() + crowd.waiting() + crowd.leading();
        }
    }
}
