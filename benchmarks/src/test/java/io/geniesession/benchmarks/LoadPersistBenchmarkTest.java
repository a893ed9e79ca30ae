package io.geniesession.benchmarks;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.runner.RunnerException;

/** The contestants that run everywhere. */
class LoadPersistBenchmarkTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JDBC_POSTGRES")
    @DisplayName("every benchmark runs")
    void everyBenchmarkRuns(Contestant contestant) throws RunnerException {
        SmokeRun.of(contestant);
    }
}
