package io.geniesession;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The secret that opens a session: 256 random bits, 43 characters of base64url in the cookie and nowhere else.
 *
 * <p>Whoever has it is the visitor, so it never appears in {@link #toString()}, a log or a message; {@link #publicId()}
 * is there for that. Stores outside the process keep {@link #digest()} only: a stolen table opens no session. A
 * client never chooses an id; text from a request becomes a {@code SessionId} through {@link #parse} and counts for
 * nothing unless a store knows it. See the OWASP Session Management Cheat Sheet, "Session ID properties".
 *
 * <p>Immutable. Equality takes the same time wherever two ids differ.
 */
public final class SessionId {
    /** Characters of {@link #value()}. */
    public static final int LENGTH = 43;

    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final long a;
    private final long b;
    private final long c;
    private final long d;

    // Computed at most a few times by racing threads, always with the same result.
    private byte @Nullable [] digest;
    private @Nullable String publicId;

    private SessionId(long a, long b, long c, long d) {
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
    }

    /**
     * Generates a new id from the platform's {@link SecureRandom}.
     *
     * @return an id that nobody can guess
     */
    public static SessionId generate() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        ByteBuffer bits = ByteBuffer.wrap(random);
        return new SessionId(bits.getLong(), bits.getLong(), bits.getLong(), bits.getLong());
    }

    /**
     * Reads an id from text that came with a request.
     *
     * @param text what the client sent
     * @return the id, or empty unless the text is exactly what {@link #value()} of some id is: 43 characters of unpadded
     *     base64url (RFC 4648, section 5) without stray bits
     */
    public static Optional<SessionId> parse(String text) {
        requireNonNull(text, "text");
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        // 43 characters of 6 bits are 258 bits: ten characters for each of four rounds would straddle longs, so the
        // bits are shifted through one accumulator that hands out a long whenever it has 64 of them.
        long[] words = new long[4];
        for (int i = 0; i < LENGTH; i++) {
            int bits = decode(text.charAt(i));
            if (bits < 0) {
                return Optional.empty();
            }
            if (!place(words, i * 6, bits)) {
                return Optional.empty();
            }
        }
        return Optional.of(new SessionId(words[0], words[1], words[2], words[3]));
    }

    /** Puts six bits at this offset from the left; false if one of the two bits behind the 256th is set. */
    private static boolean place(long[] words, int offset, int bits) {
        int word = offset >>> 6;
        int shift = 58 - (offset & 63);
        if (shift >= 0) {
            words[word] |= (long) bits << shift;
            return true;
        }
        words[word] |= bits >>> -shift;
        if (word == 3) {
            return (bits & ((1 << -shift) - 1)) == 0;
        }
        words[word + 1] |= (long) bits << (64 + shift);
        return true;
    }

    private static int decode(char character) {
        if (character >= 'A' && character <= 'Z') {
            return character - 'A';
        }
        if (character >= 'a' && character <= 'z') {
            return character - 'a' + 26;
        }
        if (character >= '0' && character <= '9') {
            return character - '0' + 52;
        }
        return character == '-' ? 62 : character == '_' ? 63 : -1;
    }

    /**
     * Returns the secret itself, for the cookie and nothing else.
     *
     * @return 43 characters of base64url
     */
    public String value() {
        return ENCODER.encodeToString(bytes());
    }

    /**
     * Returns the SHA-256 digest of the 256 bits, which is what stores outside the process keep.
     *
     * @return 32 bytes, a copy
     */
    public byte[] digest() {
        return sharedDigest().clone();
    }

    /**
     * Returns the name under which this id is safe to print: the digest in base64url.
     *
     * @return 43 characters of base64url, from which {@link #value()} cannot be found
     */
    public String publicId() {
        String known = publicId;
        if (known == null) {
            known = ENCODER.encodeToString(sharedDigest());
            publicId = known;
        }
        return known;
    }

    private byte[] sharedDigest() {
        byte[] known = digest;
        if (known == null) {
            known = sha256(bytes());
            digest = known;
        }
        return known;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(a)
                .putLong(b)
                .putLong(c)
                .putLong(d)
                .array();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionId that && ((a ^ that.a) | (b ^ that.b) | (c ^ that.c) | (d ^ that.d)) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }

    /** Returns text that names the public id and never the secret. */
    @Override
    public String toString() {
        return "SessionId[publicId=" + publicId() + "]";
    }
}
