package io.geniesession.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

/** What came of a {@link RowChange}. */
sealed interface RowOutcome {

    /**
     * The row as it is now, beside what the change itself put there. Times are milliseconds.
     *
     * @param compacted whether the snapshot that the change brought along has replaced the log
     */
    record Stored(long version, long lastAccessed, long maxIdle, long touchEvery, long lifetimeEnd, boolean compacted)
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
            boolean compacts = change.snapshot() != null && version == change.base() + 1;
            return compacts ? new Stored(version, lastAccessed, maxIdle, touchEvery, lifetimeEnd, true) : this;
        }

        /** Returns the row as it was some versions before. */
        Stored earlier(int versions) {
            return new Stored(version - versions, lastAccessed, maxIdle, touchEvery, lifetimeEnd, false);
        }
    }

    /** Nothing changed; {@code conflict} tells whether that is for a guard, otherwise there is no session to be changed. */
    record Refused(boolean conflict) implements RowOutcome {}
}
