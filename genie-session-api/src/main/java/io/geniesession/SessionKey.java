package io.geniesession;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/**
 * The name of a stored session that never changes: chosen before the first write, kept over every renewal of the id,
 * never reused. It opens nothing and may be printed.
 *
 * <p>Keys are UUIDs of version 7 (RFC 9562, section 5.7): they begin with their time of creation in milliseconds, so
 * that new rows stand next to each other in an index. Immutable.
 *
 * @param value the 128 bits of the key
 */
public record SessionKey(UUID value) implements Comparable<SessionKey> {
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Checks that the value is there.
     *
     * @param value the 128 bits of the key
     */
    public SessionKey {
        requireNonNull(value, "value");
    }

    /**
     * Chooses a new key.
     *
     * @param now the time that the key begins with, at a precision of milliseconds
     * @return a key that no other session has
     */
    public static SessionKey generate(Instant now) {
        byte[] random = new byte[10];
        RANDOM.nextBytes(random);
        ByteBuffer bits = ByteBuffer.wrap(random);
        long high = (now.toEpochMilli() << 16) | 0x7000 | (bits.getShort() & 0xfff);
        long low = (bits.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new SessionKey(new UUID(high, low));
    }

    /**
     * Compares as unsigned 128-bit numbers, which is the order of creation and the order that databases give to UUIDs.
     *
     * @param other the key to compare with
     * @return less than, equal to or greater than zero
     */
    @Override
    public int compareTo(SessionKey other) {
        int high = Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    /** Returns the key in the usual form of a UUID. */
    @Override
    public String toString() {
        return value.toString();
    }
}
