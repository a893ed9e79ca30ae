package io.geniesession.jdbc;

import io.geniesession.spi.SessionLog;
import org.jspecify.annotations.Nullable;

/**
 * Finds the slot for a change: the one that has older entries of the same names, a free one, or the shortest. What else still
 * counts in that slot, in others that the change concerns, and in the row's changes comes along, so that each name stays
 * in one slot at most and the changes become empty.
 *
 * <p>Used by one thread.
 */
final class SlotChoice {

    private final Segments stored;
    private final SessionLog log;
    private final byte[] change;

    /** How much still counts after the change, of the snapshot, each slot and each part of the changes. */
    private final long[] live;

    private final int target;

    /**
     * @param stored what the row has
     * @param log what was read from it, with the change at the end
     */
    SlotChoice(Segments stored, SessionLog log, byte[] change) {
        this.stored = stored;
        this.log = log;
        this.change = change;
        this.live = log.lengthsIn(stored.all());
        this.target = target();
    }

    private int target() {
        int best = 0;
        for (int i = 1; i < stored.slots().length; i++) {
            if (isBetter(i, best)) {
                best = i;
            }
        }
        return best;
    }

    private boolean isBetter(int one, int other) {
        if (isConcerned(one) != isConcerned(other)) {
            return isConcerned(one);
        }
        return !isConcerned(one) && stored.slots()[one].length < stored.slots()[other].length;
    }

    /** Tells whether a slot has entries that the change overrides. */
    private boolean isConcerned(int slot) {
        return live(slot) < stored.slots()[slot].length;
    }

    private long live(int slot) {
        return live[1 + slot];
    }

    /** Returns how much is written. */
    long length() {
        long length = change.length;
        for (int i = 0; i < stored.slots().length; i++) {
            if (i == target || isConcerned(i)) {
                length += live(i);
            }
        }
        for (int i = 1 + stored.slots().length; i < live.length; i++) {
            length += live[i];
        }
        return length;
    }

    /** Returns what is written to a row of this version. */
    Rewrite rewrite(long version) {
        int cleared = 0;
        for (int i = 0; i < stored.slots().length; i++) {
            if (i != target && isConcerned(i)) {
                cleared |= 1 << i;
            }
        }
        return new Rewrite(version, snapshot(), target + 1, content(), cleared);
    }

    private byte[] content() {
        byte[] content = new byte[Math.toIntExact(length())];
        int at = 0;
        for (int i = 0; i < stored.slots().length; i++) {
            if (i == target || isConcerned(i)) {
                at = copy(log.entriesIn(stored.slots()[i]), content, at);
            }
        }
        for (byte[] part : stored.changes()) {
            at = copy(log.entriesIn(part), content, at);
        }
        if (at == 0) {
            return change;
        }
        copy(change, content, at);
        return content;
    }

    private static int copy(byte[] source, byte[] target, int position) {
        System.arraycopy(source, 0, target, position, source.length);
        return position + source.length;
    }

    /** Returns a snapshot without what is overridden, if that is as much as what remains. */
    private byte @Nullable [] snapshot() {
        long overridden = stored.snapshot().length - live[0];
        return overridden >= Math.max(live[0], Compaction.LEAST) ? log.entriesIn(stored.snapshot()) : null;
    }
}
