package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What {@code docs/servlet.md} says of the differences is what the comparisons found. */
class DifferencesTest {

    private static final Path PAGE = Path.of("..", "docs", "servlet.md");
    private static final List<Differences> CONTAINERS =
            List.of(Differences.tomcat101(), Differences.tomcat(), Differences.jetty(), Differences.undertow());

    @Test
    @DisplayName("the table of the comparisons is what they found")
    void tableIsTheComparisons() throws IOException {
        String table = Scenarios.all().stream()
                .map(scenario -> "| " + scenario + " | "
                        + CONTAINERS.stream()
                                .map(container -> cell(container.reasons(scenario.name)))
                                .collect(Collectors.joining(" | "))
                        + " |\n")
                .collect(Collectors.joining());
        assertThat(Files.readString(PAGE)).contains(table);
    }

    private static String cell(Set<String> reasons) {
        return reasons.isEmpty() ? "the same" : String.join("; ", reasons);
    }

    @Test
    @DisplayName("each difference is explained")
    void differencesAreExplained() throws IOException {
        String page = Files.readString(PAGE);
        String explained = page.substring(page.indexOf("\n## Differences"), page.indexOf("\n## Compared"))
                .replaceAll("[*`]", "")
                .replaceAll("\\s+", " ");
        for (Differences container : CONTAINERS) {
            for (Scenario scenario : Scenarios.all()) {
                assertThat(container.reasons(scenario.name))
                        .allSatisfy(reason -> assertThat(explained).contains(reason));
            }
        }
    }
}
