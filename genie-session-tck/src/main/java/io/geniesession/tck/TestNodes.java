package io.geniesession.tck;

import io.geniesession.Sessions;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapterProvider;
import io.geniesession.spi.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens the sessions of several nodes over the adapter of a contract. Used by one thread. */
final class TestNodes implements AutoCloseable {
    static final Duration SWEEP_MARGIN = Duration.ofMinutes(1);

    /** Keys named {@code new} and {@code old}. */
    static final String KEYS =
            "new:AAEHFTFgu0ZSmt9hwIrYY9uKAbYFRSJEGOPTyIq9nFE=,old:d0y8XhUL5RlLrAoQfS8y4ws2o1vSYmUcD2a0n6nqzRw=";

    private final TestEvents events;
    private final List<Sessions> opened = new ArrayList<>();
    private @Nullable SessionAdapter latest;

    TestNodes(TestEvents events) {
        this.events = events;
    }

    /**
     * Opens one more node.
     *
     * @param fixture the contract, which opens the adapter
     * @param declared the settings that the adapter's provider declares
     * @param more settings beside those of the fixture
     */
    Sessions open(AdapterFixture fixture, List<Setting<?>> declared, Map<String, String> more) {
        Sessions.Builder builder = Sessions.builder()
                .adapter(new Provider(fixture, declared))
                .clock(fixture.clock)
                .listener(events)
                .meter(events)
                .set("genie.session.sweep", "false")
                .set("genie.session.sweep-margin", SWEEP_MARGIN.toString());
        fixture.settings().forEach(builder::set);
        more.forEach(builder::set);
        Sessions sessions = builder.open();
        opened.add(sessions);
        return sessions;
    }

    /** Returns the adapter that was opened last. */
    SessionAdapter find() {
        if (latest == null) {
            throw new AssertionError("No node is open");
        }
        return latest;
    }

    @Override
    public void close() {
        opened.forEach(Sessions::close);
    }

    private final class Provider implements SessionAdapterProvider {
        private final AdapterFixture fixture;
        private final List<Setting<?>> declared;

        Provider(AdapterFixture fixture, List<Setting<?>> declared) {
            this.fixture = fixture;
            this.declared = declared;
        }

        @Override
        public String name() {
            return "under-test";
        }

        @Override
        public List<Setting<?>> settings() {
            return declared;
        }

        @Override
        public SessionAdapter open(AdapterContext context) {
            SessionAdapter present = latest;
            if (present != null && !fixture.sharesStoreBetweenNodes()) {
                return present;
            }
            SessionAdapter adapter = fixture.open(context);
            latest = adapter;
            return adapter;
        }
    }
}
