package io.geniesession;

import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Counts an adapter's answers and failures from outside. Safe for use by several threads. */
final class MeteredAdapter implements SessionAdapter {
    private final SessionAdapter adapter;
    private final Notifier notifier;

    MeteredAdapter(SessionAdapter adapter, Notifier notifier) {
        this.adapter = adapter;
        this.notifier = notifier;
    }

    private <T> T counted(Supplier<T> call) {
        try {
            return call.get();
        } catch (SessionStoreException e) {
            notifier.meter(meter -> meter.failed(e.outcomeUnknown()));
            throw e;
        }
    }

    @Override
    public boolean keepsReferences() {
        return adapter.keepsReferences();
    }

    @Override
    public Optional<SessionRecord> create(NewSession session) {
        return counted(() -> adapter.create(session));
    }

    @Override
    public Optional<SessionRecord> load(SessionId id, Instant now) {
        Optional<SessionRecord> found = counted(() -> adapter.load(id, now));
        notifier.meter(meter -> meter.loaded(found.isPresent()));
        return found;
    }

    @Override
    public Optional<SessionRecord> reload(SessionKey key, Instant now) {
        return counted(() -> adapter.reload(key, now));
    }

    @Override
    public Optional<FormerId> loadFormer(SessionId id, Instant now) {
        return counted(() -> adapter.loadFormer(id, now));
    }

    @Override
    public PersistResult persist(SessionRecord base, SessionChanges changes) {
        PersistResult result = counted(() -> adapter.persist(base, changes));
        notifier.meter(meter -> {
            if (result instanceof PersistResult.Saved) {
                meter.persisted();
            } else if (result instanceof PersistResult.Gone) {
                meter.gone();
            } else {
                meter.conflict();
            }
        });
        return result;
    }

    @Override
    public boolean touch(SessionRecord base, Instant accessedAt) {
        boolean touched = counted(() -> adapter.touch(base, accessedAt));
        notifier.meter(touched ? SessionMeter::touched : SessionMeter::gone);
        return touched;
    }

    @Override
    public Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail) {
        return counted(() -> adapter.delete(key, now, detail));
    }

    @Override
    public List<EndedSession> sweep(Instant before, int limit, Detail detail) {
        return counted(() -> adapter.sweep(before, limit, detail));
    }

    @Override
    public long count(Instant now) {
        return counted(() -> adapter.count(now));
    }

    @Override
    public Optional<IndexedSessions> indexed() {
        return adapter.indexed().map(CountedIndexes::new);
    }

    @Override
    public void close() {
        adapter.close();
    }

    private final class CountedIndexes implements IndexedSessions {
        private final IndexedSessions indexed;

        CountedIndexes(IndexedSessions indexed) {
            this.indexed = indexed;
        }

        @Override
        public Page<SessionInfo> find(IndexEntry entry, Instant now, PageRequest page) {
            return counted(() -> indexed.find(entry, now, page));
        }

        @Override
        public long count(IndexEntry entry, Instant now) {
            return counted(() -> indexed.count(entry, now));
        }

        @Override
        public List<EndedSession> deleteAll(IndexEntry entry, Set<SessionKey> except, Instant now, Detail detail) {
            return counted(() -> indexed.deleteAll(entry, except, now, detail));
        }
    }
}
