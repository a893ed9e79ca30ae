package io.geniesession.internal.crypto;

import io.geniesession.secretwatch.Secrets;
import java.util.Base64;
import java.util.Random;

/** Keys that differ by their number and are the same in each run. */
final class TestKeys {
    private TestKeys() {}

    static byte[] key(int number) {
        byte[] key = new byte[32];
        new Random(number).nextBytes(key);
        Secrets.register(key);
        return key;
    }

    static String text(int number) {
        return Base64.getEncoder().encodeToString(key(number));
    }
}
