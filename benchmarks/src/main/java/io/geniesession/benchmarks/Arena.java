package io.geniesession.benchmarks;

import io.geniesession.Sessions;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Supplier;

/** Open sessions, and what has to go when they are closed. Belongs to one thread. */
final class Arena implements AutoCloseable {
    private final Sessions sessions;
    private final Closeable cleanUp;

    Arena(Sessions sessions, Closeable cleanUp) {
        this.sessions = sessions;
        this.cleanUp = cleanUp;
    }

    /** Opens sessions over something that is closed with them, also if they do not open. */
    static Arena over(Closeable store, Supplier<Sessions> opener) {
        try {
            return new Arena(opener.get(), store);
        } catch (RuntimeException e) {
            try {
                store.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    Sessions sessions() {
        return sessions;
    }

    @Override
    public void close() throws IOException {
        sessions.close();
        cleanUp.close();
    }
}
