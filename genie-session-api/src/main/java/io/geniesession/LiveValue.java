package io.geniesession;

import io.geniesession.spi.AttributeValue;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way through the SPI: an object, its bytes, or both. What a store of this process keeps is this object.
 *
 * <p>Immutable, but for the object inside.
 */
final class LiveValue implements AttributeValue {
    private final @Nullable Object object;
    private final byte @Nullable [] encoded;

    private LiveValue(@Nullable Object object, byte @Nullable [] encoded) {
        this.object = object;
        this.encoded = encoded;
    }

    /** Holds an object for a store that keeps references. */
    static LiveValue ofObject(Object object) {
        return new LiveValue(object, null);
    }

    /** Holds bytes, which are not changed afterwards. */
    static LiveValue ofBytes(byte[] encoded) {
        return new LiveValue(null, encoded);
    }

    /** Returns the object that this value of a session holds, or decrypts and decodes the value's bytes. */
    static Object objectOf(String name, AttributeValue value, SessionKey session, SessionRuntime runtime) {
        Object held = value instanceof LiveValue live ? live.object : null;
        if (held != null) {
            return held;
        }
        return runtime.codec().decode(name, runtime.cipher(session).open(name, value.encoded()));
    }

    @Override
    public byte[] encoded() {
        if (encoded == null) {
            throw new IllegalStateException(
                    "The adapter keeps references (SessionAdapter.keepsReferences) and must not ask for bytes");
        }
        return encoded;
    }
}
