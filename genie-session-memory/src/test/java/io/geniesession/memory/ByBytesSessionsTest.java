package io.geniesession.memory;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.SessionsContract;

/** The variant of the contract for stores that keep bytes. */
class ByBytesSessionsTest extends SessionsContract {
    @Override
    protected SessionAdapter open(AdapterContext context) {
        return new ByBytesAdapter(MemorySessionAdapter.open(context), context);
    }

    @Override
    protected boolean sharesStoreBetweenNodes() {
        return false;
    }

    /** The store underneath is the one in memory. */
    @Override
    protected boolean knowsIdsByDigest() {
        return false;
    }
}
