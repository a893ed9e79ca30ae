package io.geniesession.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Changes for one statement, in which a session may occur only once: several changes of the same session become one, their
 * entries one after another, those that came last first.
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
    }

    /** Binds a list for each column, a session at each position. */
    void bind(Parameters p) throws SQLException {
        int count = sessions.size();
        UUID[] keys = new UUID[count];
        byte[][] entries = new byte[count][];
        Long[] counts = new Long[count];
        Long[] accesses = new Long[count];
        byte[][] snapshots = new byte[count][];
        Long[] bases = new Long[count];
        int at = 0;
        for (Map.Entry<UUID, List<RowChange>> session : sessions.entrySet()) {
            List<RowChange> merged = session.getValue();
            keys[at] = session.getKey();
            entries[at] = entries(merged);
            counts[at] = (long) merged.size();
            accesses[at] = latest(merged);
            if (merged.size() == 1 && merged.get(0).snapshot() != null) {
                snapshots[at] = merged.get(0).snapshot();
                bases[at] = merged.get(0).base();
            }
            at++;
        }
        p.array("uuid", keys).array("bytea", entries).array("int8", counts).array("int8", accesses);
        p.array("bytea", snapshots).array("int8", bases).array("uuid", keys);
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
        int before = length;
        for (RowChange change : merged) {
            before -= change.delta().length;
            System.arraycopy(change.delta(), 0, all, before, change.delta().length);
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
        Map<UUID, Integer> counted = new HashMap<>();
        List<@Nullable RowOutcome> outcomes = new ArrayList<>(changes.size());
        for (RowChange change : changes) {
            RowOutcome.Stored row = rows.get(change.key());
            int merged = sessions.getOrDefault(change.key(), List.of()).size();
            int count = counted.merge(change.key(), 1, Integer::sum);
            outcomes.add(row == null || merged > 1 ? earlier(row, merged - count) : row.after(change));
        }
        return outcomes;
    }

    private static @Nullable RowOutcome earlier(RowOutcome.@Nullable Stored row, int versions) {
        return row == null ? null : row.earlier(versions);
    }
}
