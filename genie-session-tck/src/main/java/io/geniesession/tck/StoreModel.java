package io.geniesession.tck;

import io.geniesession.EndReason;
import io.geniesession.Expiry;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.Linearization.Effect;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of {@link io.geniesession.spi.SessionAdapter} as a store that does one step after another. Each step is given with
 * its answer. Where the rules leave a choice, such as what {@code next} shows of other writers, every choice is right.
 *
 * <p>Immutable.
 *
 * @param sessions what is stored, expired sessions included
 * @param contended public ids that several sessions are created with; each of these creates may be refused, because an adapter
 *     may take such an id a moment before its session is seen, and give it back a moment after
 */
record StoreModel(Map<SessionKey, Stored> sessions, Set<String> contended) {
    /** A session, its facts without a size. */
    record Stored(SessionInfo info, Map<String, String> attributes, Optional<Former> former) {}

    record Former(String publicId, Instant usableUntil) {}

    /**
     * A record that a caller holds.
     *
     * @param expected the version that the session has if nobody but its holder has changed it since it was loaded
     */
    record Base(SessionRecord record, long expected) {
        static Base of(SessionRecord record) {
            return new Base(record, record.info().version());
        }

        SessionKey key() {
            return record.info().key();
        }

        Base next(PersistResult.Saved saved) {
            return new Base(saved.next(), expected + 1);
        }
    }

    static Effect<StoreModel> create(NewSession session, Optional<SessionRecord> answer) {
        Stored created = new Stored(
                new SessionInfo(
                        session.key(),
                        session.id().publicId(),
                        1,
                        session.createdAt(),
                        session.createdAt(),
                        session.expiry(),
                        session.indexes(),
                        0),
                texts(session),
                Optional.empty());
        return store -> {
            Stored present = store.sessions.get(session.key());
            if (present != null
                    && present.info.version() == 1
                    && present.info.publicId().equals(created.info.publicId())) {
                return store.ifSeen(present, answer);
            }
            if (answer.isEmpty()) {
                return present != null || store.contended.contains(created.info.publicId()) ? store : null;
            }
            boolean free = present == null && store.withId(session.id()) == null;
            return free && isSeen(created, answer) ? store.with(created) : null;
        };
    }

    private static Map<String, String> texts(NewSession session) {
        Map<String, String> texts = new HashMap<>();
        session.attributes().forEach((name, value) -> texts.put(name, TestValue.text(value)));
        return texts;
    }

    static Effect<StoreModel> load(SessionId id, Instant now, Optional<SessionRecord> answer) {
        return store -> store.ifSeen(live(store.withId(id), now), answer);
    }

    static Effect<StoreModel> reload(SessionKey key, Instant now, Optional<SessionRecord> answer) {
        return store -> store.ifSeen(store.live(key, now), answer);
    }

    static Effect<StoreModel> loadFormer(SessionId id, Instant now, Optional<FormerId> answer) {
        return store -> {
            Stored found = store.sessions.values().stream()
                    .filter(stored -> stored.former
                            .map(former -> former.publicId.equals(id.publicId()))
                            .orElse(false))
                    .findFirst()
                    .orElse(null);
            Stored live = live(found, now);
            boolean sameUntil = live == null
                    || answer.map(FormerId::usableUntil).equals(live.former.map(former -> former.usableUntil));
            return sameUntil ? store.ifSeen(live, answer.map(FormerId::session)) : null;
        };
    }

    static Effect<StoreModel> persist(Base base, SessionChanges changes, PersistResult answer) {
        return store -> {
            Stored now = store.live(base.key(), changes.accessedAt());
            if (now == null) {
                return answer instanceof PersistResult.Gone ? store : null;
            }
            boolean unchanged = now.info.version() == base.expected;
            boolean sameId = now.info.publicId().equals(base.record.info().publicId());
            if ((changes.strict() && !unchanged) || (changes.renewal().isPresent() && !sameId)) {
                return answer instanceof PersistResult.Conflict ? store : null;
            }
            Stored next = changed(now, changes);
            return answer instanceof PersistResult.Saved saved && isNext(saved.next(), base, changes, next, unchanged)
                    ? store.with(next)
                    : null;
        };
    }

