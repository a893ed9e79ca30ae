package io.geniesession.benchmarks.report;

/** Names under which figures are stored; readers see them as they are. */
final class Measures {
    static final String READ = "read request";
    static final String WRITE = "write request";
    static final String LOGIN = "login";
    static final String CREATE = "create";

    static final String ROUND_TRIPS = "round trips, ";
    static final String STATEMENTS = "statements, ";
    static final String WRITING_TRANSACTIONS = "writing transactions, ";

    static final String WAL = "WAL bytes per write request, without page images";
    static final String WAL_WITH_IMAGES = "WAL bytes per write request, after a checkpoint";
    static final String HOT = "HOT updates, %";
    static final String BYTES_BEFORE = "table and index bytes, before the updates";
    static final String BYTES_AFTER = "table and index bytes, after the updates";
    static final String UPDATES = "updates";

    static final String LOAD_MICROS = "read request, microseconds";
    static final String PERSIST_MICROS = "write request, microseconds";
    static final String SWEEP_RATE = "sessions swept per second";
    static final String P99_ALONE = "p99 of reads without a sweep, microseconds";
    static final String P99_SWEEPING = "p99 of reads during a sweep, microseconds";
    static final String HEAP = "heap bytes per session";

    /** The floor that has no name among the contestants, because nobody would use it: it exists to be counted. */
    static final String ROW_PER_ATTRIBUTE = "ROW_PER_ATTRIBUTE";

    static final String SMALL = "10x100";
    static final String LARGE = "100x1000";

    private Measures() {}

    /** How a number of sessions is written as a setting. */
    static String sessions(long count) {
        return count + " sessions";
    }
}
