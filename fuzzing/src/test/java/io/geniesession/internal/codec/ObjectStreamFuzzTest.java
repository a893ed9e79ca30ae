package io.geniesession.internal.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

/** Whatever stands in the row as a serialized object is read or refused, and loads no class that is not allowed. */
class ObjectStreamFuzzTest {
    private static final int HEADER = 0xACED0005;

    @FuzzTest(maxDuration = "5m")
    void anyStream(byte[] content) {
        Decoding.check(ByteBuffer.allocate(15 + content.length)
                .put(1, (byte) (Cbor.TAG << 5 | Cbor.FOUR_BYTES))
                .putInt(2, ObjectCodec.TAG)
                .put(6, (byte) (Cbor.BYTES << 5 | Cbor.FOUR_BYTES))
                .putInt(7, 4 + content.length)
                .putInt(11, HEADER)
                .put(15, content)
                .array());
    }
}
