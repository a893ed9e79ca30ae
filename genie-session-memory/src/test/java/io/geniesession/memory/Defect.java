package io.geniesession.memory;

import io.geniesession.EndReason;
import io.geniesession.Page;
import io.geniesession.PageRequest;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.AdapterFixture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * One way to break the contract, as adapters have been broken before, with the rules whose tests must fail. The first rule is
 * the broken one; others, where there are any, cannot be kept without it.
 */
@SuppressWarnings("ImmutableEnumChecker") // What it holds is immutable, by types that cannot say so.
enum Defect {
    EMPTY_ATTRIBUTES_ARE_LOST(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public Optional<SessionRecord> create(NewSession session) {
                    Map<String, AttributeValue> kept = new HashMap<>(session.attributes());
                    kept.values().removeIf(value -> value.encoded().length <= 6);
                    return sound.create(new NewSession(
                            session.key(),
                            session.id(),
                            session.createdAt(),
                            session.expiry(),
                            kept,
                            session.indexes()));
                }
            },
            "create-1"),

    REPEATED_CREATE_IS_REFUSED(
            sound -> new ForwardingAdapter(sound) {
                private final Set<SessionKey> created = ConcurrentHashMap.newKeySet();

                @Override
                public Optional<SessionRecord> create(NewSession session) {
                    return created.add(session.key()) ? sound.create(session) : Optional.empty();
                }
            },
            "create-2"),

    CREATE_REPLACES(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public Optional<SessionRecord> create(NewSession session) {
                    Optional<SessionRecord> created = sound.create(session);
                    if (created.isPresent()) {
                        return created;
                    }
                    sound.delete(session.key(), session.createdAt(), Detail.METADATA);
                    return sound.create(session);
                }
            },
            "create-3"),

    LOAD_FINDS_FORMER_IDS(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public Optional<SessionRecord> load(SessionId id, Instant now) {
                    return sound.load(id, now)
                            .or(() -> sound.loadFormer(id, now).map(FormerId::session));
                }
            },
            "renew-2"),

    LOAD_IGNORES_EXPIRY(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public Optional<SessionRecord> load(SessionId id, Instant now) {
                    return sound.load(id, Instant.MIN);
                }
            },
            "load-2"),

    LOAD_COUNTS_A_VERSION(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public Optional<SessionRecord> load(SessionId id, Instant now) {
                    Optional<SessionRecord> found = sound.load(id, now);
                    found.ifPresent(record -> sound.persist(
                            record, SessionChanges.at(record.info().lastAccessedAt())));
                    return found;
                }
            },
            "load-3"),

    LOAD_IS_CACHED(
            sound -> new ForwardingAdapter(sound) {
                private final Map<SessionId, SessionRecord> cache = new ConcurrentHashMap<>();

                @Override
                public Optional<SessionRecord> load(SessionId id, Instant now) {
                    sound.load(id, now).ifPresent(record -> cache.putIfAbsent(id, record));
                    return Optional.ofNullable(cache.get(id))
                            .filter(record -> !record.info().isExpired(now));
                }
            },
            "load-4"),

    RELOAD_GOES_BY_THE_FIRST_ID(
            sound -> new ForwardingAdapter(sound) {
                private final Map<SessionKey, SessionId> ids = new ConcurrentHashMap<>();

                @Override
                public Optional<SessionRecord> create(NewSession session) {
                    Optional<SessionRecord> created = sound.create(session);
                    created.ifPresent(record -> ids.put(session.key(), session.id()));
                    return created;
                }

                @Override
                public Optional<SessionRecord> reload(SessionKey key, Instant now) {
                    return Optional.ofNullable(ids.get(key)).flatMap(id -> sound.load(id, now));
                }
            },
            "reload-1",
            "persist-4",
            "persist-5",
            "persist-6",
            "persist-7"), // whose tests look at a renewed session by its key

    FORMER_IDS_ARE_FORGOTTEN(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public Optional<FormerId> loadFormer(SessionId id, Instant now) {
                    return Optional.empty();
                }
            },
            "former-1"),

    FORMER_IDS_ARE_NEVER_FORGOTTEN(
            sound -> new ForwardingAdapter(sound) {
                private final Map<SessionId, FormerId> formers = new ConcurrentHashMap<>();
                private final Map<String, SessionId> ids = new ConcurrentHashMap<>();

                @Override
                public Optional<SessionRecord> create(NewSession session) {
                    ids.put(session.id().publicId(), session.id());
                    return sound.create(session);
                }

                @Override
                public PersistResult persist(SessionRecord base, SessionChanges changes) {
                    PersistResult result = sound.persist(base, changes);
                    SessionId from = ids.get(base.info().publicId());
                    if (result instanceof PersistResult.Saved saved
                            && changes.renewal().isPresent()
                            && from != null) {
                        formers.put(
                                from,
                                new FormerId(
                                        saved.next(), changes.renewal().get().formerUsableUntil()));
                    }
                    return result;
                }

                @Override
                public Optional<FormerId> loadFormer(SessionId id, Instant now) {
                    return sound.loadFormer(id, now)
                            .or(() -> Optional.ofNullable(formers.get(id))
                                    .filter(former -> sound.reload(
                                                    former.session().info().key(), now)
                                            .isPresent()));
                }
            },
            "former-1"),

    INDEXES_ARE_DROPPED_WITH_AN_EXPIRY(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public PersistResult persist(SessionRecord base, SessionChanges changes) {
                    return sound.persist(base, changes.expiry().isPresent() ? changes.withIndexes(Map.of()) : changes);
                }
            },
            "persist-1"),

    PERSIST_WRITES_THE_WHOLE_VIEW(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public PersistResult persist(SessionRecord base, SessionChanges changes) {
                    Set<String> removed = new HashSet<>(changes.removed());
                    sound.reload(base.info().key(), changes.accessedAt())
                            .ifPresent(now -> removed.addAll(now.attributeNames()));
                    removed.removeAll(base.attributeNames());
                    removed.removeAll(changes.set().keySet());
                    removed.addAll(changes.removed());
                    return sound.persist(base, changes.withRemoved(removed));
                }
            },
            "persist-2",
            "persist-7",
            "renew-1",
            "renew-2"), // which expect other writers' attributes

    PERSIST_REVIVES(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public PersistResult persist(SessionRecord base, SessionChanges changes) {
                    PersistResult result = sound.persist(base, changes);
                    if (!(result instanceof PersistResult.Gone)) {
                        return result;
                    }
                    SessionInfo info = base.info();
                    return sound.create(new NewSession(
                                    info.key(),
                                    SessionId.generate(),
                                    changes.accessedAt(),
                                    info.expiry(),
                                    changes.set(),
                                    info.indexes()))
                            .<PersistResult>map(PersistResult.Saved::new)
                            .orElse(result);
                }
            },
            "persist-3",
            "delete-1"), // deleted sessions stay deleted by both

    PERSIST_IS_JUDGED_BY_THE_FUTURE(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public PersistResult persist(SessionRecord base, SessionChanges changes) {
                    return sound.reload(base.info().key(), changes.accessedAt().plusMillis(1))
                                    .isEmpty()
                            ? new PersistResult.Gone()
                            : sound.persist(base, changes);
                }
            },
            "persist-3"),

    TOUCH_COUNTS_A_VERSION(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public boolean touch(SessionRecord base, Instant accessedAt) {
                    return sound.persist(base, SessionChanges.at(accessedAt)) instanceof PersistResult.Saved;
                }
            },
            "touch-1"),

    TOUCH_OF_THE_GONE_SUCCEEDS(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public boolean touch(SessionRecord base, Instant accessedAt) {
                    sound.touch(base, accessedAt);
                    return true;
                }
            },
            "touch-1",
            "delete-1"), // deleted sessions are gone for a touch by both

    PERSIST_WITHOUT_CHANGES_IS_A_TOUCH(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public PersistResult persist(SessionRecord base, SessionChanges changes) {
                    if (!changes.equals(SessionChanges.at(changes.accessedAt()))) {
                        return sound.persist(base, changes);
                    }
                    return sound.touch(base, changes.accessedAt())
                            ? new PersistResult.Saved(base)
                            : new PersistResult.Gone();
                }
            },
            "persist-5",
            "persist-6"), // another writer's persist counts, whatever it changes

    STRICT_IS_IGNORED(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public PersistResult persist(SessionRecord base, SessionChanges changes) {
                    return sound.persist(base, relaxed(changes));
                }
            },
            "persist-6",
            "persist-1",
            "persist-7"), // which need a conflict to see what it leaves

    NEXT_FORGETS_OTHER_WRITERS(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public PersistResult persist(SessionRecord base, SessionChanges changes) {
                    PersistResult result = sound.persist(base, changes);
                    return result instanceof PersistResult.Saved
                            ? sound.reload(base.info().key(), changes.accessedAt())
                                    .<PersistResult>map(PersistResult.Saved::new)
                                    .orElse(result)
                            : result;
                }
            },
            "persist-7"),

    TIMEOUT_IS_NEVER_SHORTENED(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public PersistResult persist(SessionRecord base, SessionChanges changes) {
                    Instant before = base.info().expiresAt();
                    boolean shorter = changes.expiry()
                            .map(expiry ->
                                    expiry.expiresAt(changes.accessedAt()).isBefore(before))
                            .orElse(false);
                    return sound.persist(
                            base, shorter ? changes.withExpiry(base.info().expiry()) : changes);
                }
            },
            "persist-8"),

    RENEWAL_IS_NOT_GUARDED(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public PersistResult persist(SessionRecord base, SessionChanges changes) {
                    PersistResult result = sound.persist(base, changes);
                    return result instanceof PersistResult.Conflict && !changes.strict()
                            ? sound.persist(
                                    sound.reload(base.info().key(), changes.accessedAt())
                                            .orElseThrow(),
                                    changes)
                            : result;
                }
            },
            "renew-1"),

    DELETE_ANSWERS_AGAIN(
            sound -> new ForwardingAdapter(sound) {
                private final Map<SessionKey, EndedSession> deleted = new ConcurrentHashMap<>();

                @Override
                public Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail) {
                    sound.delete(key, now, detail).ifPresent(ended -> deleted.put(key, ended));
                    return Optional.ofNullable(deleted.get(key));
                }
            },
            "delete-1"),

    DELETE_TAKES_THE_EXPIRED(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail) {
                    return sound.delete(key, Instant.MIN, detail);
                }
            },
            "delete-1"),

    SWEEP_IGNORES_ITS_LIMIT(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public List<EndedSession> sweep(Instant before, int limit, Detail detail) {
                    return sound.sweep(before, Integer.MAX_VALUE, detail);
                }
            },
            "sweep-1"),

    SWEEP_IS_A_MILLISECOND_EARLY(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public List<EndedSession> sweep(Instant before, int limit, Detail detail) {
                    return sound.sweep(before.plusMillis(1), limit, detail);
                }
            },
            "sweep-1"),

    SWEEP_REPORTS_IDLE_ALWAYS(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public List<EndedSession> sweep(Instant before, int limit, Detail detail) {
                    return sound.sweep(before, limit, detail).stream()
                            .map(ended -> new EndedSession(ended.info(), EndReason.IDLE, ended.attributes()))
                            .toList();
                }
            },
            "sweep-2"),

    SWEEP_REPORTS_THE_DELETED(
            sound -> new ForwardingAdapter(sound) {
                private final List<EndedSession> deleted = new ArrayList<>();

                @Override
                public Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail) {
                    Optional<EndedSession> ended = sound.delete(key, now, detail);
                    ended.ifPresent(deleted::add);
                    return ended;
                }

                @Override
                public List<EndedSession> sweep(Instant before, int limit, Detail detail) {
                    List<EndedSession> swept = new ArrayList<>(sound.sweep(before, limit, detail));
                    swept.addAll(deleted);
                    deleted.clear();
                    return swept;
                }
            },
            "sweep-2"),

    ATTRIBUTES_ARE_ALWAYS_RETURNED(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public List<EndedSession> sweep(Instant before, int limit, Detail detail) {
                    return sound.sweep(before, limit, Detail.ATTRIBUTES);
                }
            },
            "detail-1"),

    ATTRIBUTES_ARE_NEVER_RETURNED(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail) {
                    return sound.delete(key, now, Detail.METADATA);
                }
            },
            "detail-1"),

    CLOSING_TWICE_FAILS(
            sound -> new ForwardingAdapter(sound) {
                private boolean closed;

                @Override
                public void close() {
                    if (closed) {
                        throw new IllegalStateException("closed");
                    }
                    closed = true;
                }
            },
            "close-1"),

    CALL_AFTER_CLOSING_BREAKS(
            sound -> new ForwardingAdapter(sound) {
                private volatile boolean closed;

                @Override
                public Optional<SessionRecord> load(SessionId id, Instant now) {
                    if (closed) {
                        throw new IllegalStateException("closed");
                    }
                    return sound.load(id, now);
                }

                @Override
                public void close() {
                    closed = true;
                }
            },
            "close-1"),

    EXPIRED_SESSIONS_ARE_COUNTED(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public long count(Instant now) {
                    return sound.count(Instant.MIN);
                }
            },
            "count"),

    REFERENCES_ARE_KEPT_IN_SECRET(
            sound -> new ForwardingAdapter(sound) {
                @Override
                public boolean keepsReferences() {
                    return false;
                }
            },
            "bytes"),

    ENTRIES_IGNORE_CASE(
            KitFindsDefectsTest.Indexed.class,
            sound -> new ForwardingIndex(sound) {
                @Override
                public Page<SessionInfo> find(IndexEntry entry, Instant now, PageRequest page) {
                    return index.find(new IndexEntry(entry.name(), entry.value().toLowerCase(Locale.ROOT)), now, page);
                }
            },
            "index-1"),

    REMOVED_ENTRIES_STAY(
            KitFindsDefectsTest.Indexed.class,
            sound -> new ForwardingAdapter(sound) {
                @Override
                public PersistResult persist(SessionRecord base, SessionChanges changes) {
                    Map<String, Optional<String>> kept = new HashMap<>(changes.indexes());
                    kept.values().removeIf(Optional::isEmpty);
                    return sound.persist(base, changes.withIndexes(kept));
                }
            },
            "index-1"),

    EXPIRED_SESSIONS_ARE_LISTED(
            KitFindsDefectsTest.Indexed.class,
            sound -> new ForwardingIndex(sound) {
                @Override
                public Page<SessionInfo> find(IndexEntry entry, Instant now, PageRequest page) {
                    return index.find(entry, Instant.MIN, page);
                }
            },
            "index-2"),

    EXPIRED_HOLDERS_ARE_COUNTED(
            KitFindsDefectsTest.Indexed.class,
            sound -> new ForwardingIndex(sound) {
                @Override
                public long count(IndexEntry entry, Instant now) {
                    return index.count(entry, Instant.MIN);
                }
            },
            "index-2"),

    LISTING_IS_BY_CREATION(
            KitFindsDefectsTest.Indexed.class,
            sound -> new ForwardingIndex(sound) {
                @Override
                public Page<SessionInfo> find(IndexEntry entry, Instant now, PageRequest page) {
                    Page<SessionInfo> found = index.find(entry, now, page);
                    List<SessionInfo> sorted = new ArrayList<>(found.items());
                    sorted.sort(Comparator.comparing(SessionInfo::createdAt).thenComparing(SessionInfo::key));
                    return new Page<>(sorted, found.next());
                }
            },
            "index-3"),

    PAGES_ARE_COUNTED_OFF(
            KitFindsDefectsTest.Indexed.class,
            sound -> new ForwardingIndex(sound) {
                @Override
                public Page<SessionInfo> find(IndexEntry entry, Instant now, PageRequest page) {
                    int from = page.after().isEmpty() ? 0 : Integer.parseInt(page.after());
                    List<SessionInfo> all = index.find(entry, now, PageRequest.first(PageRequest.MAX_LIMIT))
                            .items();
                    List<SessionInfo> items =
                            all.stream().skip(from).limit(page.limit()).toList();
                    boolean last = from + items.size() >= all.size();
                    return new Page<>(items, last ? Optional.empty() : Optional.of("" + (from + items.size())));
                }
            },
            "index-4"),

    DELETE_ALL_SPARES_NONE(
            KitFindsDefectsTest.Indexed.class,
            sound -> new ForwardingIndex(sound) {
                @Override
                public List<EndedSession> deleteAll(
                        IndexEntry entry, Set<SessionKey> except, Instant now, Detail detail) {
                    return index.deleteAll(entry, Set.of(), now, detail);
                }
            },
            "index-5");

    final Class<? extends AdapterFixture> contract;
    final UnaryOperator<SessionAdapter> wrapping;
    final List<String> broken;

    Defect(UnaryOperator<SessionAdapter> wrapping, String... broken) {
        this(KitFindsDefectsTest.Core.class, wrapping, broken);
    }

    Defect(Class<? extends AdapterFixture> contract, UnaryOperator<SessionAdapter> wrapping, String... broken) {
        this.contract = contract;
        this.wrapping = wrapping;
        this.broken = List.of(broken);
    }

    static SessionChanges relaxed(SessionChanges changes) {
        return new SessionChanges(
                changes.accessedAt(),
                false,
                changes.set(),
                changes.removed(),
                changes.indexes(),
                changes.expiry(),
                changes.renewal());
    }
}
