package io.geniesession.jdbc;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The facts of a session without its attributes, as listings and sweeps read them: by position, the indexes as two arrays,
 * names and values. Times are milliseconds.
 */
@SuppressWarnings("ArrayRecordComponent") // carries bytes from one method to the next, is never compared
record FactsRow(
        UUID key,
        byte[] digest,
        long version,
        long createdAt,
        long lastAccessed,
        long maxIdle,
        long touchEvery,
        long lifetimeEnd,
        long size,
        Map<String, String> indexes) {

    /** How many columns {@link #read} takes; what follows is up to the statement. */
    static final int COLUMNS = 11;

    static FactsRow read(ResultSet row) throws SQLException {
        return new FactsRow(
                row.getObject(1, UUID.class),
                row.getBytes(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9),
                indexes(row.getArray(10), row.getArray(11)));
    }

    /**
     * Reads what a statement ended, with snapshot and changes in an array of one more column if these know better than the index
     * entries.
     */
    static FactsRow readEnded(ResultSet row) throws SQLException {
        FactsRow facts = read(row);
        Array log = row.getArray(COLUMNS + 1);
        return log == null ? facts : of(facts.withLog((byte[][]) log.getArray()));
    }

    private SessionRow withLog(byte[][] log) {
        return new SessionRow(
                key, digest, version, createdAt, lastAccessed, maxIdle, touchEvery, lifetimeEnd, log[0], log[1]);
    }

    /** Takes the facts out of a whole row. */
    static FactsRow of(SessionRow row) {
        return new FactsRow(
                row.key(),
                row.digest(),
                row.version(),
                row.createdAt(),
                row.lastAccessed(),
                row.maxIdle(),
                row.touchEvery(),
                row.lifetimeEnd(),
                row.size(),
                JdbcSessionAdapter.readable(row).indexes());
    }

    private static Map<String, String> indexes(Array names, Array values) throws SQLException {
        if (names == null || values == null) {
            return Map.of();
        }
        Object[] nameTexts = (Object[]) names.getArray();
        Object[] valueTexts = (Object[]) values.getArray();
        Map<String, String> indexes = new HashMap<>();
        for (int i = 0; i < nameTexts.length; i++) {
            indexes.put((String) nameTexts[i], (String) valueTexts[i]);
        }
        return indexes;
    }
}
