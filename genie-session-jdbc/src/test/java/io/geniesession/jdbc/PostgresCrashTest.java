package io.geniesession.jdbc;

import io.geniesession.spi.SessionAdapter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

final class PostgresCrashTest extends CrashContract {

    private final TestDatabase database = TestDatabase.postgres();

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @Override
    int rounds() {
        return rounds(3);
    }

    @Override
    Map<String, String> settings(Path home) {
        Map<String, String> settings = new HashMap<>(database.settings());
        // The machine may be busy, and nothing but a kill is to end anything here.
        settings.put(JdbcSettings.CONNECT_TIMEOUT.name(), "30s");
        settings.put(JdbcSettings.POOL_TIMEOUT.name(), "30s");
        settings.put(JdbcSettings.STATEMENT_TIMEOUT.name(), "30s");
        return settings;
    }

    /** What the application had sent when it died is done before the server lets go of its connections. */
    @Override
    SessionAdapter reopen(Path home) {
        database.checkNothingLeaked();
        return JdbcSessionAdapter.open(TestSessions.context(database));
    }
}
