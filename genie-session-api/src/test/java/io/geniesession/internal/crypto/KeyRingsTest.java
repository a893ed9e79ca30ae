package io.geniesession.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.KeySource;
import io.geniesession.spi.Settings;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyRingsTest {
    private static final SessionKey SESSION = SessionKey.generate(Instant.EPOCH);

    private static ValueCipher cipher(@Nullable KeySource source, String... settings) {
        return rings(source, settings).valueCipher();
    }

    private static KeyRings rings(@Nullable KeySource source, String... settings) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            values.put("genie.session." + settings[i], settings[i + 1]);
        }
        return new KeyRings(Settings.of(values), source, KeyRingsTest.class.getClassLoader());
    }

    private static String usedKey(ValueCipher cipher) {
        byte[] sealed = cipher.of(SESSION).seal("a", new byte[] {0, 1});
        return sealed[0] == 0 ? "none" : new String(sealed, 2, sealed[1], java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Test
    void withoutKeysNothingIsEncrypted() {
        assertThat(cipher(null).isConfigured()).isFalse();
        assertThat(usedKey(cipher(null))).isEqualTo("none");
    }

    @Test
    void theOnlyKeyIsUsed() {
        assertThat(usedKey(cipher(null, "encryption.keys", "2026a:" + TestKeys.text(1))))
                .isEqualTo("2026a");
    }

    @Test
    void ofSeveralKeysTheNamedOneIsUsed() {
        String keys = "new:" + TestKeys.text(1) + " , old:" + TestKeys.text(2) + ",";
        assertThat(usedKey(cipher(null, "encryption.keys", keys, "encryption.key", "old")))
                .isEqualTo("old");
        assertThat(usedKey(cipher(null, "encryption.keys", keys, "encryption.key", "none")))
                .isEqualTo("none");
    }

    @Test
    void keysMayBeWrittenForUrlsAndWithoutPadding() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (0xfb + 7 * i);
        }
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(key);
        assertThat(text).containsAnyOf("-", "_");
        assertThat(cipher(null, "encryption.keys", "a:" + text).isConfigured()).isTrue();
    }

    @Test
    void aFileHoldsOneKeyInEachLine(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("keys");
        Files.writeString(file, "# since May\r\nnew:" + TestKeys.text(1) + "\n\nold:" + TestKeys.text(2) + "\n");
        assertThat(usedKey(cipher(null, "encryption.keys-file", file.toString(), "encryption.key", "new")))
                .isEqualTo("new");
    }

    @Test
    void aFileWithoutAKeyIsRefused(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("keys");
        Files.writeString(file, "# none yet\n");
        assertRefused(() -> cipher(null, "encryption.keys-file", file.toString()), "has no key");
    }

    @Test
    void aFileThatCannotBeReadIsNamed(@TempDir Path directory) {
        Path file = directory.resolve("absent");
        assertRefused(
                () -> cipher(null, "encryption.keys-file", file.toString()),
                "genie.session.encryption.keys-file (code) cannot be read: " + file);
    }

    @Test
    void aSourceGivesKeysAndItsArraysAreWiped() {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        byte[] key = TestKeys.key(1);
        keys.put("kms", key);
        KeySource source = new KeySource() {
            @Override
            public Map<String, byte[]> encryptionKeys() {
                return keys;
            }
        };
        assertThat(usedKey(cipher(source))).isEqualTo("kms");
        assertThat(key).containsOnly(0);
        assertThat(rings(source).idDigests().isConfigured()).isFalse();
    }

    @Test
    void onlyDigestsOlderThanTheActiveOneAreOutdated() {
        IdDigests digests = rings(
                        null,
                        "id-digest.keys",
                        "new:" + TestKeys.text(1) + ",now:" + TestKeys.text(2) + ",old:" + TestKeys.text(3),
                        "id-digest.key",
                        "now")
                .idDigests();
        assertThat(digests.isOutdated(digests.active())).isFalse();
        // The older key, and no key.
        assertThat(digests.inUse().stream().filter(digests::isOutdated).toList())
                .isEqualTo(digests.inUse().subList(2, 4));
    }

    @Test
    void keysFromTwoPlacesAreRefused() {
        KeySource source = new KeySource() {
            @Override
            public Map<String, byte[]> encryptionKeys() {
                return Map.of("kms", TestKeys.key(2));
            }
        };
        assertRefused(
                () -> cipher(source, "encryption.keys", "a:" + TestKeys.text(1)), "Keys come from several places");
    }

    static Stream<Arguments> wrongKeys() {
        byte[] text = "correct horse battery staple, 32".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] pattern = new byte[32];
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = (byte) (0x80 + i % 15);
        }
        byte[] edges = " ~".repeat(8).concat("correct horse ba").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return Stream.of(
                Arguments.of("", "must be one or more `id:key`"),
                Arguments.of(TestKeys.text(1), "has a value that is not shown, but must be one or more `id:key`"),
                Arguments.of(":" + TestKeys.text(1), "must be one or more `id:key`"),
                Arguments.of(
                        "a:" + TestKeys.text(2) + "," + TestKeys.text(1),
                        "Entry 2 of genie.session.encryption.keys (code) (not shown)"),
                Arguments.of("a b:" + TestKeys.text(1), "an id that is not fit"),
                Arguments.of("none:" + TestKeys.text(1), "not be \"none\""),
                Arguments.of("a23456789012345678:" + TestKeys.text(1), "1 to 16"),
                Arguments.of("a:" + TestKeys.text(1) + ",a:" + TestKeys.text(2), "the id of an earlier one"),
                Arguments.of("a:" + TestKeys.text(1) + ",b:" + TestKeys.text(1), "one key under two ids"),
                Arguments.of("a:" + TestKeys.text(1).substring(4), "has 29 bytes, but must have 32"),
                Arguments.of("a:AAAA" + TestKeys.text(1), "has 35 bytes, but must have 32"),
                Arguments.of("a:", "has 0 bytes"),
                Arguments.of("a:!" + TestKeys.text(1).substring(1), "is not base64"),
                Arguments.of("a:" + Base64.getEncoder().encodeToString(new byte[32]), "is not random"),
                Arguments.of("a:" + Base64.getEncoder().encodeToString(pattern), "is not random"),
                Arguments.of("a:" + Base64.getEncoder().encodeToString(edges), "is not random"),
                Arguments.of("a:" + Base64.getEncoder().encodeToString(text), "is not random"));
    }

    @ParameterizedTest
    @MethodSource("wrongKeys")
    void wrongKeysAreRefusedWithoutBeingShown(String keys, String message) {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> cipher(null, "encryption.keys", keys))
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage())
                        .contains("genie.session.encryption.keys")
                        .doesNotContain(TestKeys.text(1).substring(4, 20)))
                .withNoCause();
    }

    @ParameterizedTest
    @CsvSource({
        "encryption.key, , must be the id of a key",
        "encryption.key, a:, must be the id of a key",
        "encryption.keys-file, a:, cannot be read"
    })
    void aKeyInAnotherSettingIsNotShown(String setting, @Nullable String id, String message) {
        String key = TestKeys.text(1);
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> cipher(null, setting, (id == null ? "" : id) + key))
                .withMessageContaining(message)
                .withMessageContaining("not shown")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(key.substring(4, 20)));
    }

    @Test
    void anUnknownOrMissingActiveKeyIsRefused() {
        String two = "new:" + TestKeys.text(1) + ",old:" + TestKeys.text(2);
        assertRefused(() -> cipher(null, "encryption.keys", two), "name the one to use from now on");
        assertRefused(
                () -> cipher(null, "encryption.keys", two, "encryption.key", "newer"),
                "genie.session.encryption.key (code) names the key \"newer\", but");
        assertRefused(() -> cipher(null, "encryption.key", "new"), "but there are no keys");
        assertThat(cipher(null, "encryption.key", "none").isConfigured()).isFalse();
    }

    @Test
    void refusingWhatHasNoKeyDemandsAKey() {
        String key = "a:" + TestKeys.text(1);
        assertRefused(() -> cipher(null, "encryption.unencrypted", "refuse"), "makes every value unreadable");
        assertRefused(
                () -> cipher(
                        null, "encryption.keys", key, "encryption.key", "none", "encryption.unencrypted", "refuse"),
                "makes every value unreadable");
        assertRefused(() -> rings(null, "id-digest.unkeyed", "refuse").idDigests(), "makes every session unknown");
        String[] unused = {"id-digest.keys", key, "id-digest.key", "none", "id-digest.unkeyed", "refuse"};
        assertRefused(() -> rings(null, unused).idDigests(), "makes every session unknown");
        assertThat(rings(null, "id-digest.keys", key, "id-digest.unkeyed", "refuse")
                        .idDigests()
                        .inUse())
                .hasSize(1);
    }

    /** A source as a library brings it along. */
    public static final class Found implements KeySource {
        @Override
        public Map<String, byte[]> encryptionKeys() {
            return Map.of("found", Base64.getDecoder().decode(TestKeys.text(1)));
        }
    }

    /** A second one. */
    public static final class FoundToo implements KeySource {}

    private static ClassLoader declaring(Path directory, Class<?>... sources) throws IOException {
        Path declaration = directory.resolve("META-INF/services/" + KeySource.class.getName());
        Files.createDirectories(declaration.getParent());
        Files.write(declaration, Stream.of(sources).map(Class::getName).toList());
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}, KeyRingsTest.class.getClassLoader());
    }

    @Test
    void aSourceOnTheClassPathIsFound(@TempDir Path directory) throws IOException {
        KeyRings rings = new KeyRings(Settings.of(Map.of()), null, declaring(directory, Found.class));
        assertThat(usedKey(rings.valueCipher())).isEqualTo("found");
    }

    @Test
    void severalSourcesOnTheClassPathAreRefusedByName(@TempDir Path directory) throws IOException {
        ClassLoader two = declaring(directory, Found.class, FoundToo.class);
        assertRefused(() -> new KeyRings(Settings.of(Map.of()), null, two), FoundToo.class.getName());
    }

    @Test
    void neitherKeysNorRingsShowKeys() {
        KeyRing ring = KeyRing.of(
                new LinkedHashMap<>(Map.of("a", TestKeys.key(1))),
                "values",
                "a test",
                java.util.Optional.empty(),
                "a setting");
        assertThat(ring).hasToString("KeyRing[[a], active=a]");
        assertThat(IdDigest.keyed(TestKeys.key(1))).hasToString("IdDigest[keyed]");
    }

    @Test
    void aClosedCipherReadsAndWritesNothing() {
        ValueCipher cipher = cipher(null, "encryption.keys", "a:" + TestKeys.text(1));
        byte[] sealed = cipher.of(SESSION).seal("a", new byte[] {0, 1});
        cipher.close();
        cipher.close();
        assertThatExceptionOfType(SessionStoreException.class)
                .isThrownBy(() -> cipher.of(SESSION).open("a", sealed))
                .withMessageContaining("closed");
        assertThatExceptionOfType(SessionStoreException.class)
                .isThrownBy(() -> cipher.of(SESSION).seal("a", new byte[] {0, 1}))
                .withMessageContaining("closed");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable start, String message) {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(start)
                .withMessageContaining(message);
    }
}
