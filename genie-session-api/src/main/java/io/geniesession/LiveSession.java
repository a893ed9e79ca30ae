package io.geniesession;

import static java.util.Objects.requireNonNull;

import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The session of one request.
 *
 * <p>Strategy: the record that was loaded is the base; everything the request changes stands beside it until a persist sends
 * it. The session is its own lock, which guards it all, store calls included, so that the threads of one request see each
 * other's changes in order.
 *
 * <p>Every request has one, and most of them only read. So what a reading request does not need is not made: what stands in
 * the fields is all there is until something changes. And until then, which the lock knows, a reader needs no lock, because
 * the record that was opened is all there is to see.
 */
@SuppressWarnings("serial") // The base class is serializable by name; what this one refers to is not.
final class LiveSession extends SessionLock implements Session {
    private static final Pattern INDEX_NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int MAX_INDEX_VALUE = 255;
    private static final Duration MAX_GRACE = Duration.ofMinutes(5);

    /** For how long requests that asked for the digest in use too early still find the session by the one it had. */
    private static final Duration DIGEST_GRACE = Duration.ofMinutes(1);

    private enum State {
        /** Not stored; the first persist with something in it creates it. */
        NEW,
        /** Stored, as far as this request knows. */
        STORED,
        /** Never stored, because the request came with an id that was given up. */
        UNSTORED,
        /** Ended by this request. */
        INVALIDATED,
        /** Ended by somebody else. */
        GONE
    }

    private final Instant accessedAt;
    private final boolean activity;

    /** The record that this session was opened with; null for one that began with this request. */
    private final @Nullable SessionRecord opened;

    // All of the following is guarded by the lock.
    private State state;
    private final Attributes attributes;
    private FactChanges facts = FactChanges.NONE;
    private @Nullable SessionId id;
    private boolean inDoubt;
    private boolean kept;
    private boolean touched;
    private @Nullable ResponseCookie cookie;
    private @Nullable LiveFlash flash;

    private LiveSession(
            Attributes attributes,
            State state,
            @Nullable SessionRecord base,
            @Nullable SessionId id,
            Instant accessedAt,
            boolean activity) {
        this.state = state;
        this.id = id;
        this.accessedAt = accessedAt;
        this.activity = activity;
        this.opened = base;
        this.attributes = attributes;
        if (attributes.isShared()) {
            // What is shared changes without this lock.
            countAsTouched();
        }
    }

    private void countAsTouched() {
        lock();
        unlock();
    }

    /** Begins a session; {@code storable} is false for one that is never to be stored. */
    static LiveSession begin(SessionRuntime runtime, Instant now, boolean storable) {
        State state = storable ? State.NEW : State.UNSTORED;
        return new LiveSession(runtime.newAttributes(), state, null, null, now, true);
    }

    /**
     * Opens a stored session.
     *
     * @param attributes the attributes of the record, this request's own or shared with others
     * @param id what the client sent, or null if the session was found by its key
     */
    static LiveSession open(
            Attributes attributes, SessionRecord loaded, @Nullable SessionId id, Instant now, boolean activity) {
        LiveSession session = new LiveSession(attributes, State.STORED, loaded, id, now, activity);
        if (id != null && attributes.runtime().isOutdated(id)) {
            // A session whose digest is to change has something to store.
            session.countAsTouched();
        }
        return session;
    }

    /** The request is over: others may go on with what it shared with them. */
    void leave() {
        if (!attributes.isShared()) {
            return;
        }
        lock();
        try {
            noticeEnd();
            if (state == State.GONE) {
                goneBefore();
            }
            attributes.leave();
        } finally {
            unlock();
        }
    }

    /** Lets this session set its cookie on the response. Called before anybody else has the session, so without the lock. */
    void setsCookieOn(ResponseCookie responseCookie) {
        cookie = responseCookie;
    }

    private SessionRuntime runtime() {
        return attributes.runtime();
    }

