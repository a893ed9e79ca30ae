package io.geniesession.spi;

import java.util.Map;

/**
 * Where keys come from if they do not stand in settings, such as a key management service.
 *
 * <p>One is given to {@link io.geniesession.Sessions.Builder#keySource} or found by {@link java.util.ServiceLoader}. It is
 * asked once, when the sessions are opened; what it throws stops the start. Settings name the keys to use from now on:
 * {@code genie.session.encryption.key} and {@code genie.session.id-digest.key}. {@code docs/security.md} says how keys are
 * changed.
 *
 * <p>Used by one thread.
 */
public interface KeySource {
    /**
     * Returns the keys that encrypt values. [as {@code genie.session.encryption.keys}]
     *
     * @return keys of 32 random bytes by id, which has 1 to 16 letters, digits, {@code .}, {@code _} or {@code -}; empty:
     *     none from here. The arrays are wiped, so they must be copies
     */
    default Map<String, byte[]> encryptionKeys() {
        return Map.of();
    }

    /**
     * Returns the keys of the digests of ids, the newest first. [as {@code genie.session.id-digest.keys}]
     *
     * @return keys of 32 random bytes by id, in an order that is the same on every node, such as that of a {@link
     *     java.util.LinkedHashMap}; empty: none from here. The arrays are wiped, so they must be copies
     */
    default Map<String, byte[]> idDigestKeys() {
        return Map.of();
    }
}
