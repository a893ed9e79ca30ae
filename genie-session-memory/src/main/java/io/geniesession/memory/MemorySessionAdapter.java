package io.geniesession.memory;

import static java.util.Objects.requireNonNull;

import io.geniesession.EndReason;
import io.geniesession.Page;
import io.geniesession.PageRequest;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import io.geniesession.memory.Slot.Due;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions in the memory of this process, by reference and without encoding. They are gone when the process ends, and
 * no other process sees them.
 *
 * <p>The number of sessions is bounded by {@code genie.session.memory.max-sessions}. In a full store, sessions without a
 * principal go before those with one, and what is used seldom goes first; if only sessions with a principal are left, a new
 * anonymous one goes at once. Sessions that had to go are reported with {@link EndReason#EVICTED}.
 *
 * <p>Safe for use by several threads.
 */
public final class MemorySessionAdapter implements SessionAdapter, IndexedSessions {
    /*
     * A session lives in a slot. Its state is an immutable record, replaced under the slot's monitor; a reader takes the
     * record with one volatile read and no lock. Everything else here is a way to find slots: by key, by id, by former id,
     * by index entry, by expiry. A way may lead to a slot whose record is not what was looked for (a writer is about to
     * take the way back), so whoever comes by it looks at the record, and only the record is the truth. Ways to a new record
     * exist before it does, and ways to an old one until it is replaced; so no way is ever missing.
     *
     * Caffeine bounds the number of sessions (see Bound). Its expiry is not used: it judges by a clock of its own at
     * moments of its own, but here the instants handed in decide, a late request may still be saved, and each expired session is
     * to be returned by a sweep of bounded size. Instead a queue is ordered by expiry. An access only moves expiry
     * on, so the queue is not touched then: a session stands there at an instant at or before its expiry, and is put back
     * by the sweep that meets it too early, which happens at most once per idle timeout.
     */
    private final AdapterContext context;
    private final Bound bound;
    private final ConcurrentMap<SessionKey, Slot> byKey = new ConcurrentHashMap<>();
    private final ConcurrentMap<SessionId, Slot> byId = new ConcurrentHashMap<>();
    private final ConcurrentMap<SessionId, Slot> byFormerId = new ConcurrentHashMap<>();
    private final ConcurrentNavigableMap<Position, Slot> byIndex = new ConcurrentSkipListMap<>();
    private final ConcurrentNavigableMap<Due, Slot> byExpiry = new ConcurrentSkipListMap<>();
    private volatile boolean closed;

    private MemorySessionAdapter(AdapterContext context) {
        this.context = context;
        this.bound = new Bound(context.settings().get(MemorySessionAdapterProvider.MAX_SESSIONS));
    }

    /**
     * Opens an empty store.
     *
     * @param context what the core lends
     * @return the store
     * @throws io.geniesession.SessionConfigException if a setting is wrong
     */
    public static MemorySessionAdapter open(AdapterContext context) {
        return new MemorySessionAdapter(requireNonNull(context, "context"));
    }

    @Override
    public boolean keepsReferences() {
        return true;
    }

    @Override
    public Optional<SessionRecord> create(NewSession session) {
        checkOpen();
        Slot slot = new Slot(session.key());
        Optional<SessionRecord> created;
        synchronized (slot) {
            Slot present = byKey.putIfAbsent(slot.key, slot);
            created = present == null ? createIn(slot, session) : createdBefore(present, session);
        }
        endSurplus();
        return created;
    }

    private Optional<SessionRecord> createIn(Slot slot, NewSession session) {
        if (byId.putIfAbsent(session.id(), slot) != null) {
            byKey.remove(slot.key, slot);
            return Optional.empty();
        }
        MemoryRecord created = MemoryRecord.of(slot, session);
        created.positions().forEach(position -> byIndex.put(position, slot));
        slot.record = created;
        enqueue(slot, created);
        bound.hold(slot, created.hasPrincipal());
        return Optional.of(created);
    }

    private static Optional<SessionRecord> createdBefore(Slot slot, NewSession session) {
        // A creation of the same session that is under way holds the monitor.
        synchronized (slot) {
            MemoryRecord now = slot.record;
            return now != null && now.isCreatedBy(session) ? Optional.of(now) : Optional.empty();
        }
    }

    @Override
    public Optional<SessionRecord> load(SessionId id, Instant now) {
        checkOpen();
        MemoryRecord found = live(byId.get(id), now);
        if (found == null || !found.id().equals(id)) {
            return Optional.empty();
        }
        bound.use(found.slot(), found.hasPrincipal());
        return found.answer();
    }

    @Override
    public Optional<SessionRecord> reload(SessionKey key, Instant now) {
        checkOpen();
        return Optional.ofNullable(live(byKey.get(key), now));
    }

    @Override
    public Optional<FormerId> loadFormer(SessionId id, Instant now) {
        checkOpen();
        MemoryRecord found = live(byFormerId.get(id), now);
        return found == null ? Optional.empty() : found.answerTo(id);
    }

    private static @Nullable MemoryRecord live(@Nullable Slot slot, Instant now) {
        MemoryRecord found = slot == null ? null : slot.record;
        return found == null || found.isExpired(now) ? null : found;
    }

    @Override
    public PersistResult persist(SessionRecord base, SessionChanges changes) {
        checkOpen();
        MemoryRecord view = own(base);
        PersistResult result;
        synchronized (view.slot()) {
            result = persistIn(view.slot(), view, changes);
        }
        endSurplus();
        return result;
    }

    private PersistResult persistIn(Slot slot, MemoryRecord view, SessionChanges changes) {
        MemoryRecord now = live(slot, changes.accessedAt());
        if (now == null) {
            return new PersistResult.Gone();
        }
        boolean unchanged = view.isUnchangedIn(now);
        if (changes.strict() && !unchanged) {
            return new PersistResult.Conflict();
        }
        if (changes.renewal().isPresent() && !reserve(changes.renewal().get(), view, now)) {
            return new PersistResult.Conflict();
        }
        MemoryRecord next = now.with(changes);
        replace(slot, now, next);
        return new PersistResult.Saved(unchanged ? next : next.behind());
    }

    private boolean reserve(Renewal renewal, MemoryRecord view, MemoryRecord now) {
        return view.id().equals(now.id()) && byId.putIfAbsent(renewal.to(), now.slot()) == null;
    }

    private void replace(Slot slot, MemoryRecord now, MemoryRecord next) {
        boolean reindexed = !next.isIndexedAs(now);
        if (reindexed) {
            next.positions().forEach(position -> byIndex.put(position, slot));
        }
        SessionId formerId = next.formerId();
        if (formerId != null) {
            byFormerId.put(formerId, slot);
        }
        slot.record = next;
        if (reindexed) {
            now.positions().stream().filter(position -> !next.isAt(position)).forEach(byIndex::remove);
        }
        if (!next.id().equals(now.id())) {
            byId.remove(now.id(), slot);
            removeFormerId(now);
        }
        enqueue(slot, next);
        if (next.hasPrincipal() != now.hasPrincipal()) {
            bound.hold(slot, next.hasPrincipal());
        }
    }

    private void removeFormerId(MemoryRecord last) {
        SessionId formerId = last.formerId();
        if (formerId != null) {
            byFormerId.remove(formerId, last.slot());
        }
    }

    /** Sees to it that the session stands in the queue, not after its expiry. */
    private void enqueue(Slot slot, MemoryRecord now) {
        Due due = slot.due;
        Instant expiresAt = now.expiresAt();
        if (due == null || expiresAt.isBefore(due.at())) {
            dequeue(slot);
            if (!expiresAt.equals(Instant.MAX)) {
                slot.due = new Due(expiresAt, slot.key);
                byExpiry.put(slot.due, slot);
            }
        }
    }

    private void dequeue(Slot slot) {
        if (slot.due != null) {
            byExpiry.remove(slot.due);
            slot.due = null;
        }
    }

    @Override
    public boolean touch(SessionRecord base, Instant accessedAt) {
        checkOpen();
        Slot slot = own(base).slot();
        synchronized (slot) {
            MemoryRecord now = live(slot, accessedAt);
            if (now == null) {
                return false;
            }
            if (now.info().lastAccessedAt().isBefore(accessedAt)) {
                slot.record = now.accessedAt(accessedAt);
            }
            return true;
        }
    }

    @Override
    public Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail) {
        checkOpen();
        Slot slot = byKey.get(key);
        if (slot == null) {
            return Optional.empty();
        }
        synchronized (slot) {
            MemoryRecord last = live(slot, now);
            return last == null ? Optional.empty() : Optional.of(end(last, EndReason.DELETED, detail));
        }
    }

    private EndedSession end(MemoryRecord last, EndReason reason, Detail detail) {
        Slot slot = last.slot();
        slot.record = null;
        byKey.remove(slot.key, slot);
        byId.remove(last.id(), slot);
        removeFormerId(last);
        last.positions().forEach(byIndex::remove);
        dequeue(slot);
        bound.drop(slot);
        return last.ended(reason, detail);
    }

    @Override
    public List<EndedSession> sweep(Instant before, int limit, Detail detail) {
        checkOpen();
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", must be at least 1");
        }
        List<EndedSession> ended = new ArrayList<>();
        for (Map.Entry<Due, Slot> next : byExpiry.entrySet()) {
            if (ended.size() == limit || next.getKey().at().isAfter(before)) {
                break;
            }
            endIfExpired(next.getValue(), before, detail).ifPresent(ended::add);
        }
        endSurplus();
        return ended;
    }

    private Optional<EndedSession> endIfExpired(Slot slot, Instant before, Detail detail) {
        synchronized (slot) {
            MemoryRecord now = slot.record;
            if (now == null) {
                return Optional.empty();
            }
            if (now.isExpired(before)) {
                return Optional.of(end(now, now.expiryReason(), detail));
            }
            dequeue(slot);
            enqueue(slot, now);
            return Optional.empty();
        }
    }

    /** Ends what the bound has chosen. Called without a monitor, because it tells others. */
    private void endSurplus() {
        for (Slot slot = bound.nextSurplus(); slot != null; slot = bound.nextSurplus()) {
            EndedSession ended;
            Detail detail = context.endedDetail();
            synchronized (slot) {
                MemoryRecord last = slot.record;
                if (last == null) {
                    continue;
                }
                ended = end(last, EndReason.EVICTED, detail);
            }
            context.ended(ended);
        }
    }

    @Override
    public long count(Instant now) {
        checkOpen();
        return byKey.values().stream().filter(slot -> live(slot, now) != null).count();
    }

    @Override
    public Optional<IndexedSessions> indexed() {
        return Optional.of(this);
    }

    @Override
    public Page<SessionInfo> find(IndexEntry entry, Instant now, PageRequest page) {
        checkOpen();
        // A session that is moved while the listing goes on may be met at its old place and at its new one.
        Map<SessionKey, SessionInfo> items = new LinkedHashMap<>();
        Position last = page.after().isEmpty() ? Position.first(entry) : Position.parse(entry, page.after());
        for (var next = placeAfter(last); next != null; next = placeAfter(next.getKey())) {
            Position position = next.getKey();
            MemoryRecord holder = holder(next.getValue(), position, now);
            if (holder != null) {
                if (items.size() == page.limit() && !items.containsKey(position.key())) {
                    return new Page<>(List.copyOf(items.values()), Optional.of(last.token()));
                }
                items.putIfAbsent(position.key(), holder.info());
                last = position;
            }
        }
        return new Page<>(List.copyOf(items.values()), Optional.empty());
    }

    /**
     * Returns the next place in the listing, or null at its end. An iterator would know it before the place at hand has been
     * looked at, and would miss a session that moves from there to the one behind it in between.
     */
    private Map.@Nullable Entry<Position, Slot> placeAfter(Position last) {
        Map.Entry<Position, Slot> next = byIndex.higherEntry(last);
        return next != null && next.getKey().entry().equals(last.entry()) ? next : null;
    }

    private static @Nullable MemoryRecord holder(Slot slot, Position position, Instant now) {
        MemoryRecord found = live(slot, now);
        return found != null && found.isAt(position) ? found : null;
    }

    @Override
    public long count(IndexEntry entry, Instant now) {
        checkOpen();
        // As in a listing, a session may be met twice.
        Set<SessionKey> holders = new HashSet<>();
        for (var next = placeAfter(Position.first(entry)); next != null; next = placeAfter(next.getKey())) {
            if (holder(next.getValue(), next.getKey(), now) != null) {
                holders.add(next.getKey().key());
            }
        }
        return holders.size();
    }

    @Override
    public List<EndedSession> deleteAll(IndexEntry entry, Set<SessionKey> except, Instant now, Detail detail) {
        checkOpen();
        List<EndedSession> ended = new ArrayList<>();
        for (var next = placeAfter(Position.first(entry)); next != null; next = placeAfter(next.getKey())) {
            Slot slot = next.getValue();
            if (!except.contains(slot.key)) {
                endIfHolder(slot, next.getKey(), now, detail).ifPresent(ended::add);
            }
        }
        return ended;
    }

    private Optional<EndedSession> endIfHolder(Slot slot, Position position, Instant now, Detail detail) {
        synchronized (slot) {
            MemoryRecord last = holder(slot, position, now);
            return last == null ? Optional.empty() : Optional.of(end(last, EndReason.DELETED, detail));
        }
    }

    @Override
    public void close() {
        closed = true;
        byKey.clear();
        byId.clear();
        byFormerId.clear();
        byIndex.clear();
        byExpiry.clear();
    }

    private void checkOpen() {
        if (closed) {
            throw new SessionStoreException("The session store in memory is closed.", null, false, null);
        }
    }

    private static MemoryRecord own(SessionRecord base) {
        if (base instanceof MemoryRecord view) {
            return view;
        }
        throw new IllegalArgumentException(
                "The record is a " + base.getClass().getName() + ", not one that this adapter has returned");
    }
}
