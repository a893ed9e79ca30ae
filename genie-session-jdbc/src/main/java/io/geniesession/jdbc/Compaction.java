package io.geniesession.jdbc;

/**
 * When a log has become long enough to be rewritten. Appending {@code d} bytes at a time to a log that is rewritten at length
 * {@code L} costs, per change, some {@code L/2} for the log that every load and every new row version carries and
 * {@code S·d/L} for rewriting a snapshot of {@code S} bytes once in {@code L/d} changes; the sum is smallest at
 * {@code L = √(2·S·d)}. The size of the change at hand stands for the mean; it counts as no less than some typical change, or a
 * small one after large ones would rewrite too early.
 */
final class Compaction {

    /** Below this, rewriting saves less than the row's own overhead; a usual row stays so short that nothing of it is moved out. */
    static final int LEAST = 600;

    /** Above this, every append copies too much. */
    static final int MOST = 64 * 1024;

    private static final long TYPICAL_CHANGE = 100;

    private Compaction() {}

    /** Tells whether a log of this length is rewritten instead of becoming longer by this change. */
    static boolean isDue(long snapshot, long log, long change) {
        return log + change > bound(snapshot, change);
    }

    static long bound(long snapshot, long change) {
        long best = (long) Math.sqrt(2.0 * snapshot * Math.max(change, TYPICAL_CHANGE));
        return Math.max(LEAST, Math.min(MOST, best));
    }
}
