package io.geniesession.memory;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.LinearizabilityContract;

/** The contract of an adapter (linearizability), kept by the store in memory. */
class MemoryLinearizabilityTest extends LinearizabilityContract {
    @Override
    protected SessionAdapter open(AdapterContext context) {
        return MemorySessionAdapter.open(context);
    }

    @Override
    protected boolean sharesStoreBetweenNodes() {
        return false;
    }
}
