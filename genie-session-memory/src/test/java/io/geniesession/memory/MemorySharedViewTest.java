package io.geniesession.memory;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.SharedViewContract;

/** What requests that share a view rely on, kept by the store in memory. */
class MemorySharedViewTest extends SharedViewContract {
    @Override
    protected SessionAdapter open(AdapterContext context) {
        return MemorySessionAdapter.open(context);
    }

    @Override
    protected boolean sharesStoreBetweenNodes() {
        return false;
    }
}