    /** The record that this view began with, or went on from after a persist; null for a session that is not stored. */
    private @Nullable SessionRecord base() {
        return attributes.base();
    }

    /** The record that was opened, if it is all there is to see: stored, with nothing changed or even decoded. */
    private @Nullable SessionRecord untouched() {
        return isUntouched() ? opened : null;
    }

    /** Runs an action on the attributes under the lock. */
    <T> T guarded(Function<Attributes, T> action) {
        lock();
        try {
            requireValid();
            return action.apply(attributes);
        } finally {
            unlock();
        }
    }

    /** What another request of a shared view did to the session shows here. */
    private void noticeEnd() {
        if (state == State.STORED && attributes.hasEnded()) {
            state = State.GONE;
        }
    }

    private void requireValid() {
        noticeEnd();
        if (state == State.INVALIDATED) {
            throw new IllegalStateException("The session was invalidated by this request");
        }
        if (state == State.GONE) {
            throw new IllegalStateException("The session ended while this request was using it");
        }
    }

    /** The secret that the client has, or will have when the session is stored. */
    SessionId secret() {
        lock();
        try {
            SessionId next = facts.nextId();
            return next != null ? next : currentId();
        } finally {
            unlock();
        }
    }

    /** Whether this session is stored and this secret, by which it was opened, is not one that it has given up. */
    boolean isOpenedBy(SessionId secret) {
        lock();
        try {
            SessionRecord base = base();
            SessionId current = id;
            return base != null
                    && current != null
                    && current.equals(secret)
                    && current.publicId().equals(base.info().publicId());
        } finally {
            unlock();
        }
    }

    // ---- identity and facts

    @Override
    public String id() {
        SessionRecord untouched = untouched();
        if (untouched != null) {
            return untouched.info().publicId();
        }
        lock();
        try {
            SessionId next = facts.nextId();
            if (next != null) {
                return next.publicId();
            }
            SessionRecord base = base();
            return base != null ? base.info().publicId() : currentId().publicId();
        } finally {
            unlock();
        }
    }

    private SessionId currentId() {
        SessionId current = id;
        if (current == null) {
            current = runtime().newId();
            id = current;
        }
        return current;
    }

    @Override
    public SessionKey key() {
        lock();
        try {
            SessionRecord base = base();
            if (base != null) {
                return base.info().key();
            }
            SessionKey chosen = facts.key();
            if (chosen == null) {
                chosen = SessionKey.generate(accessedAt);
                facts = facts.withKey(chosen);
            }
            return chosen;
        } finally {
            unlock();
        }
    }

    @Override
    public boolean isNew() {
        return opened == null;
    }

    @Override
    public boolean isValid() {
        if (isUntouched()) {
            return true;
        }
        lock();
        try {
            noticeEnd();
            return state != State.INVALIDATED && state != State.GONE;
        } finally {
            unlock();
        }
    }

    @Override
    public boolean isStored() {
        if (isUntouched()) {
            return opened != null;
        }
        lock();
        try {
            noticeEnd();
            return state == State.STORED;
        } finally {
            unlock();
        }
    }

    @Override
    public Instant createdAt() {
        return info().map(SessionInfo::createdAt).orElse(accessedAt);
    }

    @Override
    public Instant lastAccessedAt() {
        return opened == null ? accessedAt : opened.info().lastAccessedAt();
    }

    @Override
    public Instant accessedAt() {
        return accessedAt;
    }

    @Override
    public Optional<SessionInfo> info() {
        SessionRecord untouched = untouched();
        if (untouched != null) {
            return Optional.of(untouched.info());
        }
        lock();
        try {
            return Optional.ofNullable(base()).map(SessionRecord::info);
        } finally {
            unlock();
        }
    }

    // ---- attributes

    @Override
    public Optional<Object> get(String name) {
        Object value = value(requireNonNull(name, "name"));
        return value == null ? Optional.empty() : Optional.of(value);
    }

