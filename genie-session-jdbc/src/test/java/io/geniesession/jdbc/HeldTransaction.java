package io.geniesession.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A node whose every step is part of one transaction, which the test ends: a request that was interrupted between its statement
 * and its commit.
 */
final class HeldTransaction implements AutoCloseable {

    private final Connection connection;

    HeldTransaction(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
    }

    /** Returns a {@code DataSource} of this one connection, which looks as if it committed by itself. */
    DataSource dataSource() {
        Connection lent =
                CountingDataSource.proxy(Connection.class, (self, method, arguments) -> switch (method.getName()) {
                    case "getAutoCommit" -> true;
                    case "setAutoCommit", "commit", "close" -> null;
                    default -> CountingDataSource.invoke(connection, method, arguments);
                });
        return CountingDataSource.proxy(DataSource.class, (self, method, arguments) -> lent);
    }

    void commit() throws SQLException {
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
