package com.example.store;

import io.geniesession.SessionInfo;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One state of a session: its facts, the bytes of its attributes, and the id that its latest renewal gave up. */
record Stored(SessionInfo info, Map<String, byte[]> attributes, Optional<Former> former) {
    record Former(String publicId, Instant usableUntil) {}

    /** What the core gets to see: values of its own, which no other request shares. */
    record View(SessionInfo info, Map<String, AttributeValue> values, boolean behind) implements SessionRecord {
        @Override
        public Set<String> attributeNames() {
            return values.keySet();
        }

        @Override
        public Optional<AttributeValue> attribute(String name) {
            return Optional.ofNullable(values.get(name));
        }
    }

    static Stored of(NewSession session) {
        Map<String, byte[]> attributes = new HashMap<>();
        session.attributes().forEach((name, value) -> attributes.put(name, value.encoded()));
        SessionInfo info = new SessionInfo(
                session.key(),
                session.id().publicId(),
                1,
                session.createdAt(),
                session.createdAt(),
                session.expiry(),
                session.indexes(),
                size(attributes));
        return new Stored(info, attributes, Optional.empty());
    }

    Stored with(SessionChanges changes) {
        Map<String, byte[]> changed = new HashMap<>(attributes);
        changed.keySet().removeAll(changes.removed());
        changes.set().forEach((name, value) -> changed.put(name, value.encoded()));
        Map<String, String> indexes = new HashMap<>(info.indexes());
        changes.indexes()
                .forEach((name, value) -> value.ifPresentOrElse(v -> indexes.put(name, v), () -> indexes.remove(name)));
        SessionInfo next = new SessionInfo(
                info.key(),
                changes.renewal().map(renewal -> renewal.to().publicId()).orElse(info.publicId()),
                info.version() + 1,
                info.createdAt(),
                later(changes.accessedAt()),
                changes.expiry().orElse(info.expiry()),
                indexes,
                size(changed));
        return new Stored(
                next,
                changed,
                changes.renewal()
                        .map(renewal -> new Former(info.publicId(), renewal.formerUsableUntil()))
                        .or(() -> former));
    }

    Stored accessedAt(Instant accessedAt) {
        SessionInfo touched = new SessionInfo(
                info.key(),
                info.publicId(),
                info.version(),
                info.createdAt(),
                later(accessedAt),
                info.expiry(),
                info.indexes(),
                info.size());
        return new Stored(touched, attributes, former);
    }

    View view(Function<byte[], AttributeValue> maker, boolean behind) {
        Map<String, AttributeValue> values = new HashMap<>();
        attributes.forEach((name, bytes) -> values.put(name, maker.apply(bytes)));
        return new View(info, Map.copyOf(values), behind);
    }

    private Instant later(Instant accessedAt) {
        return accessedAt.isAfter(info.lastAccessedAt()) ? accessedAt : info.lastAccessedAt();
    }

    private static long size(Map<String, byte[]> attributes) {
        return attributes.values().stream().mapToLong(bytes -> bytes.length).sum();
    }
}
