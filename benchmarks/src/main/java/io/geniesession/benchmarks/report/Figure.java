package io.geniesession.benchmarks.report;

/**
 * A number that was counted, or measured outside JMH. Immutable.
 *
 * @param measure what was counted, with its unit where it has one
 * @param contestant whose number it is
 * @param setting the shape, the number of sessions or what else distinguishes it
 * @param round the round, from 1
 * @param value the number
 */
record Figure(String measure, String contestant, String setting, int round, double value) {
    Key key() {
        return new Key(measure, contestant, setting);
    }

    /**
     * What is counted once in every round. Immutable.
     *
     * @param measure what is counted, with its unit where it has one
     * @param contestant whose number it is
     * @param setting the shape, the number of sessions or what else distinguishes it
     */
    record Key(String measure, String contestant, String setting) {
        Figure of(int round, double value) {
            return new Figure(measure, contestant, setting, round, value);
        }
    }
}
