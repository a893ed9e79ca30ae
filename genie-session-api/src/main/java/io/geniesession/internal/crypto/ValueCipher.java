package io.geniesession.internal.crypto;

import io.geniesession.SessionKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts the encoded values of attributes, if keys are configured. {@code docs/encoding.md} has the bytes, {@code
 * docs/security.md} what they protect from.
 *
 * <p>Safe for use by several threads.
 */
public final class ValueCipher {
    private final @Nullable KeyRing keys;
    private final boolean readsUnencrypted;

    /** What all sessions share as long as there is nothing to derive, so that reading costs nothing then. */
    private final @Nullable SessionCipher withoutKeys;

    private ValueCipher(@Nullable KeyRing keys, boolean readsUnencrypted) {
        this.keys = keys;
        this.readsUnencrypted = readsUnencrypted;
        this.withoutKeys = keys == null ? SessionCipher.withoutKeys() : null;
    }

    /**
     * Creates a cipher.
     *
     * @param keys the keys; empty: values are written and read without encryption
     * @param readsUnencrypted whether values that are not encrypted are read; without keys they are
     */
    public static ValueCipher of(Optional<KeyRing> keys, boolean readsUnencrypted) {
        return new ValueCipher(keys.orElse(null), readsUnencrypted);
    }

    /** Tells whether keys are configured. */
    public boolean isConfigured() {
        return keys != null;
    }

    /** Returns the cipher of one session, for one view of it. */
    public SessionCipher of(SessionKey session) {
        return withoutKeys != null ? withoutKeys : new SessionCipher(keys, readsUnencrypted, session);
    }

    /** Wipes the keys. Called once nothing can be stored any more. */
    public void close() {
        if (keys != null) {
            keys.close();
        }
    }
}
