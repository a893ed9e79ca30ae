package io.geniesession.tck;

import static java.util.Objects.requireNonNull;

import io.geniesession.spi.AttributeValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A value for tests of an adapter: an object with a text, or the bytes of one. The bytes have the shape of the core's own: an
 * envelope byte, then one CBOR text string (RFC 8949, section 3.1).
 *
 * <p>Safe for use by several threads, as far as the object is.
 */
public final class TestValue implements AttributeValue {
    private static final byte ENVELOPE = 0;
    private static final byte TEXT_WITH_32_BIT_LENGTH = 0x7a;
    private static final int HEADER = 6;

    private final Object content;

    private TestValue(Object content) {
        this.content = content;
    }

    /**
     * Returns a value that an application has put in.
     *
     * @param object the object; its {@code toString()} is what {@link #encoded()} encodes, at the moment of the call
     * @return the value
     */
    public static TestValue of(Object object) {
        return new TestValue(requireNonNull(object, "object"));
    }

    static TestValue ofEncoded(byte[] encoded) {
        return new TestValue(encoded);
    }

    /**
     * Reads the text of a value that came back from an adapter.
     *
     * @param value the value
     * @return the text of its object, or the text in its bytes
     * @throws AssertionError if the bytes are not those of a {@code TestValue}
     */
    public static String text(AttributeValue value) {
        return value instanceof TestValue test && !(test.content instanceof byte[])
                ? test.content.toString()
                : decoded(value.encoded());
    }

    private static String decoded(byte[] encoded) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        if (encoded.length < HEADER
                || bytes.get() != ENVELOPE
                || bytes.get() != TEXT_WITH_32_BIT_LENGTH
                || bytes.getInt() != bytes.remaining()) {
            throw new AssertionError("The adapter changed the bytes of a value: " + encoded.length + " bytes came back"
                    + " that no value has been encoded to");
        }
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Override
    public byte[] encoded() {
        if (content instanceof byte[] bytes) {
            return bytes;
        }
        byte[] text = content.toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEADER + text.length)
                .put(ENVELOPE)
                .put(TEXT_WITH_32_BIT_LENGTH)
                .putInt(text.length)
                .put(text)
                .array();
    }
}
