package io.geniesession.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes CBOR items (RFC 8949) of definite length into one growing buffer.
 *
 * <p>The limit given at construction bounds the buffer, so that a structure that refers to the same part over and over
 * cannot fill the memory before its size is judged.
 *
 * <p>Belongs to one thread.
 */
public final class CborWriter {
    private static final int INITIAL_CAPACITY = 128;

    /** From how many chars on an array for the platform's encoder costs less than it saves. */
    private static final int LONG_TEXT = 64;

    /** What the platform's encoder puts where half of a surrogate pair stands. */
    private static final byte REPLACEMENT = '?';

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final int limit;
    private byte[] buffer;
    private int size;

    /**
     * Creates an empty writer.
     *
     * @param expected the number of bytes to make room for at once; a guess
     * @param limit the largest number of bytes that may be written, at least 1
     */
    public CborWriter(int expected, int limit) {
        this.limit = limit;
        this.buffer = new byte[Math.min(Math.max(expected, 16), limit)];
    }

    CborWriter(int limit) {
        this(INITIAL_CAPACITY, limit);
    }

    /** Returns the number of bytes written so far. */
    public int size() {
        return size;
    }

    /** Returns the bytes written; the writer must not be used afterwards, because it may share them. */
    public byte[] toByteArray() {
        return size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
    }

    /** Returns the array that holds the bytes written so far; the next write may replace it. */
    byte[] buffer() {
        return buffer;
    }

    /** Writes a number from 0 up in its shortest form. */
    public void unsigned(long value) throws CborException {
        head(Cbor.UNSIGNED, value);
    }

    /** Writes a whole number in its shortest form. */
    void integer(long value) throws CborException {
        head(value < 0 ? Cbor.NEGATIVE : Cbor.UNSIGNED, value < 0 ? ~value : value);
    }

    /** Writes a whole number with an argument of exactly 1, 2, 4 or 8 bytes, the way a Java type keeps its width. */
    void integer(long value, int argumentBytes) throws CborException {
        int major = value < 0 ? Cbor.NEGATIVE : Cbor.UNSIGNED;
        long argument = value < 0 ? ~value : value;
        require(9);
        switch (argumentBytes) {
            case 1 -> initial(major, Cbor.ONE_BYTE);
            case 2 -> initial(major, Cbor.TWO_BYTES);
            case 4 -> initial(major, Cbor.FOUR_BYTES);
            case 8 -> initial(major, Cbor.EIGHT_BYTES);
            default -> throw new IllegalArgumentException("argumentBytes");
        }
        bigEndian(argument, argumentBytes);
    }

    void float32(float value) throws CborException {
        require(5);
        initial(Cbor.SIMPLE, Cbor.FOUR_BYTES);
        bigEndian(Float.floatToRawIntBits(value), 4);
    }

    void float64(double value) throws CborException {
        require(9);
        initial(Cbor.SIMPLE, Cbor.EIGHT_BYTES);
        bigEndian(Double.doubleToRawLongBits(value), 8);
    }

    void bool(boolean value) throws CborException {
        raw(value ? Cbor.TRUE : Cbor.FALSE);
    }

    /** Writes the item that stands for null. */
    public void nothing() throws CborException {
        raw(Cbor.NULL);
    }

    /** Writes one byte as it is, outside of any item. */
    void raw(int value) throws CborException {
        require(1);
        buffer[size++] = (byte) value;
    }

    /** Writes a byte string. */
    public void bytes(byte[] value) throws CborException {
        head(Cbor.BYTES, value.length);
        require(value.length);
        System.arraycopy(value, 0, buffer, size, value.length);
        size += value.length;
    }

    /**
     * Writes a text string.
     *
     * @return false, with nothing written, if the string is not well-formed Unicode, that is, has a lone surrogate
     */
    public boolean text(String value) throws CborException {
        // Beyond a third of the limit it may not fit; then nothing is allocated before that is known.
        boolean isLong = value.length() >= LONG_TEXT && value.length() <= limit / 3;
        return isLong ? textAtOnce(value) : textByChars(value);
    }

    /** Looks at each char, which needs no memory and is best for names and the like. */
    private boolean textByChars(String value) throws CborException {
        int bytes = utf8Length(value);
        if (bytes < 0) {
            return false;
        }
        head(Cbor.TEXT, bytes);
        require(bytes);
        if (bytes == value.length()) {
            ascii(value);
        } else {
            utf8(value);
        }
        return true;
    }

    /** Leaves the work to the platform, which takes many chars at once, and looks only at what that may have replaced. */
    private boolean textAtOnce(String value) throws CborException {
        byte[] bytes = value.getBytes(UTF_8);
        if (has(REPLACEMENT, bytes) && utf8Length(value) < 0) {
            return false;
        }
        head(Cbor.TEXT, bytes.length);
        append(bytes, 0, bytes.length);
        return true;
    }

