package io.geniesession.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Lends connections that do nothing, if the test lets it. */
abstract class IdleSource implements ConnectionSource {

    /** Counts, waits or fails before a connection is lent. */
    abstract void lending() throws SQLException;

    @Override
    public final Connection borrow() throws SQLException {
        lending();
        PreparedStatement statement = CountingDataSource.proxy(
                PreparedStatement.class, (self, method, arguments) -> method.getReturnType() == int.class ? 1 : null);
        return CountingDataSource.proxy(Connection.class, (self, method, arguments) -> statement);
    }

    @Override
    public void giveBack(Connection connection) {}

    @Override
    public final DataSource dataSource() {
        throw new UnsupportedOperationException("Nothing is migrated here");
    }

    @Override
    public final int statementTimeout() {
        return 0;
    }

    @Override
    public final String place() {
        return "The database of the test";
    }

    @Override
    public final void close() {}
}
