package io.geniesession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborTest {
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "1, 01",
        "10, 0a",
        "23, 17",
        "24, 1818",
        "100, 1864",
        "1000, 1903e8",
        "1000000, 1a000f4240",
        "1000000000000, 1b000000e8d4a51000",
        "-1, 20",
        "-10, 29",
        "-100, 3863",
        "-1000, 3903e7",
        "9223372036854775807, 1b7fffffffffffffff",
        "-9223372036854775808, 3b7fffffffffffffff",
    })
    void shortestIntegersAreThoseOfRfc8949AppendixA(long value, String hex) throws CborException {
        CborWriter out = new CborWriter(100);
        out.integer(value);
        assertThat(HEX.formatHex(out.toByteArray())).isEqualTo(hex);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 60",
        "a, 6161",
        "IETF, 6449455446",
        "'\"\\', 62225c",
        "\u00fc, 62c3bc",
        "\u6c34, 63e6b0b4",
        "\ud800\udd51, 64f0908591",
    })
    void textIsThatOfRfc8949AppendixA(String value, String hex) throws CborException {
        CborWriter out = new CborWriter(100);
        assertThat(out.text(value)).isTrue();
        byte[] bytes = out.toByteArray();
        assertThat(HEX.formatHex(bytes)).isEqualTo(hex);
        assertThat(new CborReader(bytes, 0, bytes.length).text()).isEqualTo(value);
    }

    @Test
    void loneSurrogateWritesNothing() throws CborException {
        CborWriter out = new CborWriter(100);
        assertThat(out.text("a\ud800")).isFalse();
        assertThat(out.text("\udc00a")).isFalse();
        assertThat(out.text("\udc00\ud800")).isFalse();
        assertThat(out.size()).isZero();
    }

    /** Around the length from which on the platform's encoder is used, with question marks, its sign for half a pair. */
    @Test
    void textOfAnyLengthIsWhatAStrictEncoderMakesOfIt() throws CborException {
        Random random = new Random(11);
        String[] parts = {"a", "?", "\u007f", "\u00fc", "\u6c34", "\ud83d\ude00", "\ud83f", "\udc3f"};
        for (int turn = 0; turn < 5_000; turn++) {
            StringBuilder made = new StringBuilder();
            int most = turn % 2 == 0 ? parts.length : 1 + random.nextInt(parts.length);
            for (int i = random.nextInt(150); i > 0; i--) {
                made.append(random.nextInt(20) > 0 ? "a" : parts[random.nextInt(most)]);
            }
            String text = made.toString();
            CborWriter out = new CborWriter(2_000);
            byte[] expected = strictly(text);

            assertThat(out.text(text)).isEqualTo(expected != null);

            byte[] bytes = out.toByteArray();
            if (expected == null) {
                assertThat(bytes).isEmpty();
            } else {
                assertThat(bytes).endsWith(expected);
                assertThat(new CborReader(bytes, 0, bytes.length).text()).isEqualTo(text);
            }
        }
    }

    private static byte[] strictly(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] all = new byte[bytes.remaining()];
            bytes.get(all);
            return all;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    @Test
    void oneByteIsFoundAtEveryPlaceAndNoOther() {
        for (int length = 0; length < 40; length++) {
            byte[] bytes = new byte[length];
            for (int other : new int[] {0, 0x3E, 0x40, 0xBF, 0xFF, 0x80}) {
                Arrays.fill(bytes, (byte) other);
                assertThat(CborWriter.has((byte) '?', bytes)).isFalse();
                for (int at = 0; at < length; at++) {
                    bytes[at] = '?';
                    assertThat(CborWriter.has((byte) '?', bytes)).isTrue();
                    bytes[at] = (byte) other;
                }
            }
        }
    }

    @Test
    void replacementCharacterIsTextLikeAnyOther() throws CborException {
        CborWriter out = new CborWriter(100);
        out.text("a\ufffdb");
        byte[] bytes = out.toByteArray();
        assertThat(new CborReader(bytes, 0, bytes.length).text()).isEqualTo("a\ufffdb");
    }

    @Test
    void byteStringOfUnknownLengthIsPatched() throws CborException {
        CborWriter out = new CborWriter(100);
        int start = out.beginBytes();
        out.append(new byte[] {9, 1, 2, 3, 9}, 1, 3);
        out.endBytes(start);
        assertThat(HEX.formatHex(out.toByteArray())).isEqualTo("5a00000003010203");
    }

    @Test
    void writerStopsAtItsLimit() throws CborException {
        CborWriter out = new CborWriter(10, 100);
        assertThatExceptionOfType(CborException.class)
                .isThrownBy(() -> out.bytes(new byte[1_000_000]))
                .satisfies(e -> assertThat(e.bytesNeeded()).isGreaterThanOrEqualTo(1_000_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "18",
                "19ff",
                "1affffff",
                "1bffffffffffffff", // argument cut off
                "1c",
                "1d",
                "1e",
                "fc", // reserved
                "5f4101ff",
                "7f6161ff",
                "9f01ff",
                "bf0101ff",
                "ff", // indefinite
                "f800",
                "f81f", // simple values that must be in the initial byte
                "42ff",
                "62c3",
                "5bffffffffffffffff",
                "5a7fffffff00", // strings beyond the end
                "8201",
                "9a7fffffff00",
                "9bffffffffffffffff",
                "a101",
                "bb7fffffffffffffff", // elements beyond the end
                "c1",
                "d9ffff", // a tag of nothing
                "82a081" // fine at first, then short
            })
    void malformedInputIsRefusedBeforeAnythingIsAllocated(String hex) {
        assertThat(skips(HEX.parseHex(hex))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00", "f97c00", "fb7ff0000000000000", "f4", "f7", "f0", "f8ff",
                        "c074323031332d30332d32315432303a30343a30305a",
                "d818456449455446", "8301820203820405", "a201020304", "826161a161626163", "80", "a0", "40", "8180",
            })
    void wellFormedItemsOfRfc8949AppendixAArePassedOver(String hex) {
        assertThat(skips(HEX.parseHex(hex))).isTrue();
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        byte[] bytes = HEX.parseHex("62c328");
        assertThatExceptionOfType(CborException.class).isThrownBy(() -> new CborReader(bytes, 0, 3).text());
    }

    @Test
    void announcedElementsOfAllArraysTogetherAreBounded() {
        // Each array alone could be true; all of them together cannot.
        byte[] bytes = HEX.parseHex("98089807980698050000000000");
        assertThat(skips(bytes)).isFalse();
    }

    @Test
    void deepNestingIsPassedOverWithoutRecursion() {
        byte[] bytes = new byte[1_000_001];
        Arrays.fill(bytes, 0, 1_000_000, (byte) 0x81);
        assertThat(skips(bytes)).isTrue();
    }

    private static boolean skips(byte[] bytes) {
        CborReader in = new CborReader(bytes, 0, bytes.length);
        try {
            in.skipItem();
            return in.atEnd();
        } catch (CborException e) {
            return false;
        }
    }
}
