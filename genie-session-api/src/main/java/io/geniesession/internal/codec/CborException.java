package io.geniesession.internal.codec;

/**
 * Thrown by the CBOR reader and writer for bytes that are not well formed, or that go beyond a bound.
 *
 * <p>Says what is wrong and never holds content. It has no stack trace: whoever knows the attribute or the record turns
 * it into a {@link io.geniesession.SessionException}.
 *
 * <p>Immutable.
 */
public final class CborException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long bytesNeeded;

    CborException(String message) {
        this(message, 0);
    }

    private CborException(String message, long bytesNeeded) {
        super(message, null, false, false);
        this.bytesNeeded = bytesNeeded;
    }

    static CborException tooLarge(long bytesNeeded) {
        return new CborException("the encoded form is too large", bytesNeeded);
    }

    /** Returns the number of bytes that did not fit, at least; 0 if the fault is another one. */
    long bytesNeeded() {
        return bytesNeeded;
    }
}
