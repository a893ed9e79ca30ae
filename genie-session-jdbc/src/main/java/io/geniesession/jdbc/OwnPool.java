package io.geniesession.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.Settings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A pool of our own. Every wait has an end: for a connection, for the database to answer, for a statement.
 *
 * <p>An embedded database closes with its last connection, so one is set aside for as long as the pool is open.
 *
 * <p>Safe for use by several threads.
 */
final class OwnPool implements ConnectionSource {

    private static final System.Logger LOG = System.getLogger(OwnPool.class.getName());
    private static final Duration SILENCE_AFTER_TIMEOUT = Duration.ofSeconds(5);
    private static final int IDLE_CONNECTIONS = 4;

    /** As many as Flyway uses at a time, and one more. */
    private static final int MIGRATING_CONNECTIONS = 4;

    private final HikariDataSource pool;
    private final JdbcUrl url;
    private final int statementTimeout;
    private final int size;
    private final @Nullable Connection anchor;

    private OwnPool(HikariDataSource pool, JdbcUrl url, int statementTimeout, @Nullable Connection anchor) {
        this.pool = pool;
        this.url = url;
        this.statementTimeout = statementTimeout;
        this.size = pool.getMaximumPoolSize();
        this.anchor = anchor;
    }

    /** Opens a pool with one connection, or fails within the connect timeout. */
    static OwnPool open(JdbcUrl url, Settings settings) {
        HikariConfig config = config(url, settings);
        int timeout = 0;
        if (url.isH2()) {
            configureH2(config, url, settings);
            timeout = seconds(settings.get(JdbcSettings.STATEMENT_TIMEOUT));
        } else {
            configurePostgres(config, url, settings);
        }
        HikariDataSource pool = open(config, url);
        try {
            return new OwnPool(pool, url, timeout, url.isEmbedded() ? pool.getConnection() : null);
        } catch (SQLException e) {
            pool.close();
            throw StartFailure.of(e, url.toString(), EmbeddedFile.of(url));
        }
    }

    private static HikariDataSource open(HikariConfig config, JdbcUrl url) {
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw StartFailure.of(e, url.toString(), url.isH2() ? EmbeddedFile.of(url) : Optional.empty());
        }
    }

    private static HikariConfig config(JdbcUrl url, Settings settings) {
        long wait = settings.get(JdbcSettings.POOL_TIMEOUT).toMillis();
        int size = settings.get(JdbcSettings.POOL_SIZE);
        HikariConfig config = new HikariConfig();
        config.setPoolName("genie-session-" + settings.get(CoreSettings.APPLICATION));
        config.setJdbcUrl(url.text());
        settings.find(JdbcSettings.USER).ifPresent(config::setUsername);
        settings.find(JdbcSettings.PASSWORD).ifPresent(config::setPassword);
        config.setMaximumPoolSize(url.isEmbedded() ? size + 1 : size);
        config.setMinimumIdle(Math.min(size, IDLE_CONNECTIONS));
        config.setConnectionTimeout(wait);
        config.setValidationTimeout(Math.min(wait, 1_000));
        // One attempt at start-up: what is wrong then is wrong for good, or the node is started again.
        config.setInitializationFailTimeout(1);
        config.setExceptionOverride(new UselessConnections());
        config.setAutoCommit(true);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return config;
    }

    private static void configurePostgres(HikariConfig config, JdbcUrl url, Settings settings) {
        Duration statement = settings.get(JdbcSettings.STATEMENT_TIMEOUT);
        int connect = seconds(settings.get(JdbcSettings.CONNECT_TIMEOUT));
        config.setDriverClassName("org.postgresql.Driver");
        // What the URL says is stronger than these.
        config.addDataSourceProperty("connectTimeout", Integer.toString(connect));
        // For all hosts together: one that is silent must leave time for the next.
        config.addDataSourceProperty("loginTimeout", Integer.toString(connect * url.hosts()));
        config.addDataSourceProperty("socketTimeout", Integer.toString(seconds(statement.plus(SILENCE_AFTER_TIMEOUT))));
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("ApplicationName", config.getPoolName());
        // A handful of statements, over and over: prepared on the server from the first time on.
        config.addDataSourceProperty("prepareThreshold", "1");
        config.setConnectionInitSql("SELECT set_config('statement_timeout', '" + statement.toMillis() + "', false)"
                + (isFast(settings) ? ", set_config('synchronous_commit', 'off', false)" : ""));
    }

    private static void configureH2(HikariConfig config, JdbcUrl url, Settings settings) {
        config.setDriverClassName("org.h2.Driver");
        if (!url.hasH2Setting("LOCK_TIMEOUT")) {
            long wait = settings.get(JdbcSettings.STATEMENT_TIMEOUT).toMillis();
            config.setConnectionInitSql("SET LOCK_TIMEOUT " + wait);
        }
        if (url.isEmbedded()) {
            // Connections of the same process do not age.
            config.setMaxLifetime(0);
            config.setKeepaliveTime(0);
        }
    }

    private static boolean isFast(Settings settings) {
        return settings.get(JdbcSettings.DURABILITY) == JdbcSettings.Durability.FAST;
    }

    private static int seconds(Duration duration) {
        return (int) Math.max(1, duration.plusMillis(999).toSeconds());
    }

    @Override
    public Connection borrow() throws SQLException {
        return pool.getConnection();
    }

    @Override
    public void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "A connection was not given back: " + SqlErrors.state(e));
        }
    }

    @Override
    public DataSource dataSource() {
        pool.setMaximumPoolSize(size + MIGRATING_CONNECTIONS);
        return pool;
    }

    /** {@inheritDoc} What is more than the pool's size is closed. */
    @Override
    public void migrated() {
        pool.setMaximumPoolSize(size);
        if (pool.getHikariPoolMXBean().getTotalConnections() > size) {
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    @Override
    public int statementTimeout() {
        return statementTimeout;
    }

    @Override
    public String place() {
        return "The database at " + url;
    }

    @Override
    public void close() {
        if (anchor != null) {
            giveBack(anchor);
        }
        pool.close();
    }
}