    private static Stored changed(Stored now, SessionChanges changes) {
        Map<String, String> attributes = changed(now.attributes, changes);
        Map<String, String> indexes = changedIndexes(now.info.indexes(), changes);
        Optional<String> newId = changes.renewal().map(renewal -> renewal.to().publicId());
        SessionInfo info = new SessionInfo(
                now.info.key(),
                newId.orElse(now.info.publicId()),
                now.info.version() + 1,
                now.info.createdAt(),
                later(now.info.lastAccessedAt(), changes.accessedAt()),
                changes.expiry().orElse(now.info.expiry()),
                indexes,
                0);
        Optional<Former> former = changes.renewal()
                .map(renewal -> new Former(now.info.publicId(), renewal.formerUsableUntil()))
                .or(() -> now.former);
        return new Stored(info, attributes, former);
    }

    private static Map<String, String> changed(Map<String, String> attributes, SessionChanges changes) {
        Map<String, String> changed = new HashMap<>(attributes);
        changes.set().forEach((name, value) -> changed.put(name, TestValue.text(value)));
        changed.keySet().removeAll(changes.removed());
        return changed;
    }

    private static Map<String, String> changedIndexes(Map<String, String> indexes, SessionChanges changes) {
        Map<String, String> changed = new HashMap<>(indexes);
        changes.indexes().forEach((name, value) -> {
            changed.remove(name);
            value.ifPresent(text -> changed.put(name, text));
        });
        return changed;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    /** Each part of it is that of the base with the changes, or that of the session as it is now. [persist-7] */
    private static boolean isNext(
            SessionRecord shown, Base base, SessionChanges changes, Stored now, boolean unchanged) {
        SessionInfo info = shown.info();
        SessionInfo before = base.record.info();
        String ownId = changes.renewal().map(renewal -> renewal.to().publicId()).orElse(before.publicId());
        Expiry ownExpiry = changes.expiry().orElse(before.expiry());
        return info.key().equals(now.info.key())
                && info.createdAt().equals(now.info.createdAt())
                && (!unchanged || info.version() == now.info.version())
                && isOneOf(info.publicId(), ownId, now.info.publicId())
                && isOneOf(info.expiry(), ownExpiry, now.info.expiry())
                && isMix(
                        AdapterFixture.texts(shown),
                        changed(AdapterFixture.texts(base.record), changes),
                        now.attributes)
                && isMix(info.indexes(), changedIndexes(before.indexes(), changes), now.info.indexes());
    }

    private static boolean isMix(Map<String, String> shown, Map<String, String> own, Map<String, String> now) {
        Set<String> names = new HashSet<>(shown.keySet());
        names.addAll(own.keySet());
        names.addAll(now.keySet());
        return names.stream().allMatch(name -> isOneOf(shown.get(name), own.get(name), now.get(name)));
    }

    private static boolean isOneOf(@Nullable Object shown, @Nullable Object own, @Nullable Object now) {
        return Objects.equals(shown, own) || Objects.equals(shown, now);
    }

    static Effect<StoreModel> touch(Base base, Instant accessedAt, boolean answer) {
        return store -> {
            Stored now = store.live(base.key(), accessedAt);
            if (now == null) {
                return answer ? null : store;
            }
            SessionInfo info = now.info;
            SessionInfo touched = new SessionInfo(
                    info.key(),
                    info.publicId(),
                    info.version(),
                    info.createdAt(),
                    later(info.lastAccessedAt(), accessedAt),
                    info.expiry(),
                    info.indexes(),
                    0);
            return answer ? store.with(new Stored(touched, now.attributes, now.former)) : null;
        };
    }

    static Effect<StoreModel> delete(SessionKey key, Instant now, boolean attributes, Optional<EndedSession> answer) {
        return store -> {
            Stored last = store.live(key, now);
            return last == null
                    ? (answer.isEmpty() ? store : null)
                    : store.without(last, EndReason.DELETED, attributes, answer);
        };
    }

    /** What a sweep did to one session, which may be nothing. */
    static Effect<StoreModel> sweep(SessionKey key, Instant before, boolean attributes, Optional<EndedSession> answer) {
        return store -> {
            if (answer.isEmpty()) {
                return store;
            }
            Stored last = store.sessions.get(key);
            if (last == null || !last.info.isExpired(before)) {
                return null;
            }
            EndReason reason = last.info.expiry().reason(last.info.lastAccessedAt());
            return store.without(last, reason, attributes, answer);
        };
    }

    /** Whether a listing shows one session. */
    static Effect<StoreModel> find(IndexEntry entry, Instant now, SessionKey key, Optional<SessionInfo> answer) {
        return store -> {
            Optional<SessionInfo> expected =
                    Optional.ofNullable(store.holder(entry, now, key)).map(Stored::info);
            return expected.equals(answer.map(StoreModel::withoutSize)) ? store : null;
        };
    }

    /** What an end of all sessions of an entry did to one of them. */
    static Effect<StoreModel> deleteAll(
            IndexEntry entry, Instant now, SessionKey key, boolean attributes, Optional<EndedSession> answer) {
        return store -> {
            Stored last = store.holder(entry, now, key);
            return last == null
                    ? (answer.isEmpty() ? store : null)
                    : store.without(last, EndReason.DELETED, attributes, answer);
        };
    }

    // What is there

    private @Nullable Stored live(SessionKey key, Instant now) {
        return live(sessions.get(key), now);
    }

    private static @Nullable Stored live(@Nullable Stored stored, Instant now) {
        return stored == null || stored.info.isExpired(now) ? null : stored;
    }

    private @Nullable Stored withId(SessionId id) {
        return sessions.values().stream()
                .filter(stored -> stored.info.publicId().equals(id.publicId()))
                .findFirst()
                .orElse(null);
    }

    private @Nullable Stored holder(IndexEntry entry, Instant now, SessionKey key) {
        Stored found = live(key, now);
        return found != null && entry.value().equals(found.info.indexes().get(entry.name())) ? found : null;
    }

    // What was answered

    private @Nullable StoreModel ifSeen(@Nullable Stored stored, Optional<SessionRecord> answer) {
        boolean same = stored == null ? answer.isEmpty() : isSeen(stored, answer);
        return same ? this : null;
    }

    private static boolean isSeen(Stored stored, Optional<SessionRecord> answer) {
        return answer.isPresent()
                && stored.info.equals(withoutSize(answer.get().info()))
                && stored.attributes.equals(AdapterFixture.texts(answer.get()));
    }

    private static SessionInfo withoutSize(SessionInfo info) {
        return new SessionInfo(
                info.key(),
                info.publicId(),
                info.version(),
                info.createdAt(),
                info.lastAccessedAt(),
                info.expiry(),
                info.indexes(),
                0);
    }

    // What comes of it

    private StoreModel with(Stored stored) {
        Map<SessionKey, Stored> more = new HashMap<>(sessions);
        more.put(stored.info.key(), stored);
        return new StoreModel(more, contended);
    }

    private @Nullable StoreModel without(
            Stored last, EndReason reason, boolean attributes, Optional<EndedSession> answer) {
        boolean seen = answer.isPresent()
                && answer.get().reason() == reason
                && last.info.equals(withoutSize(answer.get().info()))
                && AdapterFixture.texts(answer.get()).equals(attributes ? last.attributes : Map.of());
        Map<SessionKey, Stored> rest = new HashMap<>(sessions);
        rest.remove(last.info.key());
        return seen ? new StoreModel(rest, contended) : null;
    }
}
