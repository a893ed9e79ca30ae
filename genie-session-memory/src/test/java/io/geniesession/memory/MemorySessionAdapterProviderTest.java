package io.geniesession.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionConfigException;
import io.geniesession.Sessions;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapterProvider;
import io.geniesession.spi.Setting;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class MemorySessionAdapterProviderTest {
    @Test
    void serviceLoaderFindsTheProvider() {
        List<SessionAdapterProvider> found = ServiceLoader.load(SessionAdapterProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("memory"))
                .toList();

        assertThat(found).hasSize(1).allMatch(MemorySessionAdapterProvider.class::isInstance);
    }

    @Test
    void settingsBeginWithTheNameOfTheAdapter() {
        assertThat(new MemorySessionAdapterProvider().settings())
                .extracting(Setting::name)
                .containsExactly("genie.session.memory.max-sessions");
    }

    @Test
    void opensAnEmptyStore() {
        try (SessionAdapter store =
                new MemorySessionAdapterProvider().open(new TestContext(SettableClock.at(Instant.EPOCH), Map.of()))) {
            assertThat(store.count(Instant.EPOCH)).isZero();
            assertThat(store.keepsReferences()).isTrue();
            assertThat(store.indexed()).isPresent();
        }
    }

    @Test
    void settingsAreKnownToSessionsThatFindTheAdapterByItsName() {
        Sessions.Builder builder =
                Sessions.builder().set("genie.session.sweep", "false").set("genie.session.memory.max-sessions", "1000");
        try (Sessions sessions = builder.adapter("memory").open()) {
            sessions.check();
        }
        assertThatThrownBy(builder.adapter("other")::open)
                .isInstanceOf(SessionConfigException.class)
                .hasMessageContaining("memory");
    }

    @Test
    void encryptionThatHasNoEffectIsSaid() {
        assertThat(warningsAtTheStart(Map.of())).isEmpty();
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        String keys = "k1:" + Base64.getEncoder().encodeToString(key);
        assertThat(warningsAtTheStart(Map.of("genie.session.encryption.keys", keys)))
                .singleElement()
                .asString()
                .startsWith("genie.session.encryption has no effect: the session adapter \"memory\"");
    }

    private static List<String> warningsAtTheStart(Map<String, String> settings) {
        List<String> warnings = new ArrayList<>();
        Handler collector = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                warnings.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(Sessions.class.getName());
        logger.addHandler(collector);
        Sessions.Builder builder =
                Sessions.builder().adapter(new MemorySessionAdapterProvider()).set("genie.session.sweep", "false");
        settings.forEach(builder::set);
        try (Sessions sessions = builder.open()) {
            assertThat(sessions.keepsReferences()).isTrue();
        } finally {
            logger.removeHandler(collector);
        }
        return warnings;
    }
}
