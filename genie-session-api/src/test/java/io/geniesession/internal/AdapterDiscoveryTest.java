package io.geniesession.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.SessionConfigException;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapterProvider;
import io.geniesession.spi.Setting;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdapterDiscoveryTest {
    private static final SessionAdapterProvider RED = new Named("red");
    private static final SessionAdapterProvider BLUE = new Named("blue");

    private record Named(String name) implements SessionAdapterProvider {
        @Override
        public List<Setting<?>> settings() {
            return List.of();
        }

        @Override
        public SessionAdapter open(AdapterContext context) {
            throw new AssertionError("not opened by discovery");
        }
    }

    @Test
    void onlyOneFoundIsUsed() {
        assertThat(AdapterDiscovery.choose(List.of(RED), Optional.empty())).isSameAs(RED);
    }

    @Test
    void nameDecidesBetweenSeveral() {
        assertThat(AdapterDiscovery.choose(List.of(RED, BLUE), Optional.of("blue")))
                .isSameAs(BLUE);
    }

    @Test
    void severalWithoutANameAreListed() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> AdapterDiscovery.choose(List.of(RED, BLUE), Optional.empty()))
                .withMessageContaining("red (")
                .withMessageContaining("blue (")
                .withMessageContaining("genie.session.adapter");
    }

    @Test
    void unknownNameListsWhatIsThere() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> AdapterDiscovery.choose(List.of(RED), Optional.of("green")))
                .withMessageContaining("green")
                .withMessageContaining("red (");
    }

    @Test
    void twoOfOneNameCannotBeToldApart() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> AdapterDiscovery.choose(List.of(RED, new Named("red")), Optional.of("red")))
                .withMessageContaining("remove one");
    }

    @Test
    void noneSaysWhichArtifactsToAdd() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> AdapterDiscovery.choose(List.of(), Optional.empty()))
                .withMessageContaining("genie-session-jdbc")
                .withMessageContaining("genie-session-memory");
    }
}
