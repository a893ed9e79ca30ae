package io.geniesession;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a stored session beside its attributes. Safe to print; immutable.
 *
 * @param key the name that never changes
 * @param publicId the public id that the session has now, see {@link SessionId#publicId()}
 * @param version counts the persists, beginning with 1 at creation; a touch is none
 * @param createdAt when the session was created
 * @param lastAccessedAt the stored time of the last access, which may be older than the true one by the quantum
 * @param expiry when the session ends by itself
 * @param indexes the named indexes, the principal among them as {@link Session#PRINCIPAL}
 * @param size bytes that the store holds for the attributes, about; zero if it keeps objects
 */
public record SessionInfo(
        SessionKey key,
        String publicId,
        long version,
        Instant createdAt,
        Instant lastAccessedAt,
        Expiry expiry,
        Map<String, String> indexes,
        long size) {

    /**
     * Copies the indexes and checks that nothing is null.
     *
     * @param key the name that never changes
     * @param publicId the public id that the session has now, see {@link SessionId#publicId()}
     * @param version counts the persists, beginning with 1 at creation; a touch is none
     * @param createdAt when the session was created
     * @param lastAccessedAt the stored time of the last access, which may be older than the true one by the quantum
     * @param expiry when the session ends by itself
     * @param indexes the named indexes, the principal among them as {@link Session#PRINCIPAL}
     * @param size bytes that the store holds for the attributes, about; zero if it keeps objects
     */
    public SessionInfo {
        requireNonNull(key, "key");
        requireNonNull(publicId, "publicId");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(lastAccessedAt, "lastAccessedAt");
        requireNonNull(expiry, "expiry");
        indexes = Map.copyOf(indexes);
    }

    /**
     * Returns the instant from which on the session is expired.
     *
     * @return the instant, or {@link Instant#MAX} if the session never ends by itself
     */
    public Instant expiresAt() {
        return expiry.expiresAt(lastAccessedAt);
    }

    /**
     * Tells whether the session has ended by itself.
     *
     * @param now the moment that decides; a session that expires exactly now is expired
     * @return true from {@link #expiresAt()} on
     */
    public boolean isExpired(Instant now) {
        return !now.isBefore(expiresAt());
    }

    /**
     * Returns who is signed in.
     *
     * @return the principal, or empty for an anonymous session
     */
    public Optional<String> principal() {
        return Optional.ofNullable(indexes.get(Session.PRINCIPAL));
    }
}
