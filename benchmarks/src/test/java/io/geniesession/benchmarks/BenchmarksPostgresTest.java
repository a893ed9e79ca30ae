package io.geniesession.benchmarks;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.runner.RunnerException;

/** Every question to the contestants that need a server. */
class BenchmarksPostgresTest {
    @BeforeAll
    static void startServer() {
        Postgres.require();
    }

    @ParameterizedTest
    @MethodSource("io.geniesession.benchmarks.StorePostgresTest#contestants")
    @DisplayName("every benchmark runs")
    void everyBenchmarkRuns(Contestant contestant) throws RunnerException {
        SmokeRun.of(contestant);
    }
}
