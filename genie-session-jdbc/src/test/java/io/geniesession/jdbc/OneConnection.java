package io.geniesession.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A {@code DataSource} with one connection, which the test can look at. */
record OneConnection(Connection connection) implements AutoCloseable {

    DataSource dataSource() {
        Connection lent = CountingDataSource.proxy(
                Connection.class,
                (self, method, arguments) -> method.getName().equals("close")
                        ? null
                        : CountingDataSource.invoke(connection, method, arguments));
        return new SimpleDataSource(() -> lent).dataSource();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
