package io.geniesession.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A {@code DataSource} of a few lines, as an application may have one. */
final class SimpleDataSource {

    private final Connector connector;

    SimpleDataSource(Connector connector) {
        this.connector = connector;
    }

    /** Opens connections. */
    @FunctionalInterface
    interface Connector {
        Connection connect() throws SQLException;
    }

    DataSource dataSource() {
        return CountingDataSource.proxy(DataSource.class, (self, method, arguments) -> {
            if (method.getName().equals("getConnection")) {
                return connector.connect();
            }
            throw new UnsupportedOperationException(method.getName());
        });
    }
}
