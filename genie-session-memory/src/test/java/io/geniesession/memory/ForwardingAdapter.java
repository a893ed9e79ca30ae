package io.geniesession.memory;

import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A correct adapter that broken ones extend, each to break one rule. */
abstract class ForwardingAdapter implements SessionAdapter {
    final SessionAdapter sound;

    ForwardingAdapter(SessionAdapter sound) {
        this.sound = sound;
    }

    @Override
    public boolean keepsReferences() {
        return sound.keepsReferences();
    }

    @Override
    public Optional<SessionRecord> create(NewSession session) {
        return sound.create(session);
    }

    @Override
    public Optional<SessionRecord> load(SessionId id, Instant now) {
        return sound.load(id, now);
    }

    @Override
    public Optional<SessionRecord> reload(SessionKey key, Instant now) {
        return sound.reload(key, now);
    }

    @Override
    public Optional<FormerId> loadFormer(SessionId id, Instant now) {
        return sound.loadFormer(id, now);
    }

    @Override
    public PersistResult persist(SessionRecord base, SessionChanges changes) {
        return sound.persist(base, changes);
    }

    @Override
    public boolean touch(SessionRecord base, Instant accessedAt) {
        return sound.touch(base, accessedAt);
    }

    @Override
    public Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail) {
        return sound.delete(key, now, detail);
    }

    @Override
    public List<EndedSession> sweep(Instant before, int limit, Detail detail) {
        return sound.sweep(before, limit, detail);
    }

    @Override
    public long count(Instant now) {
        return sound.count(now);
    }

    @Override
    public Optional<IndexedSessions> indexed() {
        return sound.indexed();
    }

    @Override
    public void close() {
        sound.close();
    }
}
