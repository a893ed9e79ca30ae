package io.geniesession.spi;

import static java.util.Objects.requireNonNull;

import io.geniesession.Expiry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one persist changes, and nothing else. Immutable.
 *
 * @param accessedAt the access of the request that persists: it decides whether the session had expired, and last access
 *     moves up to it but never back
 * @param strict only if no other writer changed the session since the base was loaded
 * @param set attributes that are added or replaced
 * @param removed attributes that are removed; disjoint from {@code set}; a name that is not there is no error
 * @param indexes named indexes that are set, or removed where the value is empty
 * @param expiry a new expiry; empty: as it was
 * @param renewal a new id; empty: as it was
 */
public record SessionChanges(
        Instant accessedAt,
        boolean strict,
        Map<String, AttributeValue> set,
        Set<String> removed,
        Map<String, Optional<String>> indexes,
        Optional<Expiry> expiry,
        Optional<Renewal> renewal) {

    /**
     * Copies the collections and checks that nothing is null.
     *      *
     *
     * @param accessedAt the access of the request that persists: it decides whether the session had expired, and last access moves up to it but never back
     * @param strict only if no other writer changed the session since the base was loaded
     * @param set attributes that are added or replaced
     * @param removed attributes that are removed; disjoint from {@code set}; a name that is not there is no error
     * @param indexes named indexes that are set, or removed where the value is empty
     * @param expiry a new expiry; empty: as it was
     * @param renewal a new id; empty: as it was
     * @throws IllegalArgumentException if a name is both set and removed
     */
    public SessionChanges {
        requireNonNull(accessedAt, "accessedAt");
        requireNonNull(expiry, "expiry");
        requireNonNull(renewal, "renewal");
        set = Map.copyOf(set);
        removed = Set.copyOf(removed);
        indexes = Map.copyOf(indexes);
        for (String name : removed) {
            if (set.containsKey(name)) {
                throw new IllegalArgumentException("Attribute \"" + name + "\" is both set and removed");
            }
        }
    }

    /**
     * Returns changes that change nothing but the time of access.
     *
     * @param accessedAt the access of the request
     * @return changes to start from
     */
    public static SessionChanges at(Instant accessedAt) {
        return new SessionChanges(accessedAt, false, Map.of(), Set.of(), Map.of(), Optional.empty(), Optional.empty());
    }

    /**
     * Returns these changes with other attributes.
     *
     * @param attributes the attributes that are added or replaced, instead of the present ones
     * @return a copy
     */
    public SessionChanges withSet(Map<String, AttributeValue> attributes) {
        return new SessionChanges(accessedAt, strict, attributes, removed, indexes, expiry, renewal);
    }

    /**
     * Returns these changes with other removals.
     *
     * @param names the attributes that are removed, instead of the present ones
     * @return a copy
     */
    public SessionChanges withRemoved(Set<String> names) {
        return new SessionChanges(accessedAt, strict, set, names, indexes, expiry, renewal);
    }

    /**
     * Returns these changes with other indexes.
     *
     * @param entries the indexes that are set or, where empty, removed, instead of the present ones
     * @return a copy
     */
    public SessionChanges withIndexes(Map<String, Optional<String>> entries) {
        return new SessionChanges(accessedAt, strict, set, removed, entries, expiry, renewal);
    }

    /**
     * Returns these changes with a new expiry.
     *
     * @param newExpiry the expiry from this persist on
     * @return a copy
     */
    public SessionChanges withExpiry(Expiry newExpiry) {
        return new SessionChanges(accessedAt, strict, set, removed, indexes, Optional.of(newExpiry), renewal);
    }

    /**
     * Returns these changes with a new id.
     *
     * @param newId the renewal
     * @return a copy
     */
    public SessionChanges withRenewal(Renewal newId) {
        return new SessionChanges(accessedAt, strict, set, removed, indexes, expiry, Optional.of(newId));
    }

    /**
     * Returns these changes on the condition that nobody else changed the session.
     *
     * @return a copy
     */
    public SessionChanges strictly() {
        return new SessionChanges(accessedAt, true, set, removed, indexes, expiry, renewal);
    }
}
