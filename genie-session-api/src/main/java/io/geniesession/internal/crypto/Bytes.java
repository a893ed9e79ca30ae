package io.geniesession.internal.crypto;

import java.nio.charset.StandardCharsets;

/** Small conversions. */
final class Bytes {
    private Bytes() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
