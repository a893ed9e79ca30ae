package io.geniesession.memory;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.IndexedSessionsContract;

/** The contract of an adapter (IndexedSessions), kept by the store in memory. */
class MemoryIndexedSessionsTest extends IndexedSessionsContract {
    @Override
    protected SessionAdapter open(AdapterContext context) {
        return MemorySessionAdapter.open(context);
    }

    @Override
    protected boolean sharesStoreBetweenNodes() {
        return false;
    }
}
