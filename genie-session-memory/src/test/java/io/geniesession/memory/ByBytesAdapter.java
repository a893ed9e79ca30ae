package io.geniesession.memory;

import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes the store in memory one that keeps bytes and forgets objects, as every store outside the process does. */
final class ByBytesAdapter extends ForwardingAdapter {
    private final AdapterContext context;

    ByBytesAdapter(SessionAdapter sound, AdapterContext context) {
        super(sound);
        this.context = context;
    }

    /** Shows values as they are made from bytes again, and how many bytes there are. */
    private record Bytes(SessionRecord stored) implements SessionRecord {
        @Override
        public SessionInfo info() {
            SessionInfo info = stored.info();
            long size = stored.attributeNames().stream()
                    .mapToLong(name -> attribute(name).orElseThrow().encoded().length)
                    .sum();
            return new SessionInfo(
                    info.key(),
                    info.publicId(),
                    info.version(),
                    info.createdAt(),
                    info.lastAccessedAt(),
                    info.expiry(),
                    info.indexes(),
                    size);
        }

        @Override
        public Set<String> attributeNames() {
            return stored.attributeNames();
        }

        @Override
        public Optional<AttributeValue> attribute(String name) {
            return stored.attribute(name);
        }
    }

    private Map<String, AttributeValue> bytes(Map<String, AttributeValue> values) {
        return values.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        e -> context.valueOf(e.getValue().encoded().clone())));
    }

    @Override
    public boolean keepsReferences() {
        return false;
    }

    @Override
    public Optional<SessionRecord> create(NewSession session) {
        return sound.create(new NewSession(
                        session.key(),
                        session.id(),
                        session.createdAt(),
                        session.expiry(),
                        bytes(session.attributes()),
                        session.indexes()))
                .map(Bytes::new);
    }

    @Override
    public Optional<SessionRecord> load(SessionId id, Instant now) {
        return sound.load(id, now).map(Bytes::new);
    }

    @Override
    public Optional<SessionRecord> reload(SessionKey key, Instant now) {
        return sound.reload(key, now).map(Bytes::new);
    }

    @Override
    public Optional<FormerId> loadFormer(SessionId id, Instant now) {
        return sound.loadFormer(id, now).map(former -> new FormerId(new Bytes(former.session()), former.usableUntil()));
    }

    @Override
    public PersistResult persist(SessionRecord base, SessionChanges changes) {
        PersistResult result = sound.persist(((Bytes) base).stored(), changes.withSet(bytes(changes.set())));
        return result instanceof PersistResult.Saved saved ? new PersistResult.Saved(new Bytes(saved.next())) : result;
    }

    @Override
    public boolean touch(SessionRecord base, Instant accessedAt) {
        return sound.touch(((Bytes) base).stored(), accessedAt);
    }
}
