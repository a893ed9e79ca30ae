package io.geniesession.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.benchmarks.Postgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two forks that take turns, for a moment. */
class TimingRunTest {
    private static final Duration MOMENT = Duration.ofMillis(20);

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() {
        Postgres.require();
    }

    @Test
    @DisplayName("every contestant is measured in every round, what fails is named")
    void everyRoundIsMeasured() {
        Cell ours = new Cell("ReadRequest", "GENIE_MEMORY", "10x100", 1, false);
        Cell other = new Cell("ReadRequest", "GENIE_POSTGRES", "10x100", 1, false);
        Cell broken = new Cell("ReadRequest", "NOBODY", "10x100", 1, false);
        Plan plan = new Plan("test", List.of(List.of(ours, broken, other)), 1, Duration.ofMinutes(5), 1, 3, MOMENT);
        ResultsFile file = new ResultsFile(folder.resolve("timings.json"));
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true);

        boolean succeeded = new TimingRun(plan, Map.of(), file, new Progress(out)).run();

        Results results = file.read();
        assertThat(succeeded).isFalse();
        assertThat(results.failures()).singleElement().asString().startsWith("ReadRequest NOBODY");
        assertThat(results.timings())
                .filteredOn(timing -> timing.cell().equals(ours))
                .extracting(Timing::round)
                .containsExactly(1, 2, 3);
        assertThat(new Comparison(results).ratio(ours, other))
                .hasValueSatisfying(ratio -> assertThat(ratio.rounds()).isEqualTo(3));
        assertThat(results.timings()).allSatisfy(timing -> {
            assertThat(timing.operationsPerSecond()).isPositive();
            assertThat(timing.bytesPerOperation()).isPositive();
        });
    }
}
