package io.geniesession.internal.crypto;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869), which the JDK has only from version 25 on. Safe for use by several threads. */
final class Hkdf {
    /** Bytes of a digest. */
    static final int HASH_LENGTH = 32;

    private static final String HMAC = "HmacSHA256";

    private Hkdf() {}

    /** Step 1: makes a pseudorandom key of a key. */
    static byte[] extract(byte[] salt, byte[] key) {
        return hmac(salt.length == 0 ? new byte[HASH_LENGTH] : salt, key);
    }

    /** Step 2: makes up to 255 digests' worth of bytes of a pseudorandom key, different ones for each {@code info}. */
    static byte[] expand(byte[] pseudorandomKey, byte[] info, int length) {
        byte[] result = new byte[length];
        Mac mac = mac(pseudorandomKey);
        byte[] block = new byte[0];
        int number = 1;
        for (int done = 0; done < length; done += HASH_LENGTH) {
            mac.update(block);
            mac.update(info);
            mac.update((byte) number++);
            block = mac.doFinal();
            System.arraycopy(block, 0, result, done, Math.min(HASH_LENGTH, length - done));
        }
        Arrays.fill(block, (byte) 0);
        return result;
    }

    /** HMAC with SHA-256 (RFC 2104). */
    static byte[] hmac(byte[] key, byte[] message) {
        return mac(key).doFinal(message);
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java platform has " + HMAC, e);
        }
    }
}
