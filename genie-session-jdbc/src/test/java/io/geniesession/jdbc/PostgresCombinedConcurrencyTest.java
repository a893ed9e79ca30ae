package io.geniesession.jdbc;

import io.geniesession.SessionKey;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.ConcurrencyContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class PostgresCombinedConcurrencyTest extends ConcurrencyContract {
    private final TestDatabase database = TestDatabase.postgres();

    @Override
    protected SessionAdapter open(AdapterContext context) {
        return CombiningAdapter.open(context);
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
    protected boolean persistMerged(SessionAdapter node, SessionRecord base, List<SessionChanges> changes) {
        return database.persistMerged(base, changes);
    }

    @Override
    protected Optional<AutoCloseable> hold(SessionKey key) {
        return Optional.of(database.hold(key));
    }

    @Override
    protected void checkNothingLeaked() {
        database.checkNothingLeaked();
        database.close();
    }
}
