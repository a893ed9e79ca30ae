package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Expiry;
import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import io.geniesession.tck.TestValue;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Sessions to test with. */
final class TestSessions {

    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    static final Expiry EXPIRY = Expiry.idle(Duration.ofMinutes(30), Duration.ofMinutes(1));

    private TestSessions() {}

    static AdapterContext context(Map<String, String> settings) {
        return new TestContext(SettableClock.at(START), settings);
    }

    /** Returns a context with settings beside those of a database; pairs of name and value. */
    static AdapterContext context(TestDatabase database, String... more) {
        Map<String, String> settings = new HashMap<>(database.settings());
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return context(settings);
    }

    static NewSession session(Map<String, String> indexes) {
        return session(EXPIRY, indexes);
    }

    static NewSession session(Expiry expiry, Map<String, String> indexes) {
        return session(SessionKey.generate(START), SessionId.generate(), expiry, indexes);
    }

    static NewSession session(SessionKey key, SessionId id) {
        return session(key, id, EXPIRY, Map.of());
    }

    private static NewSession session(SessionKey key, SessionId id, Expiry expiry, Map<String, String> indexes) {
        return new NewSession(key, id, START, expiry, Map.of("color", TestValue.of("red")), indexes);
    }

    static SessionChanges set(String name, String value) {
        return SessionChanges.at(START).withSet(Map.of(name, TestValue.of(value)));
    }

    static SessionChanges principal(String name) {
        return SessionChanges.at(START).withIndexes(Map.of("principal", Optional.of(name)));
    }

    static SessionRecord saved(PersistResult result) {
        assertThat(result).isInstanceOf(PersistResult.Saved.class);
        return ((PersistResult.Saved) result).next();
    }

    static Map<String, String> texts(SessionRecord record) {
        Map<String, String> texts = new HashMap<>();
        for (String name : record.attributeNames()) {
            AttributeValue value = record.attribute(name).orElseThrow();
            texts.put(name, TestValue.text(value));
        }
        return texts;
    }
}
