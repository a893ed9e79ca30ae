package io.geniesession.memory;

import io.geniesession.EndReason;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One state of one session. A change makes a new record, which takes the place of the old one in the slot; so whoever has
 * loaded a record keeps a consistent view of it.
 *
 * <p>Immutable, but for the values.
 */
final class MemoryRecord implements SessionRecord {
    private final Slot slot;
    private final SessionId id;
    private final @Nullable Former former;
    private final SessionInfo info;
    private final AttributeTable attributes;
    private final Map<String, Position> positions;

    /** True if this is what a persist returned that found changes of others: strict persists with it conflict. */
    private final boolean behind;

    /** When the session expires: computed once, because every load asks for it, and at hand without another object. */
    private final long expirySecond;

    private final int expiryNano;

    /** The answer to a load, made once because there are many. */
    private final Optional<SessionRecord> answer;

    /** The id that the latest renewal gave up. Immutable. */
    record Former(SessionId id, Instant usableUntil) {}

    private MemoryRecord(
            Slot slot,
            SessionId id,
            @Nullable Former former,
            SessionInfo info,
            AttributeTable attributes,
            Map<String, Position> positions,
            boolean behind) {
        this.slot = slot;
        this.id = id;
        this.former = former;
        this.info = info;
        this.attributes = attributes;
        this.positions = positions;
        this.behind = behind;
        Instant expiresAt = info.expiresAt();
        this.expirySecond = expiresAt.getEpochSecond();
        this.expiryNano = expiresAt.getNano();
        this.answer = Optional.of(this);
    }

    static MemoryRecord of(Slot slot, NewSession session) {
        Map<String, Position> positions = new HashMap<>();
        session.indexes()
                .forEach((name, value) -> positions.put(
                        name, new Position(new IndexEntry(name, value), session.createdAt(), session.key())));
        SessionInfo info = new SessionInfo(
                session.key(),
                session.id().publicId(),
                1,
                session.createdAt(),
                session.createdAt(),
                session.expiry(),
                session.indexes(),
                0);
        AttributeTable attributes = AttributeTable.of(session.attributes());
        return new MemoryRecord(slot, session.id(), null, info, attributes, Map.copyOf(positions), false);
    }

    /** Returns this session after a persist. */
    MemoryRecord with(SessionChanges changes) {
        Map<String, Position> newPositions = withIndexes(changes);
        Renewal renewal = changes.renewal().orElse(null);
        SessionId newId = renewal == null ? id : renewal.to();
        SessionInfo newInfo = new SessionInfo(
                info.key(),
                newId.publicId(),
                info.version() + 1,
                info.createdAt(),
                later(info.lastAccessedAt(), changes.accessedAt()),
                changes.expiry().orElse(info.expiry()),
                changes.indexes().isEmpty() ? info.indexes() : values(newPositions),
                0);
        Former newFormer = renewal == null ? former : new Former(id, renewal.formerUsableUntil());
        AttributeTable newAttributes = attributes.with(changes.set(), changes.removed());
        return new MemoryRecord(slot, newId, newFormer, newInfo, newAttributes, newPositions, false);
    }

    private Map<String, Position> withIndexes(SessionChanges changes) {
        if (changes.indexes().isEmpty()) {
            return positions;
        }
        Map<String, Position> changed = new HashMap<>(positions);
        changes.indexes().forEach((name, value) -> {
            if (value.isPresent()) {
                changed.put(name, position(new IndexEntry(name, value.get()), changes.accessedAt()));
            } else {
                changed.remove(name);
            }
        });
        return Map.copyOf(changed);
    }

    /** Returns where an entry stands that is set now: at the end, and where it is already in no case before its place. */
    private Position position(IndexEntry entry, Instant setAt) {
        Position present = positions.get(entry.name());
        Instant since = present != null && present.entry().equals(entry) ? later(present.setAt(), setAt) : setAt;
        return new Position(entry, since, info.key());
    }

    private static Map<String, String> values(Map<String, Position> positions) {
        Map<String, String> values = new HashMap<>();
        positions.forEach((name, position) -> values.put(name, position.entry().value()));
        return values;
    }

    /** Returns this session after a touch: the version stays. */
    MemoryRecord accessedAt(Instant accessedAt) {
        SessionInfo touched = new SessionInfo(
                info.key(),
                info.publicId(),
                info.version(),
                info.createdAt(),
                later(info.lastAccessedAt(), accessedAt),
                info.expiry(),
                info.indexes(),
                0);
        return new MemoryRecord(slot, id, former, touched, attributes, positions, behind);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    /** Returns the same view marked as one that strict persists conflict with. */
    MemoryRecord behind() {
        return new MemoryRecord(slot, id, former, info, attributes, positions, true);
    }

    /** Tells whether nobody has persisted anything to the session between this view and the given state of it. */
    boolean isUnchangedIn(MemoryRecord now) {
        return !behind && info.version() == now.info.version();
    }

    /** Tells whether this state is what a creation with these arguments has stored. */
    boolean isCreatedBy(NewSession session) {
        return info.version() == 1
                && id.equals(session.id())
                && info.createdAt().equals(session.createdAt())
                && info.expiry().equals(session.expiry());
    }

    boolean isExpired(Instant now) {
        long second = now.getEpochSecond();
        return second > expirySecond || (second == expirySecond && now.getNano() >= expiryNano);
    }

    boolean hasPrincipal() {
        return positions.containsKey(Session.PRINCIPAL);
    }

    /** Returns the session as a persist, delete or sweep reports its end. */
    EndedSession ended(EndReason reason, Detail detail) {
        return new EndedSession(info, reason, detail == Detail.ATTRIBUTES ? attributes : Map.of());
    }

    /** Returns why the session has expired, if it has. */
    EndReason expiryReason() {
        return info.expiry().reason(info.lastAccessedAt());
    }

    /** Returns the answer to a former id, or empty if this is not the one that the latest renewal gave up. */
    Optional<FormerId> answerTo(SessionId formerId) {
        return former != null && former.id().equals(formerId)
                ? Optional.of(new FormerId(this, former.usableUntil()))
                : Optional.empty();
    }

    Optional<SessionRecord> answer() {
        return answer;
    }

    Slot slot() {
        return slot;
    }

    SessionId id() {
        return id;
    }

    @Nullable
    SessionId formerId() {
        return former == null ? null : former.id();
    }

    Instant expiresAt() {
        return info.expiresAt();
    }

    Collection<Position> positions() {
        return positions.values();
    }

    /** Tells whether this state has come from the other one without a change of its indexes. */
    @SuppressWarnings("ReferenceEquality") // A change makes a new map, and nothing else does.
    boolean isIndexedAs(MemoryRecord other) {
        return positions == other.positions;
    }

    boolean isAt(Position position) {
        return position.equals(positions.get(position.entry().name()));
    }

    @Override
    public SessionInfo info() {
        return info;
    }

    @Override
    public Set<String> attributeNames() {
        return attributes.keySet();
    }

    @Override
    public Optional<AttributeValue> attribute(String name) {
        AttributeValue value = attributes.get(name);
        return value == null ? Optional.empty() : Optional.of(value);
    }
}
