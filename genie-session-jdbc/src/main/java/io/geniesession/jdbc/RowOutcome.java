package io.geniesession.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

/** What came of a {@link RowChange}. */
sealed interface RowOutcome {

    /** The row as it is now, beside what the change itself put there. Times are milliseconds. */
    record Stored(long version, long lastAccessed, long maxIdle, long touchEvery, long lifetimeEnd)
            implements RowOutcome {

        static Stored read(ResultSet row) throws SQLException {
            return new Stored(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
        }
    }

    /** Nothing changed; {@code exists} tells whether there is a session that the request may change. */
    record Refused(boolean exists) implements RowOutcome {}
}
