package io.geniesession.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes the tables and plots of results. Nobody edits them by hand. Immutable. */
final class Report {
    static final String PAGE = "results.md";

    private final Results results;

    Report(Results results) {
        this.results = results;
    }

    /** Replaces the page and the plots in this folder. */
    void writeTo(Path folder) {
        Map<String, BarChart> plots = Plots.of(results);
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, BarChart> plot : plots.entrySet()) {
                for (Theme theme : Theme.values()) {
                    Files.writeString(
                            folder.resolve(plot.getKey() + "-" + theme.suffix() + ".svg"),
                            plot.getValue().svg(theme));
                }
            }
            Files.writeString(folder.resolve(PAGE), new ResultsPage(results, plots).markdown());
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be written", e);
        }
    }
}
