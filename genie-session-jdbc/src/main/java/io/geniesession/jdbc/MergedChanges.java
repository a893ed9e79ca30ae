package io.geniesession.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Changes for one statement, in which a session may occur only once: several changes of the same session become one, their
 * entries one after another in the order in which they came.
 *
 * <p>Where one of them may rewrite, it comes first and the others are appended to what it leaves: a session of which every
 * statement has several changes does not grow for ever.
 *
 * <p>They are then judged at the latest of their accesses. Where that is too late for one, the statement leaves out all of
 * them, and each is judged by itself afterwards.
 *
 * <p>Used by one thread.
 */
final class MergedChanges {

    private final List<RowChange> changes;
    private final Map<UUID, List<RowChange>> sessions = new LinkedHashMap<>();

    MergedChanges(List<RowChange> changes) {
        this.changes = changes;
        for (RowChange change : changes) {
            sessions.computeIfAbsent(change.key(), key -> new ArrayList<>(1)).add(change);
        }
        sessions.values().forEach(MergedChanges::putRewriteFirst);
    }

    /** Of those that may rewrite, the one with the latest view is the most likely to. */
    private static void putRewriteFirst(List<RowChange> merged) {
        RowChange best = merged.get(0);
        for (RowChange change : merged) {
            if (base(change) > base(best)) {
                best = change;
            }
        }
        if (best != merged.get(0)) {
            merged.remove(best);
            merged.add(0, best);
        }
    }

    private static long base(RowChange change) {
        Rewrite rewrite = change.rewrite();
        return rewrite == null ? Long.MIN_VALUE : rewrite.base();
    }

    /** Binds a list for each column, a session at each position. */
    void bind(Parameters p) throws SQLException {
        int count = sessions.size();
        UUID[] keys = new UUID[count];
        Long[] persists = new Long[count];
        Long[] accesses = new Long[count];
        byte[][] entries = new byte[count][];
        Long[] bases = new Long[count];
        byte[][] snapshots = new byte[count][];
        Integer[] slots = new Integer[count];
        byte[][] contents = new byte[count][];
        Integer[] cleared = new Integer[count];
        byte[][] appended = new byte[count][];
        int at = 0;
        for (List<RowChange> merged : sessions.values()) {
            RowChange first = merged.get(0);
            keys[at] = first.key();
            persists[at] = (long) merged.size();
            accesses[at] = latest(merged);
            entries[at] = entries(merged);
            slots[at] = 0;
            cleared[at] = 0;
            Rewrite rewrite = first.rewrite();
            if (rewrite != null) {
                bases[at] = rewrite.base();
                snapshots[at] = rewrite.snapshot();
                slots[at] = rewrite.slot();
                contents[at] = rewrite.content();
                cleared[at] = rewrite.cleared();
                appended[at] = entries(merged.subList(1, merged.size()));
                // What the database has anyway is not sent twice.
                entries[at] = entries[at] == rewrite.content() ? null : entries[at];
            }
            at++;
        }
        p.array("uuid", keys).array("int8", persists).array("int8", accesses).array("bytea", entries);
        p.array("int8", bases).array("bytea", snapshots).array("int4", slots).array("bytea", contents);
        p.array("int4", cleared).array("bytea", appended).array("uuid", keys);
    }

    private static byte[] entries(List<RowChange> merged) {
        if (merged.size() == 1) {
            return merged.get(0).delta();
        }
        int length = 0;
        for (RowChange change : merged) {
            length += change.delta().length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (RowChange change : merged) {
            System.arraycopy(change.delta(), 0, all, at, change.delta().length);
            at += change.delta().length;
        }
        return all;
    }

    private static long latest(List<RowChange> merged) {
        long latest = Long.MIN_VALUE;
        for (RowChange change : merged) {
            latest = Math.max(latest, change.accessed());
        }
        return latest;
    }

    /**
     * Returns what came of each change, as if they had been stored one by one: the last has the version that the row has now,
     * those before it count down from there.
     *
     * @param rows the rows as they are now, by key
     */
    List<@Nullable RowOutcome> outcomes(Map<UUID, RowOutcome.Stored> rows) {
        List<@Nullable RowOutcome> outcomes = new ArrayList<>(changes.size());
        for (RowChange change : changes) {
            RowOutcome.Stored row = rows.get(change.key());
            List<RowChange> merged = sessions.getOrDefault(change.key(), List.of());
            int later = merged.size() - 1 - merged.indexOf(change);
            outcomes.add(row == null || merged.size() > 1 ? earlier(row, later) : row.after(change));
        }
        return outcomes;
    }

    private static @Nullable RowOutcome earlier(RowOutcome.@Nullable Stored row, int versions) {
        return row == null ? null : row.earlier(versions);
    }
}
