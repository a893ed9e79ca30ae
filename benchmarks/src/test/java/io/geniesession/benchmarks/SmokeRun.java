package io.geniesession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every question to one contestant for a moment, in this process. */
final class SmokeRun {
    private static final TimeValue MOMENT = TimeValue.milliseconds(20);

    static {
        // JMH lets one instance measure on a machine at a time. This run measures nothing and must not wait or fail for
        // that.
        System.setProperty("jmh.ignoreLock", "true");
    }

    private SmokeRun() {}

    static void of(Contestant contestant) throws RunnerException {
        Class<?>[] questions = questions(contestant).toArray(Class<?>[]::new);
        OptionsBuilder options = including(questions);
        options.param("contestant", contestant.name())
                .param("shape", "10x100")
                .param("sessions", "20")
                .param("expired", "20");

        assertThat(run(options)).hasSize(questions.length);
    }

    /** Runs benchmarks that are about one part of the library and have no contestants. */
    static void of(Class<?> benchmark) throws RunnerException {
        assertThat(run(including(benchmark))).isNotEmpty();
    }

    private static OptionsBuilder including(Class<?>... benchmarks) {
        OptionsBuilder options = new OptionsBuilder();
        for (Class<?> benchmark : benchmarks) {
            options.include("^" + benchmark.getName().replace(".", "\\.") + "\\.");
        }
        return options;
    }

    private static Collection<RunResult> run(OptionsBuilder options) throws RunnerException {
        Options chosen = options.forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(MOMENT)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        Collection<RunResult> results = new Runner(chosen).run();

        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.getPrimaryResult().getScore()).isPositive());
        return results;
    }

    private static Stream<Class<?>> questions(Contestant contestant) {
        Stream<Class<?>> all = Stream.of(
                CreateBenchmark.class,
                LoadBenchmark.class,
                LoginBenchmark.class,
                MixedLoadBenchmark.class,
                ReadRequestBenchmark.class,
                SmallWriteBenchmark.class,
                SweepBenchmark.class,
                WriteRequestBenchmark.class,
                WriteTenBenchmark.class);
        return all.filter(question -> contestant.sweeps() || question != SweepBenchmark.class);
    }
}
