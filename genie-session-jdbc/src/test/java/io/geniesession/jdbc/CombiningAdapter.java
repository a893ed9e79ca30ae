package io.geniesession.jdbc;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.Settings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Opens adapters on PostgreSQL in which two callers are a crowd already. */
final class CombiningAdapter {

    private static final Combiner.Limits EAGER =
            new Combiner.Limits(1, 1, 16, 10_000, 10_000, Duration.ofMillis(20), Duration.ofSeconds(10));

    private CombiningAdapter() {}

    /** Opens an adapter as the provider does, but for the limits. */
    static SessionAdapter open(AdapterContext context) {
        return open(context, new AtomicInteger());
    }

    /** Opens an adapter as the provider does, but for the limits, and counts the connections that it borrows for statements. */
    static SessionAdapter open(AdapterContext context, AtomicInteger borrowed) {
        JdbcSessionAdapter.open(context).close();
        Settings settings = context.settings();
        var source = new CountedSource(OwnPool.open(new JdbcUrl(settings.get(JdbcSettings.URL)), settings), borrowed);
        var sql = new SqlRunner(source, settings.get(JdbcSettings.POOL_TIMEOUT));
        var dialect = new PostgresDialect(TableName.of(settings));
        return new JdbcSessionAdapter(context, sql, dialect, new CombinedRequests(sql, dialect, EAGER));
    }

    private record CountedSource(ConnectionSource target, AtomicInteger borrowed) implements ConnectionSource {

        @Override
        public Connection borrow() throws SQLException {
            borrowed.incrementAndGet();
            return target.borrow();
        }

        @Override
        public void giveBack(Connection connection) {
            target.giveBack(connection);
        }

        @Override
        public DataSource dataSource() {
            return target.dataSource();
        }

        @Override
        public int statementTimeout() {
            return target.statementTimeout();
        }

        @Override
        public String place() {
            return target.place();
        }

        @Override
        public void close() {
            target.close();
        }
    }
}
