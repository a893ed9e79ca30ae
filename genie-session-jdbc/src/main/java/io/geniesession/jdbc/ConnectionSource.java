package io.geniesession.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Where connections come from: a pool of our own, or the application's {@code DataSource}. Safe for use by several threads. */
interface ConnectionSource extends AutoCloseable {

    /** Returns a connection that commits each statement by itself, at READ COMMITTED. */
    Connection borrow() throws SQLException;

    /** Hears that the database has rolled a statement back by itself, before the connection is given back. Never throws. */
    default void rolledBack(Connection connection) {}

    /** Takes a connection back in the state in which it was lent. Never throws: what was done with it is done. */
    void giveBack(Connection connection);

    /** Returns the same database for the migration, which sets up its connections itself and uses several at a time. */
    DataSource dataSource();

    /** Says that the migration has given all of its connections back. */
    default void migrated() {}

    /** Tells for how long, in seconds, each statement is told to run at most; zero if the connections know by themselves. */
    int statementTimeout();

    /** Names the place of the database for messages, without a password. */
    String place();

    @Override
    void close();
}
