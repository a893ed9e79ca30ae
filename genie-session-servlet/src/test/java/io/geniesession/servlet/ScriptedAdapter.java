package io.geniesession.servlet;

import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import io.geniesession.memory.MemorySessionAdapterProvider;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapterProvider;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.spi.Setting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory adapter, counted, and out of order when a test says so. Nodes that are opened with the same object share their
 * sessions. Safe for use by several threads. */
final class ScriptedAdapter implements SessionAdapterProvider {

    final AtomicInteger loads = new AtomicInteger();
    final AtomicInteger creates = new AtomicInteger();
    final AtomicInteger persists = new AtomicInteger();
    final AtomicInteger touches = new AtomicInteger();
    final AtomicInteger deletes = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();

    /** How many calls are under way, each of which may hold a connection or a lock. */
    final AtomicInteger busy = new AtomicInteger();

    volatile boolean readsFail;
    volatile boolean writesFail;
    volatile boolean closed;

    /** What happens before changes are persisted. */
    volatile Runnable beforePersist = () -> {};

    /** Whether values are kept as bytes, as every store outside the process keeps them. */
    volatile boolean bytes;

    private final MemorySessionAdapterProvider memory = new MemorySessionAdapterProvider();

    /** What was opened, for the other nodes that use the same store. */
    private @Nullable SessionAdapter opened;

    int writes() {
        return creates.get() + persists.get() + touches.get() + deletes.get();
    }

    int all() {
        return loads.get() + writes();
    }

    void fail(boolean down) {
        readsFail = down;
        writesFail = down;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public List<Setting<?>> settings() {
        return memory.settings();
    }

    @Override
    public synchronized SessionAdapter open(AdapterContext context) {
        if (opened == null) {
            opened = memory.open(context);
        }
        return new Counted(opened);
    }

    private <T> T read(AtomicInteger counter, Supplier<T> call) {
        return counted(readsFail, counter, call);
    }

    private <T> T write(AtomicInteger counter, Supplier<T> call) {
        return counted(writesFail, counter, call);
    }

    private <T> T counted(boolean down, AtomicInteger counter, Supplier<T> call) {
        if (down) {
            refused.incrementAndGet();
            throw new SessionStoreException("The store is out of order, because a test says so", null, false, null);
        }
        counter.incrementAndGet();
        busy.incrementAndGet();
        try {
            return call.get();
        } finally {
            busy.decrementAndGet();
        }
    }

    private final class Counted implements SessionAdapter {

        private final SessionAdapter adapter;

        Counted(SessionAdapter adapter) {
            this.adapter = adapter;
        }

        @Override
        public boolean keepsReferences() {
            return !bytes && adapter.keepsReferences();
        }

        @Override
        public Optional<SessionRecord> create(NewSession session) {
            return write(creates, () -> adapter.create(session));
        }

        @Override
        public Optional<SessionRecord> load(SessionId id, Instant now) {
            return read(loads, () -> adapter.load(id, now));
        }

        @Override
        public Optional<SessionRecord> reload(SessionKey key, Instant now) {
            return read(loads, () -> adapter.reload(key, now));
        }

        @Override
        public Optional<FormerId> loadFormer(SessionId id, Instant now) {
            return read(loads, () -> adapter.loadFormer(id, now));
        }

        @Override
        public PersistResult persist(SessionRecord base, SessionChanges changes) {
            beforePersist.run();
            return write(persists, () -> adapter.persist(base, changes));
        }

        @Override
        public boolean touch(SessionRecord base, Instant accessedAt) {
            return write(touches, () -> adapter.touch(base, accessedAt));
        }

        @Override
        public Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail) {
            return write(deletes, () -> adapter.delete(key, now, detail));
        }

        @Override
        public List<EndedSession> sweep(Instant before, int limit, Detail detail) {
            return adapter.sweep(before, limit, detail);
        }

        @Override
        public long count(Instant now) {
            return adapter.count(now);
        }

        @Override
        public Optional<IndexedSessions> indexed() {
            return adapter.indexed();
        }

        @Override
        public void close() {
            closed = true;
            adapter.close();
        }
    }
}
