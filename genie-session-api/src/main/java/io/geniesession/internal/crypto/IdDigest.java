package io.geniesession.internal.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One way to make the digest of an id: SHA-256, or HMAC with SHA-256 under a key. Safe for use by several threads. */
public final class IdDigest {
    /** The digest without a key. */
    public static final IdDigest UNKEYED = new IdDigest(null);

    private final byte @Nullable [] key;

    private IdDigest(byte @Nullable [] key) {
        this.key = key;
    }

    static IdDigest keyed(byte[] key) {
        return new IdDigest(key);
    }

    /**
     * Returns the digest of an id.
     *
     * @param id the bytes of the id
     * @return 32 bytes
     */
    public byte[] of(byte[] id) {
        return key == null ? sha256(id) : Hkdf.hmac(key, id);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    void close() {
        if (key != null) {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Tells whether there is a key, and not which. */
    @Override
    public String toString() {
        return "IdDigest[" + (key == null ? "unkeyed" : "keyed") + "]";
    }
}
