package io.geniesession.benchmarks.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/**
 * One value per round, summed up by its median, which one disturbed round does not move. Immutable.
 *
 * @param median the middle of the values
 * @param lowest the smallest
 * @param highest the largest
 * @param rounds how many there are
 */
record Sample(double median, double lowest, double highest, int rounds) {
    /** Sums up at least one value. */
    static Sample of(Collection<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("No value to sum up");
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Sample(middle(sorted), sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    private static double middle(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[half]
                : Arrays.stream(sorted, half - 1, half + 1).average().orElseThrow();
    }

    /** The median with the range behind it, if there is one. */
    String text() {
        return rounds == 1 || lowest == highest
                ? number(median)
                : number(median) + " (" + number(lowest) + " – " + number(highest) + ")";
    }

    /** Three digits that say something, without an exponent. */
    static String number(double value) {
        double size = Math.abs(value);
        if (size >= 1_000) {
            return String.format(Locale.ROOT, "%,.0f", value).replace(',', '\u202f');
        }
        String pattern = size >= 100 || value == Math.rint(value) ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, pattern, value);
    }
}
