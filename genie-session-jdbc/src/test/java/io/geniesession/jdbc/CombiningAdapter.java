package io.geniesession.jdbc;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.Settings;
import java.time.Duration;

/** Opens adapters on PostgreSQL in which two callers are a crowd already. */
final class CombiningAdapter {

    private static final Combiner.Limits EAGER =
            new Combiner.Limits(1, 1, 16, 10_000, Duration.ofMillis(20), Duration.ofSeconds(10));

    private CombiningAdapter() {}

    /** Opens an adapter as the provider does, but for the limits. */
    static SessionAdapter open(AdapterContext context) {
        JdbcSessionAdapter.open(context).close();
        Settings settings = context.settings();
        var source = OwnPool.open(new JdbcUrl(settings.get(JdbcSettings.URL)), settings);
        var sql = new SqlRunner(source, settings.get(JdbcSettings.POOL_TIMEOUT));
        var dialect = new PostgresDialect(TableName.of(settings));
        return new JdbcSessionAdapter(context, sql, dialect, new CombinedRequests(sql, dialect, EAGER));
    }
}
