package io.geniesession.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.SessionCodecException;
import io.geniesession.SessionKey;
import io.geniesession.spi.Settings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SessionCipherTest {
    private static final SessionKey SESSION = SessionKey.generate(Instant.EPOCH);
    private static final byte[] CLEAR = {0, 0x63, 't', 'e', 'a'};

    private static ValueCipher cipher(String keys, String active) {
        return new KeyRings(
                        Settings.of(
                                Map.of("genie.session.encryption.keys", keys, "genie.session.encryption.key", active)),
                        null,
                        SessionCipherTest.class.getClassLoader())
                .valueCipher();
    }

    private final ValueCipher one = cipher("k1:" + TestKeys.text(1), "k1");

    @Test
    void whatWasSealedOpens() {
        byte[] sealed = one.of(SESSION).seal("cart", CLEAR);

        assertThat(sealed).startsWith(1, 2, 'k', '1').hasSize(4 + 12 + CLEAR.length + 16);
        assertThat(one.of(SESSION).open("cart", sealed)).isEqualTo(CLEAR);
    }

    @Test
    void theShortestIdAndValueOpen() {
        ValueCipher shortest = cipher("k:" + TestKeys.text(1), "k");
        byte[] sealed = shortest.of(SESSION).seal("cart", new byte[0]);

        assertThat(sealed).hasSize(3 + 12 + 16);
        assertThat(shortest.of(SESSION).open("cart", sealed)).isEmpty();
        assertThat(shortest.of(SESSION).open("cart", new byte[0])).isEmpty();
    }

    /** Written from docs/encoding.md alone, with the JDK's own primitives. */
    @Test
    void othersCanReadIt() throws GeneralSecurityException {
        byte[] sealed = one.of(SESSION).seal("cart", CLEAR);

        byte[] session = ByteBuffer.allocate(16)
                .putLong(SESSION.value().getMostSignificantBits())
                .putLong(SESSION.value().getLeastSignificantBits())
                .array();
        byte[] extracted = hmac("genie-session values".getBytes(StandardCharsets.US_ASCII), TestKeys.key(1));
        byte[] key = hmac(
                extracted, join("genie-session value 1".getBytes(StandardCharsets.US_ASCII), session, new byte[] {1}));
        Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
        aes.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(128, Arrays.copyOfRange(sealed, 4, 16)));
        aes.updateAAD(join(new byte[] {1, 2, 'k', '1'}, session, "cart".getBytes(StandardCharsets.UTF_8)));
        assertThat(aes.doFinal(sealed, 16, sealed.length - 16)).isEqualTo(CLEAR);
    }

    private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer all =
                ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    @Test
    void eachValueHasANonceOfItsOwn() {
        Set<ByteBuffer> nonces = new HashSet<>();
        SessionCipher session = one.of(SESSION);
        for (int i = 0; i < 1_000; i++) {
            nonces.add(ByteBuffer.wrap(Arrays.copyOfRange(session.seal("cart", CLEAR), 4, 16)));
        }
        assertThat(nonces).hasSize(1_000);
    }

    @Test
    void aCopyInAnotherSessionOrAttributeDoesNotOpen() {
        byte[] sealed = one.of(SESSION).seal("cart", CLEAR);

        assertUnreadable(one.of(SESSION), "role", sealed, "does not decrypt");
        assertUnreadable(one.of(SessionKey.generate(Instant.EPOCH)), "cart", sealed, "does not decrypt");
    }

    @Test
    void aKeyOfTheSameIdThatIsAnotherDoesNotOpen() {
        byte[] sealed = one.of(SESSION).seal("cart", CLEAR);
        assertUnreadable(cipher("k1:" + TestKeys.text(2), "k1").of(SESSION), "cart", sealed, "does not decrypt");
    }

    @Test
    void anIdChangedToThatOfAnotherKeyDoesNotOpen() {
        ValueCipher two = cipher("k1:" + TestKeys.text(1) + ",k2:" + TestKeys.text(2), "k1");
        byte[] sealed = two.of(SESSION).seal("cart", CLEAR);
        sealed[3] = '2';
        assertUnreadable(two.of(SESSION), "cart", sealed, "does not decrypt");
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] sealed = one.of(SESSION).seal("cart", CLEAR);
        SessionCipher session = one.of(SESSION);
        for (int bit = 8; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertUnreadable(session, "cart", changed, "");
        }
    }

    @Test
    void whatIsCutOffOrMadeUpIsUnreadable() {
        byte[] sealed = one.of(SESSION).seal("cart", CLEAR);
        for (int length = 1; length < sealed.length; length++) {
            assertUnreadable(one.of(SESSION), "cart", Arrays.copyOf(sealed, length), "");
        }
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(64)];
            random.nextBytes(bytes);
            bytes[0] = 1;
            assertUnreadable(one.of(SESSION), "cart", bytes, "");
        }
    }

    @Test
    void anUnknownKeyIsNamedIfItsIdIsOne() {
        byte[] sealed = one.of(SESSION).seal("cart", CLEAR);
        ValueCipher other = cipher("k2:" + TestKeys.text(2), "k2");
        assertUnreadable(other.of(SESSION), "cart", sealed, "encrypted with a key \"k1\" that this node does not have");

        sealed[2] = '\n';
        assertUnreadable(other.of(SESSION), "cart", sealed, "encrypted with a key that this node does not have");
    }

    @Test
    void withoutKeysEncryptedValuesAreUnreadableAndOthersStay() {
        ValueCipher none = ValueCipher.of(java.util.Optional.empty(), true);
        assertUnreadable(none.of(SESSION), "cart", one.of(SESSION).seal("cart", CLEAR), "no keys are configured");
        assertThat(none.of(SESSION).open("cart", CLEAR)).isSameAs(CLEAR);
        assertThat(none.of(SESSION).seal("cart", CLEAR)).isSameAs(CLEAR);
    }

    private static void assertUnreadable(SessionCipher cipher, String attribute, byte[] bytes, String why) {
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> cipher.open(attribute, bytes))
                .withMessageStartingWith("Attribute \"" + attribute + "\" cannot be read back: ")
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e.attribute()).contains(attribute));
    }
}
