package io.geniesession.jdbc;

import io.geniesession.SessionStoreException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What SQLSTATEs mean to us. Messages of drivers are never passed on: they quote row data.
 *
 * <p>PostgreSQL: appendix A of its manual; H2: {@code org.h2.api.ErrorCode}, whose states are mostly its own numbers.
 */
final class SqlErrors {

    static final String NO_CONNECTION = "08003";
    static final String FOREIGN_TRANSACTION = "25001";
    static final String READ_ONLY = "25006";
    private static final String TOO_MANY_CONNECTIONS = "53300";

    /** PostgreSQL: a prepared statement is not there, or there is one of that name. The driver makes no such mistake by itself. */
    private static final Set<String> MIXED_UP = Set.of("26000", "42P05");

    /** Serialization failure, deadlock, and H2's "concurrent update": the database has undone the statement. */
    private static final Set<String> ROLLED_BACK = Set.of("40001", "40P01", "90131");

    /** H2: the connection to a server is broken. */
    private static final String H2_LOST = "90067";

    /** H2: connection broken, file closed or broken under it, database closed; seen by whoever is in the middle of a statement. */
    private static final Set<String> H2_BROKEN = Set.of("90028", "90031", H2_LOST, "90098", "90121", "HY000");

    private SqlErrors() {}

    /** Tells whether the database has undone the statement, so that it can be sent again. */
    static boolean isRolledBack(SQLException e) {
        return ROLLED_BACK.contains(state(e));
    }

    /** Tells whether the connection was at fault, not the statement. */
    static boolean isConnectionFault(SQLException e) {
        String state = state(e);
        return state.isEmpty()
                || state.startsWith("08")
                || state.startsWith("57P")
                || isH2Broken(e)
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLRecoverableException
                || hasCause(e, IOException.class);
    }

    /**
     * Tells whether a statement that was sent may have taken effect although it failed. Every failure that the database itself
     * reports undoes the statement; what is left are lost connections. "Terminated by an administrator" (57P01) is among them:
     * with synchronous replication it may follow a local commit.
     */
    static boolean isOutcomeUnknown(SQLException e) {
        return isConnectionFault(e);
    }

    /**
     * Tells, from the state alone, whether the database has refused the statement because of what was in it: sent in parts it
     * may pass. A timeout is no such thing.
     */
    static boolean isRefusal(String state) {
        return !state.isEmpty()
                && !state.startsWith("08")
                && !state.startsWith("57")
                && !state.equals(FOREIGN_TRANSACTION)
                && !H2_BROKEN.contains(state)
                && !ROLLED_BACK.contains(state);
    }

    /** Tells whether the database said nothing for as long as a connection may be silent. */
    static boolean isSilence(SQLException e) {
        return hasCause(e, SocketTimeoutException.class);
    }

    /** H2: tells whether the database was closed under its connections, or its file cannot be read or written. */
    static boolean isH2Broken(SQLException e) {
        return H2_BROKEN.contains(state(e));
    }

    static boolean isForeignTransaction(SQLException e) {
        return state(e).equals(FOREIGN_TRANSACTION);
    }

    /** Tells whether the database takes no changes: a standby, or a server that is being switched over. */
    static boolean isReadOnly(SQLException e) {
        return state(e).equals(READ_ONLY);
    }

    /** Tells whether the server, or what it allows a role or a database, has no connection left. */
    static boolean isFull(SQLException e) {
        return state(e).equals(TOO_MANY_CONNECTIONS);
    }

    /** Says that the server is full, and what to do about it. */
    static String full(String place) {
        return place + " has no connections left (SQLSTATE " + TOO_MANY_CONNECTIONS
                + "). Raise max_connections of the server, or the limit of the role or the database, or lower "
                + JdbcSettings.POOL_SIZE.name() + " on the nodes.";
    }

    /** Tells whether somebody else prepared statements on the connection to the server, which a pooler then has handed over. */
    static boolean isMixedUp(SQLException e) {
        return MIXED_UP.contains(state(e));
    }

    /** Says that prepared statements are mixed up, and what to do about it. */
    static String mixedUp(SQLException e, String place) {
        return place + " mixes up prepared statements (SQLSTATE " + state(e)
                + "), as PgBouncer does with pool_mode=transaction. Add prepareThreshold=0 to "
                + JdbcSettings.URL.name() + "; docs/schema.md has what poolers need.";
    }

    private static boolean hasCause(SQLException e, Class<? extends Exception> type) {
        Throwable cause = e.getCause();
        for (int depth = 0; cause != null && depth < 16; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    static boolean isDuplicate(SQLException e) {
        return state(e).equals("23505");
    }

    static boolean isMissingRight(@Nullable SQLException e) {
        return e != null && (state(e).equals("42501") || state(e).equals("90096"));
    }

    /** Tells whether a table, a schema or a column is not there. */
    static boolean isMissingTable(SQLException e) {
        String state = state(e);
        return Set.of("42P01", "3F000", "42703", "42S02", "42S03", "42S04", "42S22", "90079")
                .contains(state);
    }

    /** Returns the exception of a driver that a library has wrapped, or null if there is none. */
    static @Nullable SQLException find(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            if (cause instanceof SQLException sql && !state(sql).isEmpty()) {
                return sql;
            }
            cause = cause.getCause();
        }
        return null;
    }

    static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }

    /** Says what happened and what to do about it: one or two sentences. */
    static String explain(SQLException e, String place) {
        String state = state(e);
        String code = state.isEmpty() ? "" : " (SQLSTATE " + state + ")";
        if (isForeignTransaction(e)) {
            return ForeignDataSource.REFUSAL;
        }
        if (isReadOnly(e)) {
            return place + " takes no changes" + code + ": it is a standby, or is being switched over. See"
                    + " \"failover\" in docs/troubleshooting.md.";
        }
        if (isMissingRight(e)) {
            return "the role lacks a right" + code + "; docs/schema.md lists the GRANT statements.";
        }
        if (isMissingTable(e)) {
            return "the tables are not as they were at start-up" + code + "; see docs/schema.md.";
        }
        if (state.equals("57014")) {
            return "it took longer than " + JdbcSettings.STATEMENT_TIMEOUT.name() + " allows" + code + ".";
        }
        if (state.equals("HYT00") || state.equals("55P03")) {
            return "it waited too long for somebody else's lock" + code + ".";
        }
        if (isRolledBack(e)) {
            return "it ran into others several times" + code + ".";
        }
        if (isFull(e)) {
            return full(place);
        }
        if (isMixedUp(e)) {
            return mixedUp(e, place);
        }
        if (state.startsWith("53") || state.equals("90100")) {
            return place + " has run out of a resource" + code + "; look at its log.";
        }
        if (isH2Broken(e) && !state.equals(H2_LOST)) {
            return place + " was closed, or its file could not be read or written" + code
                    + "; is its disk full? It is opened again as soon as that is possible.";
        }
        if (isConnectionFault(e)) {
            return place + " did not answer" + code + ", or no connection was free within "
                    + JdbcSettings.POOL_TIMEOUT.name() + ".";
        }
        return place + " refused" + code + "; its log tells more.";
    }

    /** Returns the same failure with an own stack trace and another answer to whether something may have happened. */
    static SessionStoreException copy(SessionStoreException original, boolean unknown) {
        return new SessionStoreException(
                String.valueOf(original.getMessage()), original.code().orElse(null), unknown, original.getCause());
    }
}
