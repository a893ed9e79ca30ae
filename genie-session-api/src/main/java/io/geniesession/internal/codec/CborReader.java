package io.geniesession.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * Reads CBOR items (RFC 8949) of definite length out of a part of a byte array, without copying it.
 *
 * <p>Every length is checked against the bytes that are left before anything is allocated for it, and the announced
 * elements of all arrays and maps together cannot be more than the bytes of the input, because each takes at least one.
 * So the memory asked for is in proportion to the input, whatever the bytes say.
 *
 * <p>Belongs to one thread.
 */
public final class CborReader {
    private static final char REPLACEMENT = '\uFFFD';
    private static final KnownNames NAMES = new KnownNames();

    private final byte[] source;
    private final int end;
    private int position;
    private int elementsLeft;

    private int major;
    private int info;
    private long argument;

    /**
     * Creates a reader of a part of an array.
     *
     * @param source the array; not copied
     * @param start where to begin
     * @param end where to end, exclusive
     */
    public CborReader(byte[] source, int start, int end) {
        this.source = source;
        this.position = start;
        this.end = end;
        this.elementsLeft = end - start;
    }

    /** Returns the position in the array of the next byte to read. */
    public int position() {
        return position;
    }

    /** Tells whether all bytes have been read. */
    public boolean atEnd() {
        return position >= end;
    }

    /** Tells whether a text string comes next. */
    public boolean isTextNext() {
        return position < end && (source[position] & 0xFF) >>> 5 == Cbor.TEXT;
    }

    /** Reads the item that stands for null if that comes next, and tells whether it did. */
    public boolean skipNull() {
        if (position < end && (source[position] & 0xFF) == Cbor.NULL) {
            position++;
            return true;
        }
        return false;
    }

    /** Reads a number from 0 up that fits into an {@code int}. */
    public int unsigned() throws CborException {
        head();
        if (major != Cbor.UNSIGNED || argument < 0 || argument > Integer.MAX_VALUE) {
            throw new CborException("a small number from 0 up was expected");
        }
        return (int) argument;
    }

    /** Reads a text string. */
    public String text() throws CborException {
        textHead();
        return textBody();
    }

    private void textHead() throws CborException {
        head();
        if (major != Cbor.TEXT) {
            throw new CborException("a text string was expected");
        }
    }

    /** Reads a text string that other inputs are likely to have as well, such as the name of an attribute. */
    public String name() throws CborException {
        textHead();
        int start = position;
        int length = skipBody();
        String known = NAMES.of(source, start, length);
        return known != null ? known : textOf(start, length);
    }

    /** Reads a byte string into an array of its own. */
    byte[] bytes() throws CborException {
        head();
        if (major != Cbor.BYTES) {
            throw new CborException("a byte string was expected");
        }
        return bytesBody();
    }

    /**
     * Passes over a byte string without copying it.
     *
     * @return its length; its content ends at {@link #position()}
     */
    public int skipBytes() throws CborException {
        head();
        if (major != Cbor.BYTES) {
            throw new CborException("a byte string was expected");
        }
        return skipBody();
    }

    /** Passes over one item, however deeply nested. */
    public void skipItem() throws CborException {
        long pending = 1;
        while (pending > 0) {
            pending--;
            head();
            switch (major) {
                case Cbor.BYTES, Cbor.TEXT -> skipBody();
                case Cbor.ARRAY -> pending += count(1);
                case Cbor.MAP -> pending += 2L * count(2);
                case Cbor.TAG -> pending++;
                default -> {
                    // Numbers and simple values end with their head.
                }
            }
        }
    }

    /** Reads the head of an item: its major type, additional information and argument. */
    void head() throws CborException {
        if (position >= end) {
            throw new CborException("the bytes end too early");
        }
        int initial = source[position++] & 0xFF;
        major = initial >>> 5;
        info = initial & 0x1F;
        if (info < Cbor.ONE_BYTE) {
            argument = info;
        } else if (info <= Cbor.EIGHT_BYTES) {
            argument = bigEndian(1 << (info - Cbor.ONE_BYTE));
            if (major == Cbor.SIMPLE && info == Cbor.ONE_BYTE && argument < 32) {
                throw new CborException("a simple value is not well formed");
            }
        } else {
            throw new CborException(
                    info == 31 ? "an item of indefinite length is not accepted" : "an item's head is not well formed");
        }
    }

    int major() {
        return major;
    }

    int info() {
        return info;
    }

    /** Returns the argument of the head that was read last, as 64 bits without sign. */
    long argument() {
        return argument;
    }

    /** Reads the content of a text string whose head was read. */
    String textBody() throws CborException {
        int start = position;
        return textOf(start, skipBody());
    }

    private String textOf(int start, int length) throws CborException {
        String text = new String(source, start, length, UTF_8);
        // The decoder puts this char where the bytes are wrong; only then is it worth looking again.
        if (text.indexOf(REPLACEMENT) >= 0) {
            requireUtf8(start, length);
        }
        return text;
    }

    /** Reads the content of a byte string whose head was read. */
    byte[] bytesBody() throws CborException {
        int start = position;
        int length = skipBody();
        return Arrays.copyOfRange(source, start, start + length);
    }

    /** Passes over the content of a string whose head was read, and returns its length. */
    int skipBody() throws CborException {
        if (argument < 0 || argument > end - position) {
            throw new CborException("a string is longer than the bytes that are left");
        }
        int length = (int) argument;
        position += length;
        return length;
    }

    /**
     * Returns the number of elements or pairs that the head read last announces.
     *
     * @param itemsEach 1 for an array, 2 for a map
     */
    int count(int itemsEach) throws CborException {
        int most = Math.min(elementsLeft, end - position);
        if (argument < 0 || argument > most / itemsEach) {
            throw new CborException("an array or map is longer than the bytes that are left");
        }
        elementsLeft -= (int) argument * itemsEach;
        return (int) argument;
    }

    private void requireUtf8(int start, int length) throws CborException {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(source, start, length));
        } catch (CharacterCodingException e) {
            throw new CborException("a text string is not valid UTF-8");
        }
    }

    private long bigEndian(int bytes) throws CborException {
        if (bytes > end - position) {
            throw new CborException("the bytes end too early");
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = (value << 8) | (source[position++] & 0xFF);
        }
        return value;
    }
}
