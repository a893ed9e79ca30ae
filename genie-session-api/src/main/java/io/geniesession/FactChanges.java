package io.geniesession;

import io.geniesession.spi.Renewal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request changes of its session beside the attributes, until a persist has stored it. Immutable.
 *
 * @param key the key that a session which is not stored will have; null: none is chosen yet
 * @param nextId the id that the session is to get; null: it keeps the one it has
 * @param grace for how long the former id may still be used
 * @param onlyRotates whether the new id is a periodic measure, which may be dropped if another request was first
 * @param indexes the indexes that are set or, where empty, removed
 * @param idleTimeout the new idle timeout; null: as it was
 * @param keepsDigest whether an outdated digest stays, because another request was first to change the id
 */
record FactChanges(
        @Nullable SessionKey key,
        @Nullable SessionId nextId,
        Duration grace,
        boolean onlyRotates,
        Map<String, Optional<String>> indexes,
        @Nullable Duration idleTimeout,
        boolean keepsDigest) {

    /** Changes nothing. */
    static final FactChanges NONE = new FactChanges(null, null, Duration.ZERO, false, Map.of(), null, false);

    boolean isEmpty() {
        return nextId == null && idleTimeout == null && indexes.isEmpty();
    }

    FactChanges withKey(SessionKey chosen) {
        return new FactChanges(chosen, nextId, grace, onlyRotates, indexes, idleTimeout, keepsDigest);
    }

    /** Without any change; a key that was shown stays. */
    FactChanges dropped() {
        return key == null ? NONE : NONE.withKey(key);
    }

    FactChanges withIndex(String name, Optional<String> value) {
        Map<String, Optional<String>> changed = new HashMap<>(indexes);
        changed.put(name, value);
        return new FactChanges(key, nextId, grace, onlyRotates, Map.copyOf(changed), idleTimeout, keepsDigest);
    }

    FactChanges withIdleTimeout(Duration timeout) {
        return new FactChanges(key, nextId, grace, onlyRotates, indexes, timeout, keepsDigest);
    }

    /** With a new id for the sake of safety: it has no grace, whatever else is asked for. */
    FactChanges renewed(SessionId to) {
        return new FactChanges(key, to, Duration.ZERO, false, indexes, idleTimeout, keepsDigest);
    }

    /** With a new id as a periodic measure: of several wishes for one id, the shortest grace counts. */
    FactChanges rotated(SessionId to, Duration newGrace) {
        boolean isFirst = nextId == null;
        Duration shortest = isFirst || newGrace.compareTo(grace) < 0 ? newGrace : grace;
        return new FactChanges(key, to, shortest, isFirst || onlyRotates, indexes, idleTimeout, keepsDigest);
    }

    /** For a request that was not the first to change the id: it changes neither the id nor its digest. */
    FactChanges withoutRenewal() {
        return new FactChanges(key, null, Duration.ZERO, false, indexes, idleTimeout, true);
    }

    /** The renewal that is to be stored, if one is. */
    Optional<Renewal> renewal(Instant accessedAt) {
        return nextId == null ? Optional.empty() : Optional.of(new Renewal(nextId, accessedAt.plus(grace)));
    }

    /** The indexes of a session that has none yet. */
    Map<String, String> presentIndexes() {
        Map<String, String> present = new HashMap<>();
        indexes.forEach((name, value) -> value.ifPresent(text -> present.put(name, text)));
        return present;
    }
}
