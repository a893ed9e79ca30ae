package io.geniesession.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The statements of one step, on one connection. Used by one thread. */
final class SqlCall {

    private final Connection connection;
    private final int timeout;
    private boolean sent;

    SqlCall(Connection connection, int timeout) {
        this.connection = connection;
        this.timeout = timeout;
    }

    /** Sets parameters. */
    @FunctionalInterface
    interface Binder {
        void bind(Parameters parameters) throws SQLException;
    }

    /** Reads the present row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Does something that commits as a whole or not at all. */
    @FunctionalInterface
    interface Transaction<T> {
        T run() throws SQLException;
    }

    /** Tells whether a statement may have reached the database. */
    boolean sent() {
        return sent;
    }

    /** Returns all rows. */
    <T> List<T> list(String statement, Binder binder, RowReader<T> reader) throws SQLException {
        try (PreparedStatement prepared = prepare(statement, binder);
                ResultSet rows = prepared.executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        }
    }

    /** Returns the only row. */
    <T> Optional<T> first(String statement, Binder binder, RowReader<T> reader) throws SQLException {
        try (PreparedStatement prepared = prepare(statement, binder);
                ResultSet rows = prepared.executeQuery()) {
            if (!rows.next()) {
                return Optional.empty();
            }
            T first = reader.read(rows);
            if (rows.next()) {
                throw new SQLException("A statement about one session found several rows", "21000");
            }
            return Optional.of(first);
        }
    }

    /** Returns how many rows changed. */
    int update(String statement, Binder binder) throws SQLException {
        try (PreparedStatement prepared = prepare(statement, binder)) {
            return prepared.executeUpdate();
        }
    }

    private PreparedStatement prepare(String statement, Binder binder) throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement);
        try {
            // H2 keeps the timeout with the connection, and setting it is a statement that makes it forget its plans.
            if (timeout > 0 && prepared.getQueryTimeout() != timeout) {
                prepared.setQueryTimeout(timeout);
            }
            binder.bind(new Parameters(prepared));
            // From here on nobody knows, until there is an answer.
            sent = true;
            return prepared;
        } catch (SQLException | RuntimeException e) {
            prepared.close();
            throw e;
        }
    }

    /** Runs several statements as one. Only H2 needs it, and only where more than a row of a session changes. */
    <T> T inTransaction(Transaction<T> transaction) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = transaction.run();
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            rollBack(e);
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void rollBack(Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }
}
