package io.geniesession.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws numbers of which the first comes most often and the n-th an n-th as often, as visits spread over sessions: some visitors
 * click all the time, most hardly ever. Belongs to one thread.
 */
final class Zipf {
    private final double[] sums;

    /** Prepares to draw from 0 to {@code count - 1}. */
    Zipf(int count) {
        sums = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += 1.0 / (i + 1);
            sums[i] = sum;
        }
    }

    int draw(SplittableRandom random) {
        int found = Arrays.binarySearch(sums, random.nextDouble() * sums[sums.length - 1]);
        return Math.min(found >= 0 ? found : -found - 1, sums.length - 1);
    }
}
