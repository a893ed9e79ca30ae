package io.geniesession.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * A row of the session table as it is read: by position, in the order of {@link #COLUMNS}. Times are milliseconds.
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
        byte[] snapshot,
        byte[] changes) {

    /** How many columns {@link #read} takes; what follows is up to the statement. */
    static final int COLUMNS = 10;

    static SessionRow read(ResultSet row) throws SQLException {
        return read(row, row.getBytes(2), 3);
    }

    /** Reads a row without the digest, by which it was found. */
    static SessionRow read(ResultSet row, byte[] digest) throws SQLException {
        return read(row, digest, 2);
    }

    private static SessionRow read(ResultSet row, byte[] digest, int rest) throws SQLException {
        return new SessionRow(
                row.getObject(1, UUID.class),
                digest,
                row.getLong(rest),
                row.getLong(rest + 1),
                row.getLong(rest + 2),
                row.getLong(rest + 3),
                row.getLong(rest + 4),
                row.getLong(rest + 5),
                row.getBytes(rest + 6),
                row.getBytes(rest + 7));
    }

    /** Returns when the session expires, as the column {@code expires_at} has it. */
    long expiresAt() {
        return maxIdle == 0 ? lifetimeEnd : Math.min(lifetimeEnd, lastAccessed + maxIdle + touchEvery);
    }

    long size() {
        return (long) snapshot.length + changes.length;
    }
}