    private @Nullable Object value(String name) {
        SessionRecord untouched = untouched();
        if (untouched != null && runtime().keepsReferences()) {
            return attributes.read(name, untouched);
        }
        lock();
        try {
            requireValid();
            return attributes.get(name);
        } finally {
            unlock();
        }
    }

    @Override
    public <T> Optional<T> get(String name, Class<T> type) {
        requireNonNull(type, "type");
        Object value = value(requireNonNull(name, "name"));
        return value == null ? Optional.empty() : Optional.of(cast(name, value, type));
    }

    @Override
    @SuppressWarnings("unchecked") // Documented: the caller's use is the check.
    public <T> T get(String name, T defaultValue) {
        requireNonNull(defaultValue, "defaultValue");
        Object value = value(requireNonNull(name, "name"));
        return value == null ? defaultValue : (T) value;
    }

    static <T> T cast(String name, Object value, Class<T> type) {
        if (!type.isInstance(value)) {
            throw new ClassCastException(
                    "Attribute \"" + name + "\" is of type " + value.getClass().getName() + ", not " + type.getName());
        }
        return type.cast(value);
    }

    @Override
    public Session set(String name, Object value) {
        checkNotReserved(name);
        requireNonNull(value, "value");
        lock();
        try {
            requireValid();
            attributes.set(name, value);
            return this;
        } finally {
            unlock();
        }
    }

    private static void checkNotReserved(String name) {
        if (requireNonNull(name, "name").startsWith(LiveFlash.PREFIX)) {
            throw new IllegalArgumentException(
                    "Attribute names that begin with \"" + LiveFlash.PREFIX + "\" are reserved; use session.flash()");
        }
    }

    @Override
    public Optional<Object> replace(String name, Object value) {
        checkNotReserved(name);
        requireNonNull(value, "value");
        return guarded(view -> Optional.ofNullable(view.exchange(name, value)));
    }

    @Override
    public Optional<Object> remove(String name) {
        checkNotReserved(name);
        return guarded(view -> Optional.ofNullable(view.exchange(name, null)));
    }

    @Override
    public Session unset(String name) {
        checkNotReserved(name);
        return guarded(view -> {
            view.unset(name);
            return this;
        });
    }

    @Override
    public boolean isSet(String name) {
        requireNonNull(name, "name");
        return guarded(view -> view.isSet(name));
    }

