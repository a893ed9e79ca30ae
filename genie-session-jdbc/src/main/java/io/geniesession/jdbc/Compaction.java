package io.geniesession.jdbc;

import io.geniesession.spi.SessionLog;
import org.jspecify.annotations.Nullable;

/**
 * Decides where in a row a change goes.
 *
 * <p>Into a slot, if the row has slots and not too much is written with it: whoever changes the same attributes again writes
 * those anew and nothing else. Otherwise to the end of the changes, until they are so long that all there is becomes one
 * snapshot.
 *
 * <p>How long is that? Appending {@code d} bytes at a time to changes that are folded in at length {@code L} costs, per change,
 * some {@code L/2} for what every load and every new row version carries and {@code S·d/L} for rewriting {@code S} bytes once in
 * {@code L/d} changes; the sum is smallest at {@code L = √(2·S·d)}, and is {@code L} then. So a slot may be as long as that too.
 * The size of the change at hand stands for the mean; it counts as no less than some typical change, or a small one after large
 * ones would rewrite too early.
 */
final class Compaction {

    /** Below this, rewriting saves less than the row's own overhead. */
    static final int LEAST = 400;

    /** Above this, every append copies too much. */
    static final int MOST = 64 * 1024;

    private static final long TYPICAL_CHANGE = 100;

    private Compaction() {}

    /**
     * Returns what a change replaces; null: it is appended.
     *
     * @param version the version of the row
     * @param stored what the row has
     * @param log what was read from it, with the change at the end
     */
    static @Nullable Rewrite plan(long version, Segments stored, SessionLog log, byte[] change) {
        if (change.length == 0) {
            return null;
        }
        long bound = bound(stored.size() - stored.changesSize(), change.length);
        if (stored.slots().length > 0) {
            SlotChoice choice = new SlotChoice(stored, log, change);
            if (choice.length() <= bound) {
                return choice.rewrite(version);
            }
        }
        return stored.changesSize() + change.length <= bound ? null : Rewrite.ofAll(version, log.compact());
    }

    static long bound(long snapshot, long change) {
        long best = (long) Math.sqrt(2.0 * snapshot * Math.max(change, TYPICAL_CHANGE));
        return Math.max(LEAST, Math.min(MOST, best));
    }
}
