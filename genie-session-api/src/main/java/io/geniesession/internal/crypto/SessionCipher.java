package io.geniesession.internal.crypto;

import static java.util.Objects.requireNonNull;

import io.geniesession.SessionCodecException;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and decrypts the values of one session with AES-256-GCM.
 *
 * <p>Each session has keys of its own, so that random nonces suffice however many sessions there are, and each value is bound
 * to its session and its attribute's name. What is derived lives as long as the view of the session, which is one request.
 *
 * <p>Not thread-safe, except {@link #withoutKeys}.
 */
public final class SessionCipher {
    /** The envelope byte of an encrypted value. */
    static final byte ENCRYPTED = 1;

    static final int NONCE_LENGTH = 12;
    static final int TAG_LENGTH = 16;

    private static final byte[] LABEL = Bytes.ascii("genie-session value 1");
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final @Nullable KeyRing ring;
    private final boolean readsUnencrypted;
    private final SessionKey session;
    private final Map<String, SecretKey> derived = new HashMap<>(2);
    private @Nullable Cipher cipher;

    SessionCipher(@Nullable KeyRing ring, boolean readsUnencrypted, SessionKey session) {
        this.ring = ring;
        this.readsUnencrypted = readsUnencrypted;
        this.session = session;
    }

    /** Passes through what is not encrypted; safe for use by several threads, because nothing is derived. */
    static SessionCipher withoutKeys() {
        return new SessionCipher(null, true, new SessionKey(new UUID(0, 0)));
    }

    /**
     * Returns the form in which a value is stored.
     *
     * @param attribute the attribute's name
     * @param clear the encoded value; not changed
     * @return other bytes each time, or {@code clear} itself if no key is in use
     * @throws SessionStoreException if the keys are wiped
     */
    public byte[] seal(String attribute, byte[] clear) {
        String active = ring == null ? null : ring.active();
        if (active == null) {
            return clear;
        }
        byte[] id = Bytes.ascii(active);
        byte[] nonce = new byte[NONCE_LENGTH];
        RANDOM.nextBytes(nonce);
        byte[] sealed = header(id, nonce, clear.length + TAG_LENGTH);
        try {
            Cipher aes = cipher(Cipher.ENCRYPT_MODE, active, nonce, 0);
            aes.updateAAD(associatedData(id, attribute));
            aes.doFinal(clear, 0, clear.length, sealed, sealed.length - clear.length - TAG_LENGTH);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform encrypts with " + TRANSFORMATION, e);
        }
    }

    private static byte[] header(byte[] id, byte[] nonce, int rest) {
        return ByteBuffer.allocate(2 + id.length + NONCE_LENGTH + rest)
                .put(ENCRYPTED)
                .put((byte) id.length)
                .put(id)
                .put(nonce)
                .array();
    }

    /**
     * Returns the encoded value of a stored one.
     *
     * @param attribute the attribute's name
     * @param stored the stored bytes; not changed
     * @return the encoded value, which is {@code stored} itself if it is not encrypted
     * @throws SessionCodecException if the bytes do not decrypt: their key is not here, they were changed, or they belong to
     *     another session or attribute; or if they are not encrypted although that is demanded
     * @throws SessionStoreException if the keys are wiped
     */
    public byte[] open(String attribute, byte[] stored) {
        if (stored.length > 0 && stored[0] == ENCRYPTED) {
            return decrypt(attribute, stored);
        }
        if (!readsUnencrypted) {
            throw unreadable(
                    attribute, "it is not encrypted, and genie.session.encryption.unencrypted=refuse demands that");
        }
        return stored;
    }

    private byte[] decrypt(String attribute, byte[] stored) {
        int idLength = stored.length < 2 ? 0 : stored[1];
        int nonceAt = 2 + idLength;
        if (idLength < 1 || stored.length < nonceAt + NONCE_LENGTH + TAG_LENGTH) {
            throw unreadable(attribute, "its encrypted bytes are cut off");
        }
        byte[] id = Arrays.copyOfRange(stored, 2, nonceAt);
        try {
            Cipher aes = cipher(Cipher.DECRYPT_MODE, known(attribute, id), stored, nonceAt);
            aes.updateAAD(associatedData(id, attribute));
            int bodyAt = nonceAt + NONCE_LENGTH;
            return aes.doFinal(stored, bodyAt, stored.length - bodyAt);
        } catch (AEADBadTagException e) {
            throw unreadable(
                    attribute,
                    "it does not decrypt: its bytes were changed or belong to another session or attribute,"
                            + " or the key of this id is another one than when it was written");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform decrypts with " + TRANSFORMATION, e);
        }
    }

    /** The id, which is shown only if it is one of ours: other bytes may be anybody's. */
    private String known(String attribute, byte[] id) {
        if (ring == null) {
            throw unreadable(
                    attribute, "it is encrypted, but no keys are configured; set genie.session.encryption.keys");
        }
        String text = new String(id, StandardCharsets.US_ASCII);
        if (!ring.has(text)) {
            String shown = KeyRing.isId(text) ? " \"" + text + "\"" : "";
            throw unreadable(
                    attribute,
                    "it is encrypted with a key" + shown + " that this node does not have; keep the keys that"
                            + " stored sessions need in genie.session.encryption.keys");
        }
        return text;
    }

    private Cipher cipher(int mode, String id, byte[] nonce, int nonceAt) throws GeneralSecurityException {
        Cipher present = cipher;
        if (present == null) {
            present = Cipher.getInstance(TRANSFORMATION);
            cipher = present;
        }
        SecretKey key = derived.computeIfAbsent(id, this::derive);
        present.init(mode, key, new GCMParameterSpec(TAG_LENGTH * 8, nonce, nonceAt, NONCE_LENGTH));
        return present;
    }

    private SecretKey derive(String id) {
        byte[] info =
                sessionBytes(ByteBuffer.allocate(LABEL.length + 16).put(LABEL)).array();
        byte[] key = requireNonNull(ring).derive(id, info);
        try {
            return new SecretKeySpec(key, "AES");
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Format, key, session and name; only the last has no fixed or stated length, so no two meanings have the same bytes. */
    private byte[] associatedData(byte[] id, String attribute) {
        byte[] name = attribute.getBytes(StandardCharsets.UTF_8);
        ByteBuffer data = ByteBuffer.allocate(2 + id.length + 16 + name.length)
                .put(ENCRYPTED)
                .put((byte) id.length)
                .put(id);
        return sessionBytes(data).put(name).array();
    }

    private ByteBuffer sessionBytes(ByteBuffer target) {
        return target.putLong(session.value().getMostSignificantBits())
                .putLong(session.value().getLeastSignificantBits());
    }

    private static SessionCodecException unreadable(String attribute, String why) {
        return new SessionCodecException(
                "Attribute \"" + attribute + "\" cannot be read back: " + why, attribute, null, null);
    }
}
