package io.geniesession.benchmarks;

/** How the request of {@link FilterBenchmark} passes. */
public enum Passage {
    /** Without the filter: the floor. */
    NO_FILTER,
    /** Through the filter, to an application that does not ask for the session. */
    FILTER_UNTOUCHED,
    /** Without the filter and without servlets: what the session costs that the next one reads. */
    ADAPTER,
    /** Through the filter, to an application that reads one attribute of the session. */
    FILTER_READING
}
