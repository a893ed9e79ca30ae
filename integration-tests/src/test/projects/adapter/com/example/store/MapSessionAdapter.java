package com.example.store;

import io.geniesession.EndReason;
import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Keeps bytes in a map under one lock, so each method is one step. Finds nothing by index. */
final class MapSessionAdapter implements SessionAdapter {
    private final AdapterContext context;
    private final Map<SessionKey, Stored> sessions = new HashMap<>();
    private boolean closed;

    MapSessionAdapter(AdapterContext context) {
        this.context = context;
    }

    @Override
    public boolean keepsReferences() {
        return false;
    }

    @Override
    public synchronized Optional<SessionRecord> create(NewSession session) {
        Stored created = Stored.of(session);
        Optional<Stored> other = all().filter(stored -> stored.info().key().equals(session.key())
                        || stored.info().publicId().equals(session.id().publicId()))
                .findFirst();
        if (other.isPresent() && !other.get().info().equals(created.info())) {
            return Optional.empty();
        }
        sessions.put(session.key(), created);
        return Optional.of(view(created));
    }

    @Override
    public synchronized Optional<SessionRecord> load(SessionId id, Instant now) {
        return find(stored -> stored.info().publicId().equals(id.publicId()), now)
                .map(this::view);
    }

    @Override
    public synchronized Optional<SessionRecord> reload(SessionKey key, Instant now) {
        return find(stored -> stored.info().key().equals(key), now).map(this::view);
    }

    @Override
    public synchronized Optional<FormerId> loadFormer(SessionId id, Instant now) {
        return find(
                        stored -> stored.former()
                                .filter(former -> former.publicId().equals(id.publicId()))
                                .isPresent(),
                        now)
                .map(stored ->
                        new FormerId(view(stored), stored.former().orElseThrow().usableUntil()));
    }

    @Override
    public synchronized PersistResult persist(SessionRecord base, SessionChanges changes) {
        Stored stored = live(base.info().key(), changes.accessedAt()).orElse(null);
        if (stored == null) {
            return new PersistResult.Gone();
        }
        boolean behind = ((Stored.View) base).behind()
                || stored.info().version() != base.info().version();
        boolean renewed = !stored.info().publicId().equals(base.info().publicId());
        if (changes.strict() && behind || changes.renewal().isPresent() && renewed) {
            return new PersistResult.Conflict();
        }
        Stored next = stored.with(changes);
        sessions.put(next.info().key(), next);
        return new PersistResult.Saved(next.view(context::valueOf, behind));
    }

    @Override
    public synchronized boolean touch(SessionRecord base, Instant accessedAt) {
        Optional<Stored> stored = live(base.info().key(), accessedAt);
        stored.ifPresent(s -> sessions.put(s.info().key(), s.accessedAt(accessedAt)));
        return stored.isPresent();
    }

    @Override
    public synchronized Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail) {
        return live(key, now).map(stored -> end(stored, EndReason.DELETED, detail));
    }

    @Override
    public synchronized List<EndedSession> sweep(Instant before, int limit, Detail detail) {
        List<Stored> expired =
                all().filter(stored -> stored.info().isExpired(before)).limit(limit).toList();
        return expired.stream()
                .map(stored -> end(
                        stored, stored.info().expiry().reason(stored.info().lastAccessedAt()), detail))
                .toList();
    }

    @Override
    public synchronized long count(Instant now) {
        return all().filter(stored -> !stored.info().isExpired(now)).count();
    }

    @Override
    public Optional<IndexedSessions> indexed() {
        return Optional.empty();
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private Stream<Stored> all() {
        if (closed) {
            throw new SessionStoreException("The map is closed", null, false, null);
        }
        return sessions.values().stream();
    }

    private Optional<Stored> live(SessionKey key, Instant now) {
        return find(stored -> stored.info().key().equals(key), now);
    }

    private Optional<Stored> find(Predicate<Stored> which, Instant now) {
        return all().filter(which)
                .filter(stored -> !stored.info().isExpired(now))
                .findFirst();
    }

    private SessionRecord view(Stored stored) {
        return stored.view(context::valueOf, false);
    }

    private EndedSession end(Stored stored, EndReason reason, Detail detail) {
        sessions.remove(stored.info().key());
        return new EndedSession(
                stored.info(),
                reason,
                detail == Detail.ATTRIBUTES
                        ? stored.view(context::valueOf, false).values()
                        : Map.of());
    }
}
