package io.geniesession.jdbc;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.Setting;
import io.geniesession.tck.SessionsContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What applications rely on, kept by PostgreSQL. */
final class PostgresSessionsTest extends SessionsContract {
    private final TestDatabase database = TestDatabase.postgres();

    @Override
    protected SessionAdapter open(AdapterContext context) {
        return JdbcSessionAdapter.open(context);
    }

    @Override
    protected Map<String, String> settings() {
        return database.settings();
    }

    @Override
    protected List<Setting<?>> declaredSettings() {
        return JdbcSettings.all();
    }

    @Override
    protected Duration sweepDelay() {
        return TestDatabase.BUCKET;
    }

    @Override
    protected void checkNothingLeaked() {
        database.checkNothingLeaked();
        database.close();
    }
}
