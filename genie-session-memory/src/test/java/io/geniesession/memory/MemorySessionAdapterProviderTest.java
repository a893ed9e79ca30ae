package io.geniesession.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapterProvider;
import io.geniesession.spi.Setting;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
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
}
