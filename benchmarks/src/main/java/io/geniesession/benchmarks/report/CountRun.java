package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Contestant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts what time does not show, on PostgreSQL. Belongs to one thread. */
final class CountRun {
    private static final int WAL_WRITES = 2_000;

    private final Size size;
    private final ResultsFile file;
    private final Progress progress;
    private final List<Contestant> contestants;
    private final Map<String, String> settings = new TreeMap<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Map<String, String> environment;

    /**
     * How much is counted. Immutable.
     *
     * @param shapes whose log volume is counted
     * @param updates how many updates the bloat is counted after
     * @param bloatOfAll whether the bloat of every contestant is counted or ours and the floor's only
     */
    record Size(List<String> shapes, int updates, boolean bloatOfAll) {
        static Size quick(Arguments arguments) {
            return new Size(
                    arguments.list("shapes").orElse(List.of(Measures.SMALL)),
                    arguments.number("updates", 20_000),
                    false);
        }

        static Size full(Arguments arguments) {
            return new Size(
                    arguments.list("shapes").orElse(Plan.ALL_SHAPES), arguments.number("updates", 1_000_000), true);
        }
    }

    CountRun(Size size, Arguments arguments, ResultsFile file, Progress progress) {
        this.size = size;
        this.file = file;
        this.progress = progress;
        this.environment = Environment.describe();
        Optional<List<String>> chosen = arguments.list("contestants");
        contestants = Arrays.stream(Contestant.values())
                .filter(contestant -> contestant.kind() == Contestant.Kind.POSTGRES)
                .filter(contestant ->
                        chosen.map(names -> names.contains(contestant.name())).orElse(true))
                .toList();
        settings.put("updates before the sizes are compared", Integer.toString(size.updates()));
    }

    /** Counts everything. Returns false if something failed. */
    boolean run() {
        List<Step> steps = steps();
        int done = 0;
        for (Step step : steps) {
            String outcome = take(step);
            progress.step(++done, steps.size(), done, step.name() + ": " + outcome);
        }
        failures.forEach(progress::say);
        return failures.isEmpty();
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (Contestant contestant : contestants) {
            steps.add(new Step("round trips of " + contestant, () -> RoundTrips.of(contestant, Measures.SMALL)));
        }
        for (String shape : size.shapes()) {
            for (Contestant contestant : contestants) {
                steps.add(new Step(
                        "log volume of " + contestant + ", " + shape,
                        () -> WalVolume.of(contestant, shape, WAL_WRITES)));
            }
            steps.add(new Step(
                    "log volume of a row per attribute, " + shape,
                    () -> WalVolume.ofRowPerAttribute(shape, WAL_WRITES)));
        }
        for (Contestant contestant : contestants) {
            if (size.bloatOfAll()
                    || List.of("GENIE_POSTGRES", "BARE_JDBC_POSTGRES").contains(contestant.name())) {
                steps.add(
                        new Step("sizes of " + contestant, () -> Bloat.of(contestant, Measures.SMALL, size.updates())));
            }
        }
        return steps;
    }

    private String take(Step step) {
        try {
            figures.addAll(step.count().get());
            return "done";
        } catch (IOException | RuntimeException e) {
            failures.add(step.name() + ": " + e.getMessage());
            return "failed";
        } finally {
            file.write(new Results(environment, settings, List.of(), figures, failures));
        }
    }

    private record Step(String name, Count count) {}

    private interface Count {
        List<Figure> get() throws IOException;
    }
}
