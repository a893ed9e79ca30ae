package io.geniesession;

import static java.util.Objects.requireNonNull;

import io.geniesession.internal.crypto.IdDigest;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The secret that opens a session: 256 random bits, 43 characters of base64url in the cookie and nowhere else.
 *
 * <p>Whoever has it is the visitor, so it never appears in {@link #toString()}, a log or a message; {@link #publicId()}
 * is there for that. Stores outside the process keep {@link #digest()} only: a stolen table opens no session. With
 * {@code genie.session.id-digest.keys} the digest of an id that the library hands to a store, or out of {@link
 * Sessions#id}, has a key, so that a stolen table cannot even confirm a guess; one that comes from {@link #generate()} or
 * {@link #parse} has none, and {@link Sessions#publicIds} tells the names that it has. A client never chooses an id; text
 * from a request becomes a {@code SessionId} through {@link #parse} and counts for nothing unless a store knows it. See the
 * OWASP Session Management Cheat Sheet, "Session ID properties".
 *
 * <p>Immutable. Equality takes the same time wherever two ids differ.
 */
public final class SessionId {
    /** Characters of {@link #value()}. */
    public static final int LENGTH = 43;

    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final byte[] SEXTETS = sextets();

    private final long a;
    private final long b;
    private final long c;
    private final long d;

    // Computed when it is asked for: an id that only looks a session up in this process needs none. Racing threads may
    // compute it a few times, always with the same result.
    private Digest digest;

    /** How the digest is made, the digest once that is asked for, and then its text. Nobody changes the array. */
    private static final class Digest {
        /** Of all ids whose digest has no key and that nobody asked for it. */
        static final Digest UNKEYED = new Digest(IdDigest.UNKEYED, null);

        final IdDigest digesting;
        final byte @Nullable [] bytes;
        private @Nullable String text;

        Digest(IdDigest digesting, byte @Nullable [] bytes) {
            this.digesting = digesting;
            this.bytes = bytes;
        }

        byte[] bytes() {
            return requireNonNull(bytes);
        }

        String text() {
            String known = text;
            if (known == null) {
                known = ENCODER.encodeToString(bytes());
                text = known;
            }
            return known;
        }
    }

    private SessionId(long a, long b, long c, long d, Digest digest) {
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
        this.digest = digest;
    }

    /** How the digest is made. */
    IdDigest digesting() {
        return digest.digesting;
    }

    /** The same secret, which a store knows by another digest. */
    SessionId with(IdDigest other) {
        return other.equals(digesting()) ? this : new SessionId(a, b, c, d, new Digest(other, null));
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
        return new SessionId(bits.getLong(), bits.getLong(), bits.getLong(), bits.getLong(), Digest.UNKEYED);
    }

    /**
     * Reads an id from text that came with a request.
     *
     * @param text what the client sent
     * @return the id, or empty unless the text is exactly what {@link #value()} of some id is: 43 characters of unpadded
     *     base64url (RFC 4648, section 5) without stray bits
     */
    public static Optional<SessionId> parse(String text) {
        SessionId id = read(requireNonNull(text, "text"));
        return id == null ? Optional.empty() : Optional.of(id);
    }

    private static @Nullable SessionId read(String text) {
        if (text.length() != LENGTH) {
            return null;
        }
        // 43 characters of 6 bits are 258 bits: ten characters leave four bits of a long free, which come from a
        // character that is shared with the next long; the last two bits have to be zero.
        long a = sextets(text, 0);
        long ab = sextet(text, 10);
        long b = sextets(text, 11);
        long bc = sextet(text, 21);
        long c = sextets(text, 22);
        long d = sextets(text, 32);
        long end = sextet(text, 42);
        // What is no base64url, and only that, is negative.
        if ((a | ab | b | bc | c | d | end) < 0 || (end & 3) != 0) {
            return null;
        }
        return new SessionId(
                (a << 4) | (ab >>> 2),
                (ab << 62) | (b << 2) | (bc >>> 4),
                (bc << 60) | c,
                (d << 4) | (end >>> 2),
                Digest.UNKEYED);
    }

    /** Returns the 60 bits of the ten characters from here on; negative if one of them is none of base64url. */
    private static long sextets(String text, int from) {
        long bits = 0;
        for (int i = from; i < from + 10; i++) {
            bits = (bits << 6) | sextet(text, i);
        }
        return bits;
    }

    private static long sextet(String text, int at) {
        char character = text.charAt(at);
        return character < SEXTETS.length ? SEXTETS[character] : -1;
    }

    /** Returns the six bits of each ASCII character, -1 for those that are none of base64url. */
    private static byte[] sextets() {
        byte[] sextets = new byte[128];
        Arrays.fill(sextets, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int i = 0; i < alphabet.length(); i++) {
            sextets[alphabet.charAt(i)] = (byte) i;
        }
        return sextets;
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
     * Returns the digest of the 256 bits, which is what stores outside the process keep: SHA-256, or HMAC with SHA-256 where
     * the settings demand a key.
     *
     * @return 32 bytes, a copy
     */
    public byte[] digest() {
        return hashed().bytes().clone();
    }

    /**
     * Returns the name under which this id is safe to print: the digest in base64url.
     *
     * @return 43 characters of base64url, from which {@link #value()} cannot be found
     */
    public String publicId() {
        return hashed().text();
    }

    private Digest hashed() {
        Digest known = digest;
        if (known.bytes == null) {
            known = new Digest(known.digesting, known.digesting.of(bytes()));
            digest = known;
        }
        return known;
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
