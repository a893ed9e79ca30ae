package io.geniesession.memory;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.SessionsContract;

/** What applications rely on, kept by the store in memory. */
class MemorySessionsTest extends SessionsContract {
    @Override
    protected SessionAdapter open(AdapterContext context) {
        return MemorySessionAdapter.open(context);
    }

    @Override
    protected boolean sharesStoreBetweenNodes() {
        return false;
    }
}
