package io.geniesession.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import javax.sql.DataSource;

/**
 * The application's own {@code DataSource}. Each connection is brought to READ COMMITTED while we have it, and given back as it
 * came. One that comes with auto-commit off belongs to somebody's transaction: our statements would become part of that and
 * vanish with its rollback, so it is refused.
 *
 * <p>PostgreSQL's driver knows an isolation level only by asking the server, which would double the round trips of a request. So
 * a connection that was found at READ COMMITTED is not asked again: pools hand out connections as they are configured. If
 * somebody has changed the level behind the pool's back, a statement of ours does the same or fails as rolled back, because each
 * is a transaction of its own; then the connection is asked again, and the statement repeated.
 *
 * <p>Safe for use by several threads. Closing it leaves the application's {@code DataSource} open.
 */
final class ForeignDataSource implements ConnectionSource {

    static final String REFUSAL = "the DataSource handed out a connection with auto-commit off, which belongs to a"
            + " transaction of the application. Give the sessions a DataSource that takes no part in transactions and has"
            + " auto-commit on.";

    private static final System.Logger LOG = System.getLogger(ForeignDataSource.class.getName());

    private final DataSource dataSource;
    private final int statementTimeout;

    /** The isolation levels to be restored, of the connections that came with another one than ours. */
    private final Map<Connection, Integer> levels = Collections.synchronizedMap(new IdentityHashMap<>());

    /** The driver's connections that were found at READ COMMITTED, as long as the pool keeps them. */
    private final Set<Connection> readCommitted =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    ForeignDataSource(DataSource dataSource, int statementTimeout) {
        this.dataSource = dataSource;
        this.statementTimeout = statementTimeout;
    }

    @Override
    public Connection borrow() throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            if (!connection.getAutoCommit()) {
                throw new SQLException(REFUSAL, SqlErrors.FOREIGN_TRANSACTION);
            }
            bringToReadCommitted(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            close(connection);
            throw e;
        }
    }

    private void bringToReadCommitted(Connection connection) throws SQLException {
        Connection driver = driver(connection);
        if (readCommitted.contains(driver)) {
            return;
        }
        int level = connection.getTransactionIsolation();
        if (level != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            levels.put(connection, level);
        } else if (driver.getClass().getName().startsWith("org.postgresql.")) {
            // Whatever else stands between us and the driver may be another connection the next time, or answers for
            // free.
            readCommitted.add(driver);
        }
    }

    @Override
    public void rolledBack(Connection connection) {
        readCommitted.remove(driver(connection));
    }

    /** The driver's own connection, which a pool keeps for longer than the one it hands out, or the latter if it does not show it. */
    private static Connection driver(Connection connection) {
        try {
            return connection.unwrap(Connection.class);
        } catch (SQLException e) {
            return connection;
        }
    }

    @Override
    public void giveBack(Connection connection) {
        Integer level = levels.remove(connection);
        try {
            if (level != null) {
                connection.setTransactionIsolation(level);
            }
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "An isolation level was not restored: " + SqlErrors.state(e));
        }
        close(connection);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "A connection was not closed: " + SqlErrors.state(e));
        }
    }

    @Override
    public DataSource dataSource() {
        return dataSource;
    }

    @Override
    public int statementTimeout() {
        return statementTimeout;
    }

    @Override
    public String place() {
        return "The database of the application's DataSource";
    }

    @Override
    public void close() {
        // It belongs to the application.
    }
}
