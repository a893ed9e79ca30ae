package io.geniesession.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one run found, as it lies in a file. Immutable.
 *
 * @param environment where it ran
 * @param settings how it ran
 * @param timings what JMH measured
 * @param figures what was counted
 * @param failures what did not run, and why
 */
record Results(
        Map<String, String> environment,
        Map<String, String> settings,
        List<Timing> timings,
        List<Figure> figures,
        List<String> failures) {

    static final Results EMPTY = new Results(Map.of(), Map.of(), List.of(), List.of(), List.of());

    Results {
        environment = new TreeMap<>(environment);
        settings = new TreeMap<>(settings);
        timings = List.copyOf(timings);
        figures = List.copyOf(figures);
        failures = List.copyOf(failures);
    }

    /** Everything of both; the first one's word counts where they describe the same. */
    Results and(Results other) {
        Map<String, String> bothEnvironments = new TreeMap<>(other.environment);
        bothEnvironments.putAll(environment);
        Map<String, String> bothSettings = new TreeMap<>(other.settings);
        bothSettings.putAll(settings);
        return new Results(
                bothEnvironments,
                bothSettings,
                joined(timings, other.timings),
                joined(figures, other.figures),
                joined(failures, other.failures));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
