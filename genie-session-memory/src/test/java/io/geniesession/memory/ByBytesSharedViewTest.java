package io.geniesession.memory;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.SharedViewContract;

/** The variant of the contract for stores that keep bytes. */
class ByBytesSharedViewTest extends SharedViewContract {
    @Override
    protected SessionAdapter open(AdapterContext context) {
        return new ByBytesAdapter(MemorySessionAdapter.open(context), context);
    }

    @Override
    protected boolean sharesStoreBetweenNodes() {
        return false;
    }
}
