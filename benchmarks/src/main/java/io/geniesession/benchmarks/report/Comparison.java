package io.geniesession.benchmarks.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Answers questions about results. A ratio is formed within each round, whose measurements lie close together in time, and
 * summed up over the rounds: whatever slows the machine down for a while slows down both sides. Immutable.
 */
final class Comparison {
    private final Map<Cell, Map<Integer, Timing>> timings;
    private final Map<Figure.Key, Map<Integer, Double>> figures;

    Comparison(Results results) {
        timings = results.timings().stream()
                .collect(Collectors.groupingBy(
                        Timing::cell, Collectors.toMap(Timing::round, timing -> timing, (a, b) -> b, TreeMap::new)));
        figures = results.figures().stream()
                .collect(Collectors.groupingBy(
                        Figure::key, Collectors.toMap(Figure::round, Figure::value, (a, b) -> b, TreeMap::new)));
    }

    /** The cells that were measured, in no order. */
    Collection<Cell> cells() {
        return timings.keySet();
    }

    /** Operations per second. */
    Optional<Sample> throughput(Cell cell) {
        return sample(
                rounds(cell).values().stream().map(Timing::operationsPerSecond).toList());
    }

    /** Nanoseconds that one thread spends on an operation. */
    Optional<Sample> nanoseconds(Cell cell) {
        return sample(rounds(cell).values().stream()
                .map(timing -> nanoseconds(cell, timing))
                .toList());
    }

    /** How many nanoseconds more one thread spends on an operation of the one than of the other. */
    Optional<Sample> addedNanoseconds(Cell one, Cell other) {
        Map<Integer, Timing> bases = rounds(other);
        List<Double> added = new ArrayList<>();
        rounds(one).forEach((round, timing) -> {
            Timing base = bases.get(round);
            if (base != null) {
                added.add(nanoseconds(one, timing) - nanoseconds(other, base));
            }
        });
        return sample(added);
    }

    private static double nanoseconds(Cell cell, Timing timing) {
        return cell.threads() * 1e9 / timing.operationsPerSecond();
    }

    /** Bytes allocated by an operation. */
    Optional<Sample> allocated(Cell cell) {
        List<Double> bytes = new ArrayList<>();
        for (Timing timing : rounds(cell).values()) {
            if (timing.bytesPerOperation() != null) {
                bytes.add(timing.bytesPerOperation());
            }
        }
        return sample(bytes);
    }

    /** How many times the throughput of the one is that of the other. */
    Optional<Sample> ratio(Cell one, Cell other) {
        Map<Integer, Timing> denominators = rounds(other);
        List<Double> ratios = new ArrayList<>();
        rounds(one).forEach((round, timing) -> {
            Timing denominator = denominators.get(round);
            if (denominator != null) {
                ratios.add(timing.operationsPerSecond() / denominator.operationsPerSecond());
            }
        });
        return sample(ratios);
    }

    /** The one of these with the highest median. */
    Optional<Cell> fastest(Collection<Cell> candidates) {
        return candidates.stream()
                .filter(cell -> throughput(cell).isPresent())
                .max(Comparator.comparingDouble(
                        cell -> throughput(cell).orElseThrow().median()));
    }

    /** What was counted, in no order. */
    Collection<Figure.Key> counted() {
        return figures.keySet();
    }

    /** What was counted, over all rounds. */
    Optional<Sample> figure(Figure.Key key) {
        return sample(rounds(key).values());
    }

    /** How many times the one count is the other, round by round. */
    Optional<Sample> ratio(Figure.Key one, Figure.Key other) {
        Map<Integer, Double> denominators = rounds(other);
        List<Double> ratios = new ArrayList<>();
        rounds(one).forEach((round, value) -> {
            Double denominator = denominators.get(round);
            if (denominator != null) {
                ratios.add(value / denominator);
            }
        });
        return sample(ratios);
    }

    private Map<Integer, Double> rounds(Figure.Key key) {
        return figures.getOrDefault(key, Map.of());
    }

    private Map<Integer, Timing> rounds(Cell cell) {
        return timings.getOrDefault(cell, Map.of());
    }

    private static Optional<Sample> sample(Collection<Double> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(Sample.of(values));
    }
}