    @Override
    public Set<String> names() {
        return guarded(view -> view.names().stream()
                .filter(name -> !name.startsWith(LiveFlash.PREFIX))
                .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public Flash flash() {
        lock();
        try {
            LiveFlash present = flash;
            if (present == null) {
                present = new LiveFlash(this);
                flash = present;
            }
            return present;
        } finally {
            unlock();
        }
    }

    // ---- indexes, id and expiry

    @Override
    public Optional<String> index(String name) {
        requireNonNull(name, "name");
        return guarded(view -> {
            Optional<String> changed = facts.indexes().get(name);
            if (changed != null) {
                return changed;
            }
            SessionRecord base = base();
            return base == null
                    ? Optional.empty()
                    : Optional.ofNullable(base.info().indexes().get(name));
        });
    }

    @Override
    public Session setIndex(String name, String value) {
        checkIndex(name, value);
        return changeIndex(name, Optional.of(value));
    }

    private static void checkIndex(String name, String value) {
        if (!INDEX_NAME.matcher(requireNonNull(name, "name")).matches()) {
            throw new IllegalArgumentException("The name of an index must match " + INDEX_NAME.pattern()
                    + ", this one has " + name.length() + " characters and does not");
        }
        if (requireNonNull(value, "value").isEmpty() || value.length() > MAX_INDEX_VALUE) {
            throw new IllegalArgumentException("The value of index \"" + name + "\" must have 1 to " + MAX_INDEX_VALUE
                    + " characters, it has " + value.length());
        }
        if (value.indexOf('\0') >= 0 || !Unicode.isWellFormed(value)) {
            throw new IllegalArgumentException(
                    "The value of index \"" + name + "\" must be well-formed Unicode without U+0000");
        }
    }

    @Override
    public Session clearIndex(String name) {
        return changeIndex(requireNonNull(name, "name"), Optional.empty());
    }

    private Session changeIndex(String name, Optional<String> value) {
        return guarded(view -> {
            if (value.isEmpty() && index(name).isEmpty()) {
                return this;
            }
            facts = facts.withIndex(name, value);
            if (name.equals(PRINCIPAL)) {
                renew();
            }
            return this;
        });
    }

    @Override
    public Session renew() {
        return guarded(view -> {
            if (base() == null) {
                id = runtime().newId();
            } else {
                attributes.setRenewing(true);
                facts = facts.renewed(nextId());
            }
            return this;
        });
    }

    @Override
    public Session rotate(Duration newGrace) {
        if (requireNonNull(newGrace, "newGrace").isNegative() || newGrace.compareTo(MAX_GRACE) > 0) {
            throw new IllegalArgumentException("grace is " + newGrace + ", must be from 0 to " + MAX_GRACE);
        }
        return guarded(view -> {
            if (base() == null) {
                id = runtime().newId();
            } else {
                facts = facts.rotated(nextId(), newGrace);
            }
            return this;
        });
    }

    /** The id to come, which several wishes for one share. */
    private SessionId nextId() {
        SessionId chosen = facts.nextId();
        return chosen != null ? chosen : runtime().newId();
    }

    @Override
    public Duration idleTimeout() {
        SessionRecord untouched = untouched();
        if (untouched != null) {
            return untouched.info().expiry().maxIdle();
        }
        return guarded(view -> expiry().maxIdle());
    }

    @Override
    public Session setIdleTimeout(Duration timeout) {
        Duration checked = timeout.isNegative() ? Duration.ZERO : atLeastOneMilli(timeout);
        if (checked.compareTo(Expiry.MAX) > 0) {
            throw new IllegalArgumentException(
                    "The idle timeout is " + timeout + ", must not be above " + Expiry.MAX.toDays() + " days");
        }
        return guarded(view -> {
            facts = facts.withIdleTimeout(checked);
            return this;
        });
    }

    /** Zero means never, and a short timeout must not become that. */
    private static Duration atLeastOneMilli(Duration timeout) {
        Duration shortest = Duration.ofMillis(1);
        return timeout.isZero() || timeout.compareTo(shortest) > 0 ? timeout : shortest;
    }

    /** The expiry as it will be after the next persist. */
    private Expiry expiry() {
        SessionConfig config = runtime().config();
        Duration changed = facts.idleTimeout();
        SessionRecord base = base();
        if (base == null) {
            Duration idle = changed != null ? changed : isEmpty() ? config.emptyIdleTimeout() : config.idleTimeout();
            return runtime().expiry(idle, lifetimeEnd());
        }
        Expiry stored = base.info().expiry();
        if (changed == null) {
            return wasEmpty(stored) && !isEmpty() ? withIdle(stored, config.idleTimeout()) : stored;
        }
        return withIdle(stored, changed);
    }

    private Optional<Instant> lifetimeEnd() {
        Duration lifetime = runtime().config().lifetime();
        return lifetime.isZero() ? Optional.empty() : Optional.of(accessedAt.plus(lifetime));
    }

    private Expiry withIdle(Expiry stored, Duration idle) {
        return runtime().expiry(idle, stored.lifetimeEnd());
    }

    private boolean isEmpty() {
        return attributes.isEmpty() && facts.indexes().isEmpty();
    }

    /** Whether the stored session still has the short first timeout of one that nobody ever put anything into. */
    private boolean wasEmpty(Expiry stored) {
        SessionConfig config = runtime().config();
        SessionRecord base = base();
        return base != null
                && base.attributeNames().isEmpty()
                && !config.emptyIdleTimeout().equals(config.idleTimeout())
                && stored.maxIdle().equals(config.emptyIdleTimeout());
    }

    // ---- persisting

    @Override
    public Session keep() {
        return guarded(view -> {
            kept = true;
            return this;
        });
    }

    @Override
    public PersistOutcome persist() {
        return persist(false);
    }

    @Override
    public PersistOutcome persistStrictly() {
        return persist(true);
    }

    private PersistOutcome persist(boolean strict) {
        SessionRecord untouched = untouched();
        if (untouched != null && !isTouchDue(untouched)) {
            return PersistOutcome.UNCHANGED;
        }
        lock();
        try {
            noticeEnd();
            settleDoubt();
            return switch (state) {
                case NEW -> create();
                case STORED -> save(strict);
                case UNSTORED -> isEmpty() && !kept ? PersistOutcome.UNCHANGED : PersistOutcome.UNSTORED;
                case INVALIDATED -> PersistOutcome.UNCHANGED;
                case GONE -> goneBefore();
            };
        } finally {
            unlock();
        }
    }

    private PersistOutcome create() {
        if (isEmpty() && !kept) {
            return PersistOutcome.UNCHANGED;
        }
        attributes.beginStoring(true);
        try {
            return createNow();
        } finally {
            attributes.endTurn();
        }
    }

    private PersistOutcome createNow() {
        NewSession created = new NewSession(
                key(),
                currentId(),
                accessedAt,
                expiry(),
                attributes.changes(key()).set(),
                facts.presentIndexes());
        requireOpenResponse();
        SessionRecord record = create(created)
                .orElseThrow(() -> new SessionStoreException(
                        "The store refused a new session because its key or id is in use, which random numbers rule"
                                + " out: check the random number source of this machine",
                        null,
                        false,
                        null));
        state = State.STORED;
        saved(record);
        runtime().notifier().created(record.info());
        setCookie();
        limit(created.indexes().get(PRINCIPAL));
        return PersistOutcome.SAVED;
    }

    private PersistOutcome save(boolean strict) {
        attributes.beginStoring(!facts.isEmpty() || redigested() != null);
        try {
            return saveNow(strict);
        } finally {
            attributes.endTurn();
        }
    }

    private PersistOutcome saveNow(boolean strict) {
        SessionRecord from = requireNonNull(base());
        Attributes.Changes changed = attributes.changes(from.info().key());
        if (changed.isEmpty() && facts.isEmpty() && redigested() == null) {
            return touch(from);
        }
        SessionChanges changes = changes(from, changed, strict);
        if (isNothing(changes)) {
            return touch(from);
        }
        if (facts.nextId() != null) {
            requireOpenResponse();
        }
        PersistResult result = persist(from, changes);
        if (result instanceof PersistResult.Saved saved) {
            saved(from, saved.next(), changes);
            return PersistOutcome.SAVED;
        }
        if (result instanceof PersistResult.Gone) {
            return gone(from);
        }
        if (strict) {
            throw new SessionConflictException(
                    "Another request changed the session since this one loaded it; nothing was stored."
                            + " Session.refresh() loads it again");
        }
        if (goesOnFromRedigested(from)) {
            return save(false);
        }
        if (facts.onlyRotates() || (facts.nextId() == null && !facts.keepsDigest())) {
            facts = facts.withoutRenewal();
            return saveNow(false);
        }
        drop();
        runtime().notifier().changesLost(from.info());
        return PersistOutcome.CONFLICT;
    }

    private SessionChanges changes(SessionRecord from, Attributes.Changes changed, boolean strict) {
        Expiry expiry = expiry();
        return new SessionChanges(
                accessedAt,
                strict,
                changed.set(),
                changed.removed(),
                facts.indexes(),
                expiry.equals(from.info().expiry()) ? Optional.empty() : Optional.of(expiry),
                renewal());
    }

    /** The same id by the digest in use, if the store knows it by an outdated one that this request may replace. */
    private @Nullable SessionId redigested() {
        SessionId current = id;
        SessionRecord base = base();
        if (current == null
                || base == null
                || !activity
                || facts.keepsDigest()
                || !runtime().isOutdated(current)) {
            return null;
        }
        return current.publicId().equals(base.info().publicId()) ? runtime().upToDate(current) : null;
    }

    /** Whether another request was first and only replaced the digest: then it does not count as a change of the id. */
    private boolean goesOnFromRedigested(SessionRecord from) {
        SessionId current = id;
        if (current == null || !runtime().isOutdated(current)) {
            return false;
        }
        SessionId sameSecret = runtime().upToDate(current);
        Optional<SessionRecord> stored = runtime().adapter().reload(from.info().key(), accessedAt);
        if (stored.isEmpty() || !stored.get().info().publicId().equals(sameSecret.publicId())) {
            return false;
        }
        id = sameSecret;
        attributes.goOnFrom(stored.get());
        return true;
    }

    /** The renewal to be stored: a new id, or else the same by the digest in use. */
    private Optional<Renewal> renewal() {
        SessionId sameSecret = redigested();
        return facts.nextId() != null || sameSecret == null
                ? facts.renewal(accessedAt)
                : Optional.of(new Renewal(sameSecret, runtime().now().plus(DIGEST_GRACE)));
    }

    private static boolean isNothing(SessionChanges changes) {
        return changes.set().isEmpty()
                && changes.removed().isEmpty()
                && changes.indexes().isEmpty()
                && changes.expiry().isEmpty()
                && changes.renewal().isEmpty();
    }

    private PersistOutcome touch(SessionRecord from) {
        if (touched || !isTouchDue(from)) {
            return PersistOutcome.UNCHANGED;
        }
        if (!runtime().adapter().touch(from, accessedAt)) {
            ended();
            return PersistOutcome.GONE;
        }
        touched = true;
        refreshCookie();
        return PersistOutcome.UNCHANGED;
    }

    /** Whether this request is an access that the record is to know of. */
    private boolean isTouchDue(SessionRecord record) {
        SessionInfo info = record.info();
        return activity && info.expiry().isTouchDue(info.lastAccessedAt(), accessedAt);
    }

    private void saved(SessionRecord from, SessionRecord next, SessionChanges changes) {
        SessionId renewed = facts.nextId();
        SessionId sameSecret = redigested();
        saved(next);
        if (renewed != null || sameSecret != null) {
            id = renewed != null ? renewed : sameSecret;
            runtime().notifier().renewed(next.info(), from.info().publicId());
        }
        if (renewed != null) {
            setCookie();
        } else {
            refreshCookieAfter(from);
        }
        limit(changes.indexes().getOrDefault(PRINCIPAL, Optional.empty()).orElse(null));
    }

    private void saved(SessionRecord next) {
        attributes.stored(next);
        facts = FactChanges.NONE;
    }

    private Optional<SessionRecord> create(NewSession created) {
        try {
            return runtime().adapter().create(created);
        } catch (SessionStoreException e) {
            throw inDoubt(e);
        }
    }

    private PersistResult persist(SessionRecord from, SessionChanges changes) {
        try {
            return attributes.persist(from, changes);
        } catch (SessionStoreException e) {
            throw inDoubt(e);
        }
    }

    /** Remembers that a change may have been stored although its answer was lost. */
    private SessionStoreException inDoubt(SessionStoreException failure) {
        inDoubt = failure.outcomeUnknown();
        return failure;
    }

    /**
     * Finds out whether the persist whose answer was lost has created the session or renewed its id, so that it is not done
     * twice. Its other changes are still pending and are sent again.
     */
    private void settleDoubt() {
        if (!inDoubt) {
            return;
        }
        Optional<SessionRecord> stored = runtime().adapter().reload(key(), accessedAt);
        inDoubt = false;
        if (stored.isEmpty()) {
            return;
        }
        SessionRecord record = stored.get();
        SessionId renewed = facts.nextId();
        SessionId sameSecret = redigested();
        if (state == State.NEW) {
            goOnFromCreated(record);
        } else if (sameSecret != null && record.info().publicId().equals(sameSecret.publicId())) {
            goOnFromRedigested(sameSecret, record);
        } else if (renewed != null && record.info().publicId().equals(id())) {
            String former = requireNonNull(base()).info().publicId();
            attributes.goOnFrom(record);
            id = renewed;
            facts = facts.withoutRenewal();
            attributes.setRenewing(false);
            runtime().notifier().renewed(record.info(), former);
            setCookie();
        }
    }

    private void goOnFromRedigested(SessionId sameSecret, SessionRecord record) {
        String former = requireNonNull(base()).info().publicId();
        attributes.goOnFrom(record);
        id = sameSecret;
        runtime().notifier().renewed(record.info(), former);
    }

    /** The key was chosen here, so the session is this one, even if it was given another id meanwhile. */
    private void goOnFromCreated(SessionRecord record) {
        SessionId wanted = currentId();
        attributes.goOnFrom(record);
        state = State.STORED;
        runtime().notifier().created(record.info());
        if (record.info().publicId().equals(wanted.publicId())) {
            setCookie();
        } else {
            facts = facts.renewed(wanted);
        }
    }

    private void requireOpenResponse() {
        if (cookie != null && cookie.isTooLate()) {
            throw new IllegalStateException(
                    "The response is on its way, so the client would never learn the session's new id; nothing was"
                            + " stored. Persist before the response is committed");
        }
    }

    private void drop() {
        attributes.drop();
        facts = facts.dropped();
        if (flash != null) {
            flash.reset();
        }
    }

    private void ended() {
        state = State.GONE;
        attributes.end();
    }

    private PersistOutcome goneBefore() {
        SessionRecord last = base();
        if (attributes.losesChanges() && last != null) {
            runtime().notifier().changesLost(last.info());
        }
        return PersistOutcome.GONE;
    }

    private PersistOutcome gone(SessionRecord from) {
        ended();
        runtime().notifier().changesLost(from.info());
        return PersistOutcome.GONE;
    }

    private void limit(@Nullable String principal) {
        if (principal != null) {
            runtime().limitSessionsOf(principal);
        }
    }

    private void setCookie() {
        if (cookie != null && id != null) {
            cookie.set(id);
        }
    }

    /** A cookie with a Max-Age would end before a session that is used all the time; it is sent again as often as a touch is. */
    private void refreshCookieAfter(SessionRecord from) {
        SessionInfo info = from.info();
        if (info.expiry().isTouchDue(info.lastAccessedAt(), accessedAt)) {
            refreshCookie();
        }
    }

    private void refreshCookie() {
        boolean wanted = cookie != null && cookie.isPersistent() && !cookie.isTooLate();
        if (wanted && id != null && id.publicId().equals(id())) {
            setCookie();
        }
    }

    // ---- update, refresh, end

    @Override
    public <T> Optional<T> update(String name, Class<T> type, Function<Optional<T>, Optional<T>> function) {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
        requireNonNull(function, "function");
        return guarded(view -> {
            view.checkName(name);
            if (state != State.STORED) {
                return updateLocally(name, type, function);
            }
            Update<T> update = new Update<>(name, type, function, requireNonNull(base()));
            return runtime().updates().run(key(), update::attempt).value();
        });
    }

    private <T> Optional<T> updateLocally(String name, Class<T> type, Function<Optional<T>, Optional<T>> function) {
        Optional<T> present = Optional.ofNullable(attributes.get(name)).map(value -> cast(name, value, type));
        Optional<T> result = function.apply(present);
        if (result.isPresent()) {
            attributes.set(name, result.get());
        } else {
            attributes.unset(name);
        }
        return result;
    }

    /** What an update has stored. */
    private record Stored<T>(Optional<T> value) {}

    /** One atomic update: begins with the request's own base, which saves a load whenever nobody else has written. */
    private final class Update<T> {
        private final String name;
        private final Class<T> type;
        private final Function<Optional<T>, Optional<T>> function;
        private final boolean ownValue;
        private SessionRecord current;

        Update(String name, Class<T> type, Function<Optional<T>, Optional<T>> function, SessionRecord base) {
            this.name = name;
            this.type = type;
            this.function = function;
            this.current = base;
            this.ownValue = attributes.isChanged(name);
        }

        /** Returns the result, or null after a conflict, with the record loaded again. */
        @Nullable
        Stored<T> attempt() {
            boolean atBase = current == base();
            Object present = ownValue || atBase ? attributes.get(name) : attributes.read(name, current);
            Optional<T> before = Optional.ofNullable(present).map(value -> cast(name, value, type));
            Optional<T> after = function.apply(before);
            if (!ownValue && before.isEmpty() && after.isEmpty()) {
                return new Stored<>(after);
            }
            if (before.isEmpty() && after.isPresent()) {
                attributes.checkCount(name);
            }
            byte[] bytes = after.isPresent() ? attributes.encode(name, after.get()) : null;
            PersistResult result = persist(after, bytes);
            if (result instanceof PersistResult.Saved) {
                return new Stored<>(after);
            }
            if (result instanceof PersistResult.Conflict) {
                current = runtime()
                        .adapter()
                        .reload(current.info().key(), accessedAt)
                        .orElseThrow(this::ended);
                return null;
            }
            throw ended();
        }

        private PersistResult persist(Optional<T> after, byte @Nullable [] bytes) {
            attributes.takeTurn();
            try {
                PersistResult result = runtime().adapter().persist(current, changes(after, bytes));
                if (result instanceof PersistResult.Saved saved) {
                    // After others have written, the view keeps its base: a strict persist must still find them.
                    SessionRecord next = current == base() ? saved.next() : null;
                    attributes.stored(name, after.orElse(null), bytes, next);
                }
                return result;
            } finally {
                attributes.endTurn();
            }
        }

        private SessionChanges changes(Optional<T> after, byte @Nullable [] bytes) {
            SessionChanges changes = SessionChanges.at(accessedAt).strictly();
            if (after.isEmpty()) {
                return changes.withRemoved(Set.of(name));
            }
            AttributeValue value = bytes == null
                    ? LiveValue.ofObject(after.get())
                    : attributes.sealed(current.info().key(), name, bytes);
            SessionChanges set = changes.withSet(Map.of(name, value));
            Expiry stored = current.info().expiry();
            return wasEmpty(stored)
                    ? set.withExpiry(withIdle(stored, runtime().config().idleTimeout()))
                    : set;
        }

        private IllegalStateException ended() {
            gone(current);
            return new IllegalStateException("The session ended while this request was using it");
        }
    }

    @Override
    public boolean refresh() {
        return guarded(view -> {
            settleDoubt();
            if (state != State.STORED) {
                drop();
                return true;
            }
            Optional<SessionRecord> loaded = runtime().adapter().reload(key(), accessedAt);
            if (loaded.isEmpty()) {
                ended();
                return false;
            }
            drop();
            attributes.goOnFrom(loaded.get());
            return true;
        });
    }

    @Override
    public void invalidate() {
        lock();
        try {
            requireValid();
            if (state == State.STORED || inDoubt) {
                runtime().end(key(), accessedAt);
                state = State.INVALIDATED;
                attributes.end();
                removeCookie();
            }
            state = State.INVALIDATED;
        } finally {
            unlock();
        }
    }

    /** A cookie that stays behind opens nothing any more. */
    private void removeCookie() {
        if (cookie != null && !cookie.isTooLate()) {
            cookie.remove();
        }
    }

    /** Names the public facts, never the secret or an attribute. */
    @Override
    public String toString() {
        lock();
        try {
            SessionRecord base = base();
            return "Session[" + state + (base == null ? "" : ", " + base.info()) + "]";
        } finally {
            unlock();
        }
    }
}
