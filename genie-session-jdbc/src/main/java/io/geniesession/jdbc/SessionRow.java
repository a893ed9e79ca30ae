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
        return new SessionRow(
                row.getObject(1, UUID.class),
                row.getBytes(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getBytes(9),
                row.getBytes(10));
    }

    /** Reads a row without the digest, by which it was found. */
    static SessionRow read(ResultSet row, byte[] digest) throws SQLException {
        return new SessionRow(
                row.getObject(1, UUID.class),
                digest,
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getBytes(8),
                row.getBytes(9));
    }

    /** Returns when the session expires, as the generated column has it. */
    long expiresAt() {
        return maxIdle == 0 ? lifetimeEnd : Math.min(lifetimeEnd, lastAccessed + maxIdle + touchEvery);
    }

    long size() {
        return (long) snapshot.length + changes.length;
    }
}
