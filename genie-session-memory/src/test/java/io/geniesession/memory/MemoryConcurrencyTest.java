package io.geniesession.memory;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.ConcurrencyContract;

/** The contract of an adapter (Concurrency), kept by the store in memory. */
class MemoryConcurrencyTest extends ConcurrencyContract {
    @Override
    protected SessionAdapter open(AdapterContext context) {
        return MemorySessionAdapter.open(context);
    }

    @Override
    protected boolean sharesStoreBetweenNodes() {
        return false;
    }
}
