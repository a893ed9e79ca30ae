package io.geniesession.memory;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapterProvider;
import io.geniesession.spi.Setting;
import java.util.List;

/**
 * Opens the store in memory; found by {@link java.util.ServiceLoader} under the name {@code memory}.
 *
 * <p>Safe for use by several threads.
 */
public final class MemorySessionAdapterProvider implements SessionAdapterProvider {
    /** How many sessions are kept at most: from 1 to 100 000 000, 1 000 000 if nothing is set. */
    public static final Setting<Integer> MAX_SESSIONS = Setting.integer(
                    "genie.session.memory.max-sessions",
                    "How many sessions are kept at most; anonymous ones make room first.")
            .withDefault(1_000_000)
            .withBounds(1, 100_000_000);

    /** Creates the provider, which does nothing until it is asked. */
    public MemorySessionAdapterProvider() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(MAX_SESSIONS);
    }

    @Override
    public SessionAdapter open(AdapterContext context) {
        return MemorySessionAdapter.open(context);
    }
}
