package io.geniesession.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Chooses what the plots show. Immutable. */
final class Plots {
    private static final List<String> MAIN_QUESTIONS = List.of("ReadRequest", "WriteRequest");

    private final Comparison comparison;

    private Plots(Comparison comparison) {
        this.comparison = comparison;
    }

    /** Plots by the name of their file, without theme and ending; of fields that were measured only. */
    static Map<String, BarChart> of(Results results) {
        Plots plots = new Plots(new Comparison(results));
        Map<String, BarChart> charts = new TreeMap<>();
        for (Field field : Field.values()) {
            plots.chart(field).ifPresent(chart -> charts.put(name(field), chart));
        }
        return charts;
    }

    static String name(Field field) {
        return field.name().toLowerCase(Locale.ROOT);
    }

    private Optional<BarChart> chart(Field field) {
        List<BarChart.Panel> panels = new ArrayList<>();
        for (String question : MAIN_QUESTIONS) {
            comparison.cells().stream()
                    .filter(cell ->
                            cell.equals(new Cell(question, field.ours().name(), Measures.SMALL, cell.threads(), false)))
                    .sorted(Comparator.comparingInt(Cell::threads))
                    .forEach(cell -> panel(field, cell).ifPresent(panels::add));
        }
        return panels.isEmpty()
                ? Optional.empty()
                : Optional.of(new BarChart(
                        field.title() + ": requests per second",
                        "10 attributes of 100 B. Relative to the "
                                + field.floor().label()
                                + ", longer is faster. Median of the rounds; thin line: their range",
                        field.floor().label(),
                        panels));
    }

    private Optional<BarChart.Panel> panel(Field field, Cell ours) {
        Cell floor = ours.by(field.floor().name());
        List<BarChart.Bar> bars = new ArrayList<>();
        for (Field.Contender contender : field.all()) {
            comparison
                    .ratio(ours.by(contender.name()), floor)
                    .ifPresent(ratio -> bars.add(new BarChart.Bar(contender.label(), kind(field, contender), ratio)));
        }
        String threads = ours.threads() == 1 ? "1 thread" : ours.threads() + " threads";
        return bars.isEmpty()
                ? Optional.empty()
                : Optional.of(new BarChart.Panel(Words.question(ours.question()) + ", " + threads, bars));
    }

    private static BarChart.Kind kind(Field field, Field.Contender contender) {
        if (contender.equals(field.ours())) {
            return BarChart.Kind.OURS;
        }
        return field.others().contains(contender) ? BarChart.Kind.OTHER : BarChart.Kind.FLOOR;
    }
}
