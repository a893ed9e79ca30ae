package com.example.store;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapterProvider;
import io.geniesession.spi.Setting;
import java.util.List;

/** Opens a new, empty map each time. */
public final class MapSessionAdapterProvider implements SessionAdapterProvider {
    /** Creates the provider. */
    public MapSessionAdapterProvider() {}

    @Override
    public String name() {
        return "map";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of();
    }

    @Override
    public SessionAdapter open(AdapterContext context) {
        return new MapSessionAdapter(context);
    }
}