    /** Tells whether one of the bytes is this one, which has no upper bit; eight bytes at a time. */
    static boolean has(byte wanted, byte[] bytes) {
        long pattern = wanted * ONES;
        int at = 0;
        for (; at <= bytes.length - Long.BYTES; at += Long.BYTES) {
            long zeroWhereEqual = (long) LONGS.get(bytes, at) ^ pattern;
            // Borrows from a byte's upper bit only where the byte was zero, or stands behind one that was.
            if (((zeroWhereEqual - ONES) & ~zeroWhereEqual & (ONES << 7)) != 0) {
                return true;
            }
        }
        for (; at < bytes.length; at++) {
            if (bytes[at] == wanted) {
                return true;
            }
        }
        return false;
    }

    void array(int count) throws CborException {
        head(Cbor.ARRAY, count);
    }

    void map(int count) throws CborException {
        head(Cbor.MAP, count);
    }

    void tag(long number) throws CborException {
        head(Cbor.TAG, number);
    }

    /**
     * Begins a byte string of a length that is not known yet.
     *
     * @return the position to give to {@link #endBytes(int)}
     */
    int beginBytes() throws CborException {
        require(5);
        initial(Cbor.BYTES, Cbor.FOUR_BYTES);
        size += 4;
        return size;
    }

    /** Appends to the byte string that was begun. */
    void append(byte[] source, int offset, int length) throws CborException {
        require(length);
        System.arraycopy(source, offset, buffer, size, length);
        size += length;
    }

    /** Ends the byte string that began at this position. */
    void endBytes(int start) {
        int end = size;
        size = start - 4;
        bigEndian(end - start, 4);
        size = end;
    }

    /**
     * Returns the number of bytes that a string takes in UTF-8.
     *
     * @return the number, or -1 if the string has a lone surrogate
     */
    static int utf8Length(String value) {
        int length = value.length();
        int bytes = length;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                if (c < 0x800) {
                    bytes++;
                } else if (!Character.isSurrogate(c)) {
                    bytes += 2;
                } else if (Character.isHighSurrogate(c)
                        && i + 1 < length
                        && Character.isLowSurrogate(value.charAt(i + 1))) {
                    bytes += 2;
                    i++;
                } else {
                    return -1;
                }
                // Three bytes per char at most: a string beyond 700 million chars is not worth an exact count.
                if (bytes < 0) {
                    return Integer.MAX_VALUE;
                }
            }
        }
        return bytes;
    }

    @SuppressWarnings("deprecation") // the one method that copies without a new array; right for ASCII
    private void ascii(String value) {
        value.getBytes(0, value.length(), buffer, size);
        size += value.length();
    }

    private void utf8(String value) {
        byte[] target = buffer;
        int at = size;
        for (int i = 0; i < value.length(); i++) {
            int c = value.charAt(i);
            if (c < 0x80) {
                target[at++] = (byte) c;
            } else if (c < 0x800) {
                target[at++] = (byte) (0xC0 | (c >> 6));
                target[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate((char) c)) {
                target[at++] = (byte) (0xE0 | (c >> 12));
                target[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                target[at++] = (byte) (0x80 | (c & 0x3F));
            } else {
                int point = Character.toCodePoint((char) c, value.charAt(++i));
                target[at++] = (byte) (0xF0 | (point >> 18));
                target[at++] = (byte) (0x80 | ((point >> 12) & 0x3F));
                target[at++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                target[at++] = (byte) (0x80 | (point & 0x3F));
            }
        }
        size = at;
    }

    private void head(int major, long argument) throws CborException {
        require(9);
        if (argument < 24) {
            initial(major, (int) argument);
        } else if (argument <= 0xFF) {
            initial(major, Cbor.ONE_BYTE);
            bigEndian(argument, 1);
        } else if (argument <= 0xFFFF) {
            initial(major, Cbor.TWO_BYTES);
            bigEndian(argument, 2);
        } else if (argument <= 0xFFFF_FFFFL) {
            initial(major, Cbor.FOUR_BYTES);
            bigEndian(argument, 4);
        } else {
            initial(major, Cbor.EIGHT_BYTES);
            bigEndian(argument, 8);
        }
    }

    private void initial(int major, int info) {
        buffer[size++] = (byte) ((major << 5) | info);
    }

    private void bigEndian(long value, int bytes) {
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
            buffer[size++] = (byte) (value >>> shift);
        }
    }

    private void require(int more) throws CborException {
        if (more > buffer.length - size) {
            grow(more);
        }
    }

    private void grow(int more) throws CborException {
        // The nine bytes of slack let a head ask for the longest form even where the shortest still fits.
        long needed = (long) size + more;
        if (needed > limit + 9L) {
            throw CborException.tooLarge(needed);
        }
        long capacity = Math.min(Math.max(needed, size * 2L), limit + 9L);
        buffer = Arrays.copyOf(buffer, (int) Math.min(capacity, Integer.MAX_VALUE - 8));
    }
}
