package io.geniesession.jdbc;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.LinearizabilityContract;
import java.time.Duration;
import java.util.Map;

final class PostgresLinearizabilityTest extends LinearizabilityContract {
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
    protected Duration sweepDelay() {
        return TestDatabase.BUCKET;
    }

    @Override
    protected void checkNothingLeaked() {
        database.checkNothingLeaked();
        database.close();
    }
}
