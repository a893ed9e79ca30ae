package io.geniesession.jdbc;

import io.geniesession.spi.SessionAdapter;
import java.nio.file.Path;
import java.util.Map;

/** On the file that is made without any setting. */
final class H2WritersCrashTest extends CrashContract {

    @Override
    int rounds() {
        return rounds(3);
    }

    @Override
    Map<String, String> settings(Path home) {
        return Map.of();
    }

    @Override
    SessionAdapter reopen(Path home) {
        EmbeddedFile file = new EmbeddedFile(home.resolve("genie-session").resolve("default"));
        String url = file.url(JdbcSettings.Durability.FULL).text();
        return JdbcSessionAdapter.open(TestSessions.context(Map.of(JdbcSettings.URL.name(), url)));
    }
}
