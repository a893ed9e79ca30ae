package io.geniesession.jdbc;

/**
 * When the changes have become long enough to be folded into a new snapshot. Adding {@code d} bytes at a time to changes that are
 * folded at length {@code L} costs, per change, some {@code L/2} for what every load and every new row version carries and
 * {@code S·d/L} for rewriting a snapshot of {@code S} bytes once in {@code L/d} changes; the sum is smallest at
 * {@code L = √(2·S·d)}. The size of the change at hand stands for the mean; it counts as no less than some typical change, or a
 * small one after large ones would rewrite too early.
 */
final class Compaction {

    /** With ten attributes of 100 bytes a row then stays under the 2 kB beyond which PostgreSQL stores columns outside of it. */
    static final int LEAST = 600;

    /** Above this, every change copies too much. */
    static final int MOST = 64 * 1024;

    private static final long TYPICAL_CHANGE = 100;

    private Compaction() {}

    /** Tells whether changes of this length are folded into a snapshot instead of becoming longer by this one. */
    static boolean isDue(long snapshot, long changes, long change) {
        return changes + change > bound(snapshot, change);
    }

    static long bound(long snapshot, long change) {
        long best = (long) Math.sqrt(2.0 * snapshot * Math.max(change, TYPICAL_CHANGE));
        return Math.max(LEAST, Math.min(MOST, best));
    }
}
