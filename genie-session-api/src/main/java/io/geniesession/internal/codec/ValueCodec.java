package io.geniesession.internal.codec;

import io.geniesession.SessionCodecException;
import java.time.ZoneId;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the value of an attribute into bytes and back.
 *
 * <p>The bytes are an envelope byte and a body. The lower four bits of the envelope byte name the body's format: 0 is one
 * CBOR item in clear, 1 is an encrypted value, which is decrypted before it comes here; all other formats and the upper
 * four bits are reserved. What comes back has the class of what went in, for the JDK's values and collections; any other
 * class goes through Java serialization under a {@link TypePolicy}. {@code docs/encoding.md} has the table.
 *
 * <p>A value is a tree: a part that it refers to twice comes back as two equal parts, unless both references are within
 * one object that is serialized as a whole.
 *
 * <p>Safe for use by several threads.
 */
public final class ValueCodec {
    /** The setting that bounds the encoded form of one attribute. */
    public static final String SIZE_SETTING = "genie.session.max-attribute-size";

    /** How deep collections may be nested. */
    static final int MAX_DEPTH = 64;

    private static final byte CLEAR = 0;

    private final ObjectCodec objects;
    private final int maxBytes;

    /**
     * Creates a codec.
     *
     * @param policy the classes that may be serialized
     * @param loader finds those classes when they are read
     * @param maxBytes the largest encoded form of one attribute, in bytes, at least 2
     */
    public ValueCodec(TypePolicy policy, ClassLoader loader, int maxBytes) {
        if (maxBytes < 2) {
            throw new IllegalArgumentException("maxBytes must be at least 2, not " + maxBytes);
        }
        this.objects = new ObjectCodec(policy, loader);
        this.maxBytes = maxBytes;
    }

    /**
     * Returns the stored form of a value.
     *
     * @param attribute the attribute's name, for messages only
     * @param value the value
     * @throws SessionCodecException if a class in it is neither built in nor on the allow-list, or cannot be serialized,
     *     or the value is too large, nested too deeply, changed by another thread meanwhile, or could not be read back
     */
    public byte[] encode(String attribute, Object value) {
        Objects.requireNonNull(attribute, "attribute");
        Objects.requireNonNull(value, "value");
        CborWriter out = new CborWriter(maxBytes);
        ValueWriter writer = new ValueWriter(attribute, objects, out);
        try {
            out.raw(CLEAR);
            writer.write(value, 0);
        } catch (CborException e) {
            throw tooLarge(attribute, e.bytesNeeded());
        } catch (ConcurrentModificationException e) {
            throw ValueWriter.changedMeanwhile(attribute, value);
        }
        if (out.size() > maxBytes) {
            throw tooLarge(attribute, out.size());
        }
        byte[] encoded = out.toByteArray();
        if (writer.hasManyKeys()) {
            decode(attribute, encoded);
        }
        return encoded;
    }

    /**
     * Returns the value that a stored form stands for.
     *
     * @param attribute the attribute's name, for messages only
     * @param encoded the stored form; not kept
     * @throws SessionCodecException if the bytes are damaged, were written by a newer version, or hold a class that is
     *     not on the allow-list or not as it was
     */
    public Object decode(String attribute, byte[] encoded) {
        Objects.requireNonNull(attribute, "attribute");
        requireClear(attribute, encoded);
        try {
            CborReader in = new CborReader(encoded, 1, encoded.length);
            Object value = new ValueReader(attribute, objects, encoded, in).read(0);
            if (value == null || !in.atEnd()) {
                throw new CborException(value == null ? "it holds no value" : "bytes are left over");
            }
            return value;
        } catch (SessionCodecException e) {
            throw e;
        } catch (CborException e) {
            throw new SessionCodecException(unreadable(attribute) + e.getMessage(), attribute, null, null);
        } catch (Throwable e) {
            // Keys of the application run its hashCode, equals and compareTo, which may do anything.
            ObjectCodec.rethrowFatal(e);
            throw new SessionCodecException(
                    unreadable(attribute) + "its content does not fit its type; the cause has the stack trace",
                    attribute,
                    null,
                    e);
        }
    }

    /**
     * Returns the stored form of the value that a stored form stands for.
     *
     * <p>It may differ from what was given where a value has no order of its own: two hash tables with the same content
     * may be iterated in different orders, but two that were read from the same bytes are iterated in the same. So a
     * value read from {@code encoded} and not changed since is encoded to these bytes.
     *
     * @param attribute the attribute's name, for messages only
     * @param encoded the stored form; not kept
     * @throws SessionCodecException as {@link #decode} and {@link #encode}
     */
    public byte[] recode(String attribute, byte[] encoded) {
        return encode(attribute, decode(attribute, encoded));
    }

    /**
     * Tells whether a value can change without being put in again.
     *
     * @param value any value
     * @return false only for types known to be immutable through and through; true in doubt
     */
    public boolean canChangeInPlace(Object value) {
        Objects.requireNonNull(value, "value");
        return !isImmutable(value, 0);
    }

    private static boolean isImmutable(@Nullable Object value, int depth) {
        if (value == null || value instanceof String || value instanceof Enum || value instanceof ZoneId) {
            return true;
        }
        Kind kind = Kind.of(value.getClass());
        if (kind == null || depth > MAX_DEPTH) {
            return false;
        }
        return switch (kind.form()) {
            case VALUE -> true;
            case IMMUTABLE_COLLECTION -> areImmutable((Collection<?>) value, depth);
            case IMMUTABLE_MAP -> areImmutable((Map<?, ?>) value, depth);
            case OPTIONAL -> isImmutable(((Optional<?>) value).orElse(null), depth + 1);
            case MUTABLE_VALUE, COLLECTION, CONCURRENT_COLLECTION, MAP, CONCURRENT_MAP -> false;
        };
    }

    private static boolean areImmutable(Collection<?> values, int depth) {
        for (Object value : values) {
            if (!isImmutable(value, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean areImmutable(Map<?, ?> values, int depth) {
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            if (!isImmutable(entry.getKey(), depth + 1) || !isImmutable(entry.getValue(), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static void requireClear(String attribute, byte[] encoded) {
        if (encoded.length == 0) {
            throw new SessionCodecException(unreadable(attribute) + "it is empty", attribute, null, null);
        }
        if (encoded[0] != CLEAR) {
            throw new SessionCodecException(
                    unreadable(attribute) + "its envelope byte is " + (encoded[0] & 0xFF)
                            + ", so it was written by a newer version",
                    attribute,
                    null,
                    null);
        }
    }

    private static String unreadable(String attribute) {
        return "Attribute \"" + attribute + "\" cannot be read back: ";
    }

    private SessionCodecException tooLarge(String attribute, long bytes) {
        return new SessionCodecException(
                "Attribute \"" + attribute + "\" cannot be stored: its encoded form takes " + bytes
                        + " bytes or more, but at most " + maxBytes + " are allowed by the setting " + SIZE_SETTING,
                attribute,
                null,
                null);
    }
}
