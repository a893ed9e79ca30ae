package io.geniesession.benchmarks.report;

import java.util.Optional;

/**
 * A figure that has to be reached, and what was reached. Immutable.
 *
 * @param work what is done
 * @param against what it is compared with
 * @param bound on which side of the limit the figure has to be
 * @param limit the limit; it is within
 * @param unit what stands behind the number
 * @param reached the figure, or empty if it was not measured
 */
record Target(String work, String against, Bound bound, double limit, String unit, Optional<Sample> reached) {
    /** The side of the limit. */
    enum Bound {
        /** The limit or more. */
        AT_LEAST("≥ "),
        /** The limit or less. */
        AT_MOST("≤ ");

        private final String sign;

        Bound(String sign) {
            this.sign = sign;
        }
    }

    String demand() {
        return bound.sign + Sample.number(limit) + unit;
    }

    boolean isReached() {
        return reached.filter(sample -> bound == Bound.AT_LEAST ? sample.median() >= limit : sample.median() <= limit)
                .isPresent();
    }
}
