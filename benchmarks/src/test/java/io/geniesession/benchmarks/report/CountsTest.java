package io.geniesession.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.benchmarks.Contestant;
import io.geniesession.benchmarks.Postgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted and what is measured at scale, once and in small. The numbers say nothing. */
class CountsTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() {
        Postgres.require();
    }

    @Test
    @DisplayName("the log volume is counted, of a contestant and of a row per attribute")
    void logVolumeIsCounted() throws Exception {
        for (List<Figure> figures : List.of(
                WalVolume.of(Contestant.GENIE_POSTGRES, Measures.SMALL, 20),
                WalVolume.ofRowPerAttribute(Measures.SMALL, 20))) {
            assertThat(figures).extracting(Figure::measure).containsExactly(Measures.WAL, Measures.WAL_WITH_IMAGES);
            assertThat(figures).allSatisfy(figure -> assertThat(figure.value()).isGreaterThan(100));
        }
    }

    @Test
    @DisplayName("sizes are compared after as many updates as asked for")
    void sizesAreCompared() throws Exception {
        List<Figure> figures = Bloat.of(Contestant.GENIE_POSTGRES, Measures.SMALL, 500);

        assertThat(figures)
                .extracting(Figure::measure)
                .containsExactly(Measures.BYTES_BEFORE, Measures.BYTES_AFTER, Measures.UPDATES, Measures.HOT);
        assertThat(figures.get(0).value()).isPositive();
        assertThat(figures.get(1).value()).isGreaterThanOrEqualTo(figures.get(0).value());
        assertThat(figures.get(2).value()).isEqualTo(500);
        assertThat(figures.get(3).value()).isPositive();
    }

    @Test
    @DisplayName("sessions are swept beside reads, and weighed in memory")
    void sessionsAreSweptAndWeighed() {
        ResultsFile file = new ResultsFile(folder.resolve("scale.json"));
        Arguments small = Arguments.parse(List.of("--sessions", "3000", "--rounds", "1", "--parts", "heap,sweeps"));
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true);

        assertThat(new ScaleRun(small, file, new Progress(out)).run()).isTrue();

        assertThat(file.read().figures())
                .allSatisfy(figure -> assertThat(figure.value()).isPositive())
                .extracting(Figure::measure)
                .contains(Measures.HEAP, Measures.P99_ALONE, Measures.P99_SWEEPING, Measures.SWEEP_RATE);
    }
}
