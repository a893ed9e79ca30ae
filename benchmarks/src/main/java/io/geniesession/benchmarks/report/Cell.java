package io.geniesession.benchmarks.report;

/**
 * What is measured once in every round. Immutable.
 *
 * @param question the benchmark class without its ending, such as {@code ReadRequest}
 * @param contestant the name of the contestant
 * @param shape attributes and their length, such as {@code 10x100}
 * @param threads how many work at the same time
 * @param virtual whether they are virtual threads
 */
record Cell(String question, String contestant, String shape, int threads, boolean virtual) {
    /** The same work done by another. */
    Cell by(String other) {
        return new Cell(question, other, shape, threads, virtual);
    }

    @Override
    public String toString() {
        return question + " " + contestant + " " + shape + " " + threads + (virtual ? " virtual" : "") + " thread"
                + (threads == 1 ? "" : "s");
    }
}
