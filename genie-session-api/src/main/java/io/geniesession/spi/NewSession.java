package io.geniesession.spi;

import static java.util.Objects.requireNonNull;

import io.geniesession.Expiry;
import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import java.time.Instant;
import java.util.Map;

/**
 * A session to be created. Immutable.
 *
 * @param key the name that never changes
 * @param id the secret that opens it from now on
 * @param createdAt the time of creation, which is also the first access; in milliseconds
 * @param expiry when the session ends by itself
 * @param attributes the first attributes
 * @param indexes the first named indexes
 */
public record NewSession(
        SessionKey key,
        SessionId id,
        Instant createdAt,
        Expiry expiry,
        Map<String, AttributeValue> attributes,
        Map<String, String> indexes) {

    /**
     * Copies the maps and checks that nothing is null.
     *
     * @param key the name that never changes
     * @param id the secret that opens it from now on
     * @param createdAt the time of creation, which is also the first access; in milliseconds
     * @param expiry when the session ends by itself
     * @param attributes the first attributes
     * @param indexes the first named indexes
     */
    public NewSession {
        requireNonNull(key, "key");
        requireNonNull(id, "id");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(expiry, "expiry");
        attributes = Map.copyOf(attributes);
        indexes = Map.copyOf(indexes);
    }
}
