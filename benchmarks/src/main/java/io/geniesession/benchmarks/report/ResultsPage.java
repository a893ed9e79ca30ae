package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Contestant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The page of tables. Belongs to one thread. */
final class ResultsPage {
    private static final Comparator<Cell> ORDER = Comparator.comparingInt((Cell cell) -> Words.rank(cell.question()))
            .thenComparing(Cell::question)
            .thenComparingInt(cell -> cell.shape().length())
            .thenComparing(Cell::shape)
            .thenComparing(Cell::virtual)
            .thenComparingInt(Cell::threads);

    private static final String NONE = "–";

    private final Results results;
    private final Map<String, BarChart> plots;
    private final Comparison comparison;
    private final StringBuilder page = new StringBuilder();

    ResultsPage(Results results, Map<String, BarChart> plots) {
        this.results = results;
        this.plots = plots;
        this.comparison = new Comparison(results);
    }

    String markdown() {
        page.append("# Results\n\n");
        paragraph("Written by the benchmarks from the files in `data/`; changes by hand are lost. "
                + "[How to read and repeat this](README.md).");
        addTargets();
        for (Field field : Field.values()) {
            addField(field);
        }
        addFigures("Counted", "Not timed: these numbers hardly depend on the machine.", false);
        addFigures("At scale", "Median of the rounds.", true);
        addFailures();
        addMap("Machine and versions", results.environment());
        addMap("Settings", results.settings());
        return page.toString();
    }

    private void addTargets() {
        List<Target> targets = Targets.of(results);
        MarkdownTable table = new MarkdownTable(2, List.of("work", "against", "target", "reached", ""));
        for (Target target : targets) {
            table.row(List.of(
                    target.work(),
                    target.against(),
                    target.demand(),
                    target.reached()
                            .map(sample -> sample.text() + target.unit())
                            .orElse(NONE),
                    target.reached().isEmpty() ? "not measured" : target.isReached() ? "yes" : "**no**"));
        }
        page.append("## Targets\n\n");
        paragraph("Median of the rounds; in brackets, the lowest and the highest of them.");
        page.append(table.text()).append('\n');
        List<Target> missed = targets.stream()
                .filter(target -> target.reached().isPresent() && !target.isReached())
                .toList();
        if (!missed.isEmpty()) {
            page.append("Not reached:\n\n");
            for (Target target : missed) {
                page.append("- ")
                        .append(target.work())
                        .append(", against ")
                        .append(target.against())
                        .append(": ")
                        .append(Sample.number(target.reached().orElseThrow().median()))
                        .append(target.unit())
                        .append(" instead of ")
                        .append(target.demand())
                        .append(".\n");
            }
            page.append('\n');
        }
    }

    private void addField(Field field) {
        List<Field.Contender> present = field.all().stream()
                .filter(contender -> comparison.cells().stream()
                        .anyMatch(cell -> cell.contestant().equals(contender.name())))
                .toList();
        if (present.isEmpty()) {
            return;
        }
        page.append("## ").append(field.title()).append("\n\n");
        addPlot(field);
        List<String> heads = new ArrayList<>(List.of("requests per second", "attributes", "threads"));
        present.forEach(contender -> heads.add(contender.label()));
        MarkdownTable table = new MarkdownTable(2, heads);
        for (Cell cell : works(present)) {
            table.row(row(field, cell, present));
        }
        paragraph("Requests per second of all threads together, and in brackets how many times that is the "
                + field.floor().label() + ".");
        page.append(table.text()).append('\n');
        addAllocation(present);
    }

    private List<String> row(Field field, Cell cell, List<Field.Contender> present) {
        List<String> row = new ArrayList<>(work(cell));
        for (Field.Contender contender : present) {
            Cell theirs = cell.by(contender.name());
            Optional<Sample> throughput = comparison.throughput(theirs);
            Optional<Sample> ratio = contender.equals(field.floor())
                    ? Optional.empty()
                    : comparison.ratio(theirs, cell.by(field.floor().name()));
            row.add(throughput.map(sample -> Sample.number(sample.median())).orElse(NONE)
                    + ratio.map(sample -> " (" + Sample.number(sample.median()) + " ×)")
                            .orElse(""));
        }
        return row;
    }

