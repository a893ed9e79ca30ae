package io.geniesession.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** The page and the plots of a sample whose numbers are invented. */
class ReportTest {
    @TempDir
    private Path folder;

    private String page = "";

    @BeforeEach
    void write() throws Exception {
        new Report(sample()).writeTo(folder);
        page = Files.readString(folder.resolve(Report.PAGE));
    }

    @Test
    @DisplayName("each field has a plot in both themes, which is well-formed and describes itself")
    void plotsAreWellFormed() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> plots =
                    files.filter(file -> file.toString().endsWith(".svg")).toList();
            assertThat(plots)
                    .extracting(plot -> plot.getFileName().toString())
                    .containsExactlyInAnyOrder(
                            "postgres-light.svg",
                            "postgres-dark.svg",
                            "h2-light.svg",
                            "h2-dark.svg",
                            "memory-light.svg",
                            "memory-dark.svg");
            for (Path plot : plots) {
                Document document = parsed(plot);
                assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
                assertThat(text(document, "title")).endsWith("requests per second");
                assertThat(text(document, "desc")).contains("Genie Session ");
            }
        }
    }

    @Test
    @DisplayName("the page shows every plot that was written")
    void pageShowsPlots() {
        assertThat(page)
                .contains("srcset=\"postgres-dark.svg\"", "src=\"postgres-light.svg\"")
                .contains("srcset=\"h2-dark.svg\"", "src=\"memory-light.svg\"");
    }

    @Test
    @DisplayName("a target is reached, or named as not reached")
    void targetsAreJudged() {
        assertThat(row("read request, PostgreSQL, 1 thread | bare driver")).endsWith("| yes |");
        assertThat(row("write request, PostgreSQL, 64 threads | bare driver")).endsWith("| **no** |");
        assertThat(row("WAL per write request, PostgreSQL"))
                .contains("| 0.68 × |")
                .endsWith("| yes |");
        assertThat(page).contains("- write request, PostgreSQL, 64 threads, against bare driver: ");
        assertThat(page).doesNotContain("- read request, PostgreSQL, 1 thread, against bare driver: ");
    }

    @Test
    @DisplayName("a target that was not measured says so")
    void missingTargetsAreNamed() {
        Results none = new Results(sample().environment(), sample().settings(), List.of(), List.of(), List.of());

        assertThat(Targets.of(none)).noneMatch(Target::isReached);
        assertThat(new ResultsPage(none, Plots.of(none)).markdown()).contains("not measured");
    }

    @Test
    @DisplayName("the best other library of a write keeps both of two changes")
    void bestWriterKeepsBothChanges() {
        assertThat(row("read request, PostgreSQL, 1 thread | best other")).contains("Jetty JDBCSessionDataStore");
        assertThat(row("write request, PostgreSQL, 1 thread | best other")).contains("Spring Session JDBC");
    }

    @Test
    @DisplayName("what did not run is named")
    void failuresAreNamed() {
        assertThat(page).contains("## Not measured", "an invented failure");
    }

    @Test
    @DisplayName("results are read as they were written")
    void resultsSurviveTheirFile() {
        ResultsFile file = new ResultsFile(folder.resolve("data/copy.json"));

        file.write(sample());

        assertThat(file.read()).isEqualTo(sample());
    }

    private String row(String beginning) {
        return page.lines()
                .filter(line -> line.startsWith("| " + beginning))
                .findFirst()
                .orElseThrow();
    }

    private static Results sample() {
        try {
            Path sample = Path.of(Objects.requireNonNull(ReportTest.class.getResource("sample.json"))
                    .toURI());
            return new ResultsFile(sample).read();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Document parsed(Path plot) throws ParserConfigurationException, IOException, SAXException {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(plot.toFile());
    }

    private static String text(Document document, String element) {
        return document.getElementsByTagName(element).item(0).getTextContent();
    }
}
