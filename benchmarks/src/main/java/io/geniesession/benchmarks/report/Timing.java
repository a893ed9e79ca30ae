package io.geniesession.benchmarks.report;

import org.jspecify.annotations.Nullable;

/**
 * What one contestant did in one round. Immutable.
 *
 * @param question the benchmark class without its ending, such as {@code ReadRequest}
 * @param contestant the name of the contestant
 * @param shape attributes and their length, such as {@code 10x100}
 * @param threads how many worked at the same time
 * @param virtual whether they were virtual threads
 * @param round the round, from 1; ratios are formed within one
 * @param operationsPerSecond of all threads together
 * @param bytesPerOperation allocated, or null if it was not counted
 */
record Timing(
        String question,
        String contestant,
        String shape,
        int threads,
        boolean virtual,
        int round,
        double operationsPerSecond,
        @Nullable Double bytesPerOperation) {

    Cell cell() {
        return new Cell(question, contestant, shape, threads, virtual);
    }
}
