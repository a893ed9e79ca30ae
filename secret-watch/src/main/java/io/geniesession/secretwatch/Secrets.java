package io.geniesession.secretwatch;

import java.nio.ByteBuffer;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.Security;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What must not be shown: every 32 bytes that the platform's secure generator gave out, which is every session id and every
 * random key; keys that tests registered; and every text with the {@linkplain #CANARY mark}.
 *
 * <p>Safe for use by several threads.
 */
public final class Secrets {
    /** What tests put into values of attributes that must not be shown. */
    public static final String CANARY = "canary-value";

    /** The mark, also in hexadecimal digits, and what tests call passwords and values that they look for themselves. */
    private static final Pattern CANARIES = Pattern.compile(CANARY + "|(?i)63616e6172792d76616c7565|hunter2|s3cret");

    private static final int SECRET_LENGTH = 32;

    /** Texts that may be bytes in base64 or in hexadecimal digits; eleven characters of base64 hold eight bytes. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_+/-]{11,}");

    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{16,}");

    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** The first eight bytes of each secret. */
    private static final Set<Long> SECRETS = ConcurrentHashMap.newKeySet();

    private Secrets() {}

    /** Counts 32 bytes as a secret from now on. */
    public static void register(byte[] secret) {
        SECRETS.add(ByteBuffer.wrap(secret).getLong());
    }

    /** Counts every 32 bytes of {@code new SecureRandom()} as a secret from now on. */
    static void listenToRandomNumbers() {
        Random.load();
        Security.insertProviderAt(new Listening(), 1);
    }

    /** Returns what is wrong with a text; the secret itself is shortened. */
    static List<String> in(String text) {
        List<String> found = new ArrayList<>();
        if (CANARIES.matcher(text).find()) {
            found.add("the value of an attribute or a password");
        }
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            if (isSecret(words.group())) {
                found.add("a session id or a key, " + words.group().substring(0, 4) + "…");
            }
        }
        Matcher digits = HEX.matcher(text);
        while (digits.find()) {
            if (SECRETS.contains(HexFormat.fromHexDigitsToLong(digits.group().substring(0, 16)))) {
                found.add("a session id or a key in hexadecimal digits, "
                        + digits.group().substring(0, 4) + "…");
            }
        }
        return found;
    }

    /** A word may begin with something else, such as a part of a path, so each of its characters may be the first. */
    private static boolean isSecret(String word) {
        for (int start = 0; start + 11 <= word.length(); start++) {
            // Eleven sextets have 66 bits; the first bits leave the register on their own.
            long bits = 0;
            for (int i = start; i < start + 10; i++) {
                bits = (bits << 6) | sextet(word.charAt(i));
            }
            if (SECRETS.contains((bits << 4) | (sextet(word.charAt(start + 10)) >>> 2))) {
                return true;
            }
        }
        return false;
    }

    private static int sextet(char character) {
        return switch (character) {
            case '+', '-' -> 62;
            case '/', '_' -> 63;
            default -> BASE64.indexOf(character);
        };
    }

    private static final class Listening extends Provider {
        private static final long serialVersionUID = 1L;

        Listening() {
            super("SecretWatch", "1", "Remembers what may be a secret");
            put("SecureRandom.SecretWatch", Random.class.getName());
            put("SecureRandom.SecretWatch ThreadSafe", "true");
        }
    }

    /** Made by the platform, by name. */
    public static final class Random extends SecureRandomSpi {
        private static final long serialVersionUID = 1L;

        /** Made before the provider is there, so it is the platform's own. */
        private static final SecureRandom PLATFORM = new SecureRandom();

        static void load() {
            PLATFORM.nextInt();
        }

        @Override
        protected void engineSetSeed(byte[] seed) {
            PLATFORM.setSeed(seed);
        }

        @Override
        protected void engineNextBytes(byte[] bytes) {
            PLATFORM.nextBytes(bytes);
            if (bytes.length == SECRET_LENGTH) {
                register(bytes);
            }
        }

        @Override
        protected byte[] engineGenerateSeed(int length) {
            return PLATFORM.generateSeed(length);
        }
    }
}
