package io.geniesession.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * A row of the session table as it is read: by position, first {@link #COLUMNS} columns, then the slots. Times are
 * milliseconds.
 *
 * <p>The arrays are not copied; nobody changes them.
 */
@SuppressWarnings("ArrayRecordComponent") // carries bytes from one method to the next, is never compared
record SessionRow(
        UUID key,
        byte[] digest,
        long version,
        long createdAt,
        long lastAccessed,
        long maxIdle,
        long touchEvery,
        long lifetimeEnd,
        Segments segments) {

    /** How many columns {@link #read} takes without the slots; what follows is up to the statement. */
    static final int COLUMNS = 10;

    static SessionRow read(ResultSet row, int slots) throws SQLException {
        return new SessionRow(
                row.getObject(1, UUID.class),
                row.getBytes(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                new Segments(row.getBytes(9), slots(row, slots), changes(row.getBytes(10))));
    }

    private static byte[][] slots(ResultSet row, int count) throws SQLException {
        if (count == 0) {
            return Segments.NO_SLOTS;
        }
        byte[][] slots = new byte[count][];
        for (int i = 0; i < count; i++) {
            byte[] slot = row.getBytes(COLUMNS + 1 + i);
            slots[i] = slot == null ? Segments.NONE : slot;
        }
        return slots;
    }

    private static List<byte[]> changes(byte[] changes) {
        return changes.length == 0 ? List.of() : List.of(changes);
    }

    /** Returns when the session expires, as the database has it. */
    long expiresAt() {
        return maxIdle == 0 ? lifetimeEnd : Math.min(lifetimeEnd, lastAccessed + maxIdle + touchEvery);
    }

    long size() {
        return segments.size();
    }
}
