package io.geniesession.jdbc;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.Setting;
import io.geniesession.tck.SharedViewContract;
import java.util.List;
import java.util.Map;

class H2MemorySharedViewTest extends SharedViewContract {
    private final TestDatabase database = TestDatabase.h2InMemory();

    @Override
    protected SessionAdapter open(AdapterContext context) {
        return JdbcSessionAdapter.open(context);
    }

    @Override
    protected List<Setting<?>> declaredSettings() {
        return JdbcSettings.all();
    }

    @Override
    protected Map<String, String> settings() {
        return database.settings();
    }

    @Override
    protected void checkNothingLeaked() {
        database.checkNothingLeaked();
        database.close();
    }
}