    private void addAllocation(List<Field.Contender> present) {
        List<Cell> cells = works(present).stream()
                .filter(cell -> cell.threads() == 1 && !cell.virtual())
                .toList();
        List<String> heads = new ArrayList<>(List.of("bytes allocated per operation", "attributes", "threads"));
        present.forEach(contender -> heads.add(contender.label()));
        MarkdownTable table = new MarkdownTable(2, heads);
        boolean any = false;
        for (Cell cell : cells) {
            List<String> row = new ArrayList<>(work(cell));
            for (Field.Contender contender : present) {
                Optional<Sample> bytes = comparison.allocated(cell.by(contender.name()));
                any |= bytes.isPresent();
                row.add(bytes.map(sample -> Sample.number(Math.rint(sample.median())))
                        .orElse(NONE));
            }
            table.row(row);
        }
        if (any) {
            page.append(table.text()).append('\n');
        }
    }

    private static List<String> work(Cell cell) {
        return List.of(
                Words.question(cell.question()),
                Words.shape(cell.shape()),
                cell.threads() + (cell.virtual() ? " virtual" : ""));
    }

    /** One cell for each work that one of these did, in the order of the tables. */
    private List<Cell> works(List<Field.Contender> contenders) {
        Set<String> names = new LinkedHashSet<>();
        contenders.forEach(contender -> names.add(contender.name()));
        return comparison.cells().stream()
                .filter(cell -> names.contains(cell.contestant()))
                .map(cell -> cell.by(""))
                .distinct()
                .sorted(ORDER)
                .toList();
    }

    private void addPlot(Field field) {
        String name = Plots.name(field);
        BarChart chart = plots.get(name);
        if (chart != null) {
            page.append(String.format(
                    Locale.ROOT, """
                    <picture>
                      <source media="(prefers-color-scheme: dark)" srcset="%1$s-dark.svg">
                      <img src="%1$s-light.svg" alt="%2$s, relative to the %3$s">
                    </picture>

                    """, name, chart.title(), field.floor().label()));
        }
    }

    private void addFigures(String title, String note, boolean scale) {
        Collection<Figure.Key> keys = comparison.counted().stream()
                .filter(key -> key.setting().endsWith("sessions") == scale)
                .toList();
        if (keys.isEmpty()) {
            return;
        }
        List<String> contestants =
                distinct(keys.stream().map(Figure.Key::contestant).sorted(Comparator.comparingInt(ResultsPage::place)));
        List<String> heads = new ArrayList<>(List.of("what", scale ? "store" : "attributes"));
        contestants.forEach(contestant ->
                heads.add(label(contestant) + (contestant.equals(Contestant.GENIE_MEMORY.name()) ? ", memory" : "")));
        MarkdownTable table = new MarkdownTable(2, heads);
        for (String measure : distinct(keys.stream().map(Figure.Key::measure).sorted())) {
            for (String setting : distinct(keys.stream()
                    .filter(key -> key.measure().equals(measure))
                    .map(Figure.Key::setting)
                    .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder())))) {
                List<String> row = new ArrayList<>(List.of(measure, scale ? setting : Words.shape(setting)));
                contestants.forEach(contestant -> row.add(comparison
                        .figure(new Figure.Key(measure, contestant, setting))
                        .map(sample -> Sample.number(sample.median()))
                        .orElse(NONE)));
                table.row(row);
            }
        }
        page.append("## ").append(title).append("\n\n");
        paragraph(note);
        page.append(table.text()).append('\n');
    }

    private static String label(String contestant) {
        return contestant.equals(Measures.ROW_PER_ATTRIBUTE)
                ? "a row per attribute, by hand"
                : Field.label(contestant) + (contestant.endsWith("_H2") ? ", H2" : "");
    }

    /** Where a contestant stands in a table: in the order of the fields. */
    private static int place(String contestant) {
        int place = 0;
        for (Field field : Field.values()) {
            for (Field.Contender contender : field.all()) {
                if (contender.name().equals(contestant)) {
                    return place;
                }
                place++;
            }
        }
        return place;
    }

    private static List<String> distinct(Stream<String> texts) {
        return texts.distinct().toList();
    }

    private void addFailures() {
        if (!results.failures().isEmpty()) {
            page.append("## Not measured\n\n");
            results.failures()
                    .forEach(failure -> page.append("- ").append(failure).append('\n'));
            page.append('\n');
        }
    }

    private void addMap(String title, Map<String, String> facts) {
        if (!facts.isEmpty()) {
            MarkdownTable table = new MarkdownTable(2, List.of("what", "value"));
            facts.forEach((name, value) -> table.row(List.of(name, value)));
            page.append("## ").append(title).append("\n\n").append(table.text()).append('\n');
        }
    }

    private void paragraph(String text) {
        page.append(text).append("\n\n");
    }
}
