package com.example.store.test;

import com.example.store.MapSessionAdapterProvider;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.SessionAdapterContract;

/** All that an author of an adapter has to write. */
class MapSessionAdapterTest extends SessionAdapterContract {
    @Override
    protected SessionAdapter open(AdapterContext context) {
        return new MapSessionAdapterProvider().open(context);
    }

    @Override
    protected boolean sharesStoreBetweenNodes() {
        return false;
    }
}
