package io.geniesession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark of one contestant for a moment, in this process. */
final class SmokeRun {
    private static final TimeValue MOMENT = TimeValue.milliseconds(50);

    static {
        // JMH lets one instance measure on a machine at a time. This run measures nothing and must not wait or fail for
        // that.
        System.setProperty("jmh.ignoreLock", "true");
    }

    private SmokeRun() {}

    static void of(Contestant contestant) throws RunnerException {
        Options options = new OptionsBuilder()
                .include(LoadPersistBenchmark.class.getName())
                .param("contestant", contestant.name())
                .forks(0)
                .warmupIterations(1)
                .warmupTime(MOMENT)
                .measurementIterations(1)
                .measurementTime(MOMENT)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        Collection<RunResult> results = new Runner(options).run();

        assertThat(results)
                .extracting(result -> result.getPrimaryResult().getLabel())
                .containsExactlyInAnyOrder("create", "readRequest", "writeRequest");
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.getPrimaryResult().getScore()).isPositive());
    }
}
