package io.geniesession;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapterProvider;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.spi.Setting;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps bytes, in a map, as plainly as it can be written: what the core is tested against inside this module.
 * Opened twice it is one store with two nodes. It counts its calls and fails on demand.
 */
final class BytesAdapter implements SessionAdapterProvider {
    private final Map<SessionKey, Row> rows = new TreeMap<>();
    private @Nullable SessionStoreException failure;
    private @Nullable AdapterContext lastContext;

    /** Lets the next create or persist succeed and its answer get lost. */
    boolean loseNextAnswer;

    /** Runs when a load by id has found what it answers. */
    volatile Runnable afterLoad = () -> {};

    /** Runs before a persist does anything. */
    volatile Runnable beforePersist = () -> {};

    /** Runs before a sweep does anything. */
    Runnable beforeSweep = () -> {};

    /** Lets looking up by an index fail. */
    boolean failFind;

    static final BiConsumer<SessionId, Integer> NOTHING = (id, number) -> {};

    /** Runs before each lookup of an id, with the number of loads so far. */
    BiConsumer<SessionId, Integer> beforeLoad = NOTHING;

    int loads;
    int persists;
    int touches;
    int sweeps;
    int closed;

    private record Row(
            SessionInfo info,
            Map<String, byte[]> attributes,
            Map<String, Instant> since,
            String formerId,
            Instant formerUntil) {}

    /** What the node that was opened last has lent. */
    AdapterContext context() {
        return require(lastContext);
    }

    /** Lets every call fail, or none with null. */
    synchronized void failWith(@Nullable SessionStoreException newFailure) {
        failure = newFailure;
    }

    /** Replaces an attribute's bytes behind the library's back. */
    synchronized void corrupt(SessionKey key, String name, byte[] bytes) {
        require(rows.get(key)).attributes().put(name, bytes);
    }

    synchronized byte[] bytesOf(SessionKey key, String name) {
        byte[] bytes = require(rows.get(key)).attributes().get(name);
        return require(bytes).clone();
    }

