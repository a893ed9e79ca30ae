package io.geniesession.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

/** What came of a {@link RowChange}. */
sealed interface RowOutcome {

    /**
     * The row as it is now, beside what the change itself put there. Times are milliseconds.
     *
     * @param rewritten whether what the change wanted to replace has been replaced
     */
    record Stored(long version, long lastAccessed, long maxIdle, long touchEvery, long lifetimeEnd, boolean rewritten)
            implements RowOutcome {

        /** Reads what became of one change. */
        static Stored read(ResultSet row, RowChange change) throws SQLException {
            return read(row, 1).after(change);
        }

        /** Reads columns from this one on. */
        static Stored read(ResultSet row, int first) throws SQLException {
            return new Stored(
                    row.getLong(first),
                    row.getLong(first + 1),
                    row.getLong(first + 2),
                    row.getLong(first + 3),
                    row.getLong(first + 4),
                    false);
        }

        /** Returns the row as the change that came to it alone has left it. */
        Stored after(RowChange change) {
            Rewrite rewrite = change.rewrite();
            return rewrite != null && version == rewrite.base() + 1
                    ? new Stored(version, lastAccessed, maxIdle, touchEvery, lifetimeEnd, true)
                    : this;
        }

        /** Returns the row as it was some versions before. */
        Stored earlier(int versions) {
            return new Stored(version - versions, lastAccessed, maxIdle, touchEvery, lifetimeEnd, false);
        }
    }

    /** Nothing changed; {@code exists} tells whether there is a session that the request may change. */
    record Refused(boolean exists) implements RowOutcome {}
}
