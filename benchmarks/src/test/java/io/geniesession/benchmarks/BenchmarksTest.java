package io.geniesession.benchmarks;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.runner.RunnerException;

/** Every question to the contestants that run everywhere, so that none rots. */
class BenchmarksTest {
    @ParameterizedTest
    @MethodSource("io.geniesession.benchmarks.StoreTest#contestants")
    @DisplayName("every benchmark runs")
    void everyBenchmarkRuns(Contestant contestant) throws RunnerException {
        SmokeRun.of(contestant);
    }

    @ParameterizedTest
    @ValueSource(classes = {MemoryPathBenchmark.class, FilterBenchmark.class})
    @DisplayName("every benchmark of a part runs")
    void everyBenchmarkOfPartRuns(Class<?> benchmark) throws RunnerException {
        SmokeRun.of(benchmark);
    }
}