    /** Tells whether this text stands in any value, byte for byte. */
    synchronized boolean anyContains(String ascii) {
        return rows.values().stream()
                .flatMap(row -> row.attributes().values().stream())
                .anyMatch(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).contains(ascii));
    }

    private static <T> T require(@Nullable T value) {
        if (value == null) {
            throw new AssertionError("not stored");
        }
        return value;
    }

    @Override
    public String name() {
        return "bytes";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of();
    }

    @Override
    public SessionAdapter open(AdapterContext context) {
        lastContext = context;
        return new Node(context);
    }

    private void loseAnswerIfTold() {
        if (loseNextAnswer) {
            loseNextAnswer = false;
            throw new SessionStoreException("the answer was lost", "08006", true, null);
        }
    }

    private final class Node implements SessionAdapter, IndexedSessions {
        private final AdapterContext context;

        Node(AdapterContext context) {
            this.context = context;
        }

        private void check() {
            if (failure != null) {
                throw failure;
            }
        }

        private SessionRecord recordOf(Row row) {
            Map<String, AttributeValue> values = values(row);
            return new SessionRecord() {
                @Override
                public SessionInfo info() {
                    return row.info();
                }

                @Override
                public Set<String> attributeNames() {
                    return values.keySet();
                }

                @Override
                public Optional<AttributeValue> attribute(String name) {
                    return Optional.ofNullable(values.get(name));
                }
            };
        }

        private Map<String, AttributeValue> values(Row row) {
            Map<String, AttributeValue> values = new HashMap<>();
            row.attributes().forEach((name, bytes) -> values.put(name, context.valueOf(bytes.clone())));
            return values;
        }

        private Optional<Row> live(Predicate<Row> which, Instant now) {
            check();
            return rows.values().stream()
                    .filter(which)
                    .filter(row -> !row.info().isExpired(now))
                    .findFirst();
        }

        @Override
        public boolean keepsReferences() {
            return false;
        }

        @Override
        public Optional<SessionRecord> create(NewSession session) {
            synchronized (BytesAdapter.this) {
                check();
                Map<String, byte[]> attributes = new HashMap<>();
                session.attributes().forEach((name, value) -> attributes.put(name, value.encoded()));
                Map<String, Instant> since = new HashMap<>();
                session.indexes().keySet().forEach(name -> since.put(name, session.createdAt()));
                SessionInfo info = new SessionInfo(
                        session.key(),
                        session.id().publicId(),
                        1,
                        session.createdAt(),
                        session.createdAt(),
                        session.expiry(),
                        session.indexes(),
                        size(attributes));
                Row row = new Row(info, attributes, since, "", Instant.EPOCH);
                rows.put(session.key(), row);
                loseAnswerIfTold();
                return Optional.of(recordOf(row));
            }
        }

        private long size(Map<String, byte[]> attributes) {
            return attributes.values().stream().mapToLong(bytes -> bytes.length).sum();
        }

        @Override
        public Optional<SessionRecord> load(SessionId id, Instant now) {
            Optional<SessionRecord> found;
            synchronized (BytesAdapter.this) {
                loads++;
                beforeLoad.accept(id, loads);
                found = live(row -> row.info().publicId().equals(id.publicId()), now)
                        .map(this::recordOf);
            }
            afterLoad.run();
            return found;
        }

        @Override
        public Optional<SessionRecord> reload(SessionKey key, Instant now) {
            synchronized (BytesAdapter.this) {
                loads++;
                return live(row -> row.info().key().equals(key), now).map(this::recordOf);
            }
        }

        @Override
        public Optional<FormerId> loadFormer(SessionId id, Instant now) {
            synchronized (BytesAdapter.this) {
                return live(row -> row.formerId().equals(id.publicId()), now)
                        .map(row -> new FormerId(recordOf(row), row.formerUntil()));
            }
        }

        @Override
        public PersistResult persist(SessionRecord base, SessionChanges changes) {
            beforePersist.run();
            synchronized (BytesAdapter.this) {
                persists++;
                Optional<Row> found =
                        live(row -> row.info().key().equals(base.info().key()), changes.accessedAt());
                if (found.isEmpty()) {
                    return new PersistResult.Gone();
                }
                Row row = found.get();
                boolean moved = row.info().version() != base.info().version();
                boolean renewed = !row.info().publicId().equals(base.info().publicId());
                if ((changes.strict() && moved) || (changes.renewal().isPresent() && renewed)) {
                    return new PersistResult.Conflict();
                }
                Row next = apply(row, changes);
                rows.put(base.info().key(), next);
                loseAnswerIfTold();
                return new PersistResult.Saved(recordOf(next));
            }
        }

        private Row apply(Row row, SessionChanges changes) {
            SessionInfo old = row.info();
            Map<String, byte[]> attributes = new HashMap<>(row.attributes());
            changes.set().forEach((name, value) -> attributes.put(name, value.encoded()));
            attributes.keySet().removeAll(changes.removed());
            Map<String, String> indexes = new HashMap<>(old.indexes());
            Map<String, Instant> since = new HashMap<>(row.since());
            changes.indexes().forEach((name, value) -> {
                indexes.remove(name);
                value.ifPresent(text -> indexes.put(name, text));
                since.put(name, changes.accessedAt());
            });
            Optional<Renewal> renewal = changes.renewal();
            SessionInfo info = new SessionInfo(
                    old.key(),
                    renewal.map(Renewal::to).map(SessionId::publicId).orElse(old.publicId()),
                    old.version() + 1,
                    old.createdAt(),
                    later(old.lastAccessedAt(), changes.accessedAt()),
                    changes.expiry().orElse(old.expiry()),
                    indexes,
                    size(attributes));
            return new Row(
                    info,
                    attributes,
                    since,
                    renewal.isPresent() ? old.publicId() : row.formerId(),
                    renewal.map(Renewal::formerUsableUntil).orElse(row.formerUntil()));
        }

        private Instant later(Instant a, Instant b) {
            return a.isAfter(b) ? a : b;
        }

        @Override
        public boolean touch(SessionRecord base, Instant accessedAt) {
            synchronized (BytesAdapter.this) {
                touches++;
                Optional<Row> found =
                        live(row -> row.info().key().equals(base.info().key()), accessedAt);
                found.ifPresent(row -> {
                    SessionInfo old = row.info();
                    SessionInfo info = new SessionInfo(
                            old.key(),
                            old.publicId(),
                            old.version(),
                            old.createdAt(),
                            later(old.lastAccessedAt(), accessedAt),
                            old.expiry(),
                            old.indexes(),
                            old.size());
                    rows.put(
                            old.key(), new Row(info, row.attributes(), row.since(), row.formerId(), row.formerUntil()));
                });
                return found.isPresent();
            }
        }

        @Override
        public Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail) {
            synchronized (BytesAdapter.this) {
                return live(row -> row.info().key().equals(key), now).map(row -> end(row, EndReason.DELETED, detail));
            }
        }

        private EndedSession end(Row row, EndReason reason, Detail detail) {
            rows.remove(row.info().key());
            return new EndedSession(row.info(), reason, detail == Detail.ATTRIBUTES ? values(row) : Map.of());
        }

        @Override
        public List<EndedSession> sweep(Instant before, int limit, Detail detail) {
            synchronized (BytesAdapter.this) {
                sweeps++;
                beforeSweep.run();
                check();
                List<Row> dead = rows.values().stream()
                        .filter(row -> row.info().isExpired(before))
                        .limit(limit)
                        .toList();
                List<EndedSession> ended = new ArrayList<>();
                dead.forEach(row ->
                        ended.add(end(row, row.info().expiry().reason(row.info().lastAccessedAt()), detail)));
                return ended;
            }
        }

        @Override
        public long count(Instant now) {
            synchronized (BytesAdapter.this) {
                return rows.values().stream()
                        .filter(row -> !row.info().isExpired(now))
                        .count();
            }
        }

        private List<Row> having(IndexEntry entry, Instant now) {
            check();
            return rows.values().stream()
                    .filter(row -> entry.value().equals(row.info().indexes().get(entry.name())))
                    .filter(row -> !row.info().isExpired(now))
                    .sorted(java.util.Comparator.comparing(
                            (Row row) -> require(row.since().get(entry.name()))))
                    .toList();
        }

        @Override
        public Page<SessionInfo> find(IndexEntry entry, Instant now, PageRequest page) {
            synchronized (BytesAdapter.this) {
                if (failFind) {
                    throw new SessionStoreException("no connection was free", null, false, null);
                }
                List<Row> all = having(entry, now);
                int from = page.after().isEmpty() ? 0 : Integer.parseInt(page.after());
                int to = Math.min(all.size(), from + page.limit());
                Optional<String> next = to < all.size() ? Optional.of(Integer.toString(to)) : Optional.empty();
                return new Page<>(all.subList(from, to).stream().map(Row::info).toList(), next);
            }
        }

        @Override
        public long count(IndexEntry entry, Instant now) {
            synchronized (BytesAdapter.this) {
                return having(entry, now).size();
            }
        }

        @Override
        public List<EndedSession> deleteAll(IndexEntry entry, Set<SessionKey> except, Instant now, Detail detail) {
            synchronized (BytesAdapter.this) {
                return having(entry, now).stream()
                        .filter(row -> !except.contains(row.info().key()))
                        .map(row -> end(row, EndReason.DELETED, detail))
                        .toList();
            }
        }

        @Override
        public Optional<IndexedSessions> indexed() {
            return Optional.of(this);
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
