package io.geniesession.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.geniesession.SessionStoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionLogTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] NONE = {};

    @Test
    void logOfNothingIsEmpty() {
        assertThat(SessionLog.encode(Map.of(), Set.of(), Map.of())).isEmpty();
        for (SessionLog log : new SessionLog[] {SessionLog.read(NONE), SessionLog.read(NONE, NONE)}) {
            assertThat(log.attributeNames()).isEmpty();
            assertThat(log.indexes()).isEmpty();
            assertThat(log.attribute("a")).isEmpty();
            assertThat(log.compact()).isEmpty();
            assertThat(log.size()).isZero();
        }
    }

    @Test
    void whatWasEncodedIsRead() {
        byte[] bytes = SessionLog.encode(
                ordered("a", value(0, 1), "\u6c34\ud83d\ude00", value(), "", value(0)),
                Set.of("gone"),
                Map.of("principal", Optional.of("\u00fc"), "device", Optional.empty()));
        SessionLog log = SessionLog.read(bytes);
        assertThat(log.attributeNames()).containsExactly("a", "\u6c34\ud83d\ude00", "");
        assertThat(log.attribute("a")).contains(new byte[] {0, 1});
        assertThat(log.attribute("\u6c34\ud83d\ude00")).contains(new byte[0]);
        assertThat(log.attribute("gone")).isEmpty();
        assertThat(log.indexes()).containsExactly(Map.entry("principal", "\u00fc"));
        assertThat(log.size()).isEqualTo(bytes.length);
    }

    @Test
    void newerChangesStandFirstAndOverride() {
        byte[] snapshot = SessionLog.encode(
                ordered("a", value(1), "b", value(2), "c", value(3)), Set.of(), Map.of("principal", Optional.of("x")));
        byte[] first = SessionLog.encode(ordered("b", value(4)), Set.of("a"), Map.of("principal", Optional.of("y")));
        byte[] second = SessionLog.encode(ordered("a", value(5)), Set.of("c"), Map.of());
        SessionLog log = SessionLog.read(snapshot, concat(second, first));
        assertThat(log.attributeNames()).containsExactly("b", "a");
        assertThat(log.attribute("a")).contains(new byte[] {5});
        assertThat(log.attribute("b")).contains(new byte[] {4});
        assertThat(log.indexes()).containsExactly(Map.entry("principal", "y"));
        assertThat(log.size()).isEqualTo(snapshot.length + first.length + second.length);

        assertThat(SessionLog.read(snapshot).with(first).with(second).compact()).isEqualTo(log.compact());
        assertThat(SessionLog.read(snapshot, first).with(second).compact()).isEqualTo(log.compact());
    }

    @Test
    void whatChangesOftenStandsLastInASnapshot() {
        byte[] snapshot =
                SessionLog.encode(ordered("hot", value(1), "cold", value(2), "c", value(3)), Set.of(), Map.of());
        byte[] hot = SessionLog.encode(ordered("hot", value(4)), Set.of(), Map.of());
        byte[] cold = SessionLog.encode(ordered("cold", value(2), "c", value(3)), Set.of(), Map.of());
        byte[] once = SessionLog.read(snapshot, hot).compact();
        assertThat(once).isEqualTo(concat(cold, hot));
        assertThat(SessionLog.read(once, hot).compact()).isEqualTo(once);
    }

    @Test
    void oneMoreChangeLeavesTheLogItStartedFromAlone() {
        SessionLog before = SessionLog.read(SessionLog.encode(ordered("a", value(1)), Set.of(), Map.of()));
        byte[] delta = SessionLog.encode(Map.of(), Set.of("a"), Map.of("i", Optional.of("v")));
        SessionLog after = before.with(delta);
        assertThat(before.attributeNames()).containsExactly("a");
        assertThat(before.indexes()).isEmpty();
        assertThat(after.attributeNames()).isEmpty();
        assertThat(after.indexes()).containsEntry("i", "v");
        assertThat(after.size()).isEqualTo(before.size() + delta.length);
        assertThat(before.with(NONE)).isSameAs(before);
    }

    @Test
    void compactKeepsWhatLivesByteForByteAndNothingElse() {
        byte[] keep = SessionLog.encode(ordered("a", value(9, 9)), Set.of(), Map.of());
        byte[] index = SessionLog.encode(Map.of(), Set.of(), Map.of("principal", Optional.of("x")));
        byte[] old = SessionLog.encode(
                ordered("a", value(1), "b", value(2)), Set.of(), Map.of("device", Optional.of("phone")));
        byte[] end = SessionLog.encode(Map.of(), Set.of("b"), Map.of("device", Optional.empty()));
        assertThat(SessionLog.read(old, concat(end, index, keep)).compact()).isEqualTo(concat(keep, index));
    }

    @Test
    void bytesOfAnAttributeAreCopies() {
        SessionLog log = SessionLog.read(SessionLog.encode(ordered("a", value(1)), Set.of(), Map.of()));
        log.attribute("a").orElseThrow()[0] = 99;
        assertThat(log.attribute("a")).contains(new byte[] {1});
    }

    @Test
    void attributeWhoseBytesNobodyUnderstandsIsKept() {
        byte[] bytes = SessionLog.encode(ordered("a", value(0xFF, 0xFF, 0x1C)), Set.of(), Map.of());
        assertThat(SessionLog.read(bytes).compact()).isEqualTo(bytes);
    }

    @Test
    void entriesOfKindsOfNewerVersionsAreKept() {
        byte[] old = HEX.parseHex("02" + "6178" + "8101");
        byte[] other = HEX.parseHex("03" + "6178" + "f6");
        byte[] next = HEX.parseHex("02" + "6178" + "a10102");
        SessionLog log = SessionLog.read(old, concat(next, other));
        assertThat(log.attributeNames()).isEmpty();
        assertThat(log.compact()).isEqualTo(concat(other, next));
    }

    @Test
    void largeValuesAndManyNamesSurvive() {
        Map<String, AttributeValue> set = new LinkedHashMap<>();
        for (int i = 0; i < 1_000; i++) {
            set.put("attribute-" + i, value(i));
        }
        byte[] large = new byte[1 << 20];
        large[large.length - 1] = 7;
        set.put("large", () -> large);
        SessionLog log = SessionLog.read(SessionLog.encode(set, Set.of(), Map.of()));
        assertThat(log.attributeNames()).hasSize(1_001);
        assertThat(log.attribute("attribute-999")).contains(new byte[] {(byte) 999});
        assertThat(log.attribute("large")).contains(large);
    }

    @Test
    void loneSurrogatesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionLog.encode(ordered("a\ud800", value(1)), Set.of(), Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> SessionLog.encode(Map.of(), Set.of("\udc00"), Map.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionLog.encode(Map.of(), Set.of(), Map.of("\udc00", Optional.empty())));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionLog.encode(Map.of(), Set.of(), Map.of("i", Optional.of("s3cret\ud800"))))
                .withMessageNotContaining("s3cret");
    }

    @Test
    void nameCannotBeBothSetAndRemoved() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionLog.encode(ordered("a", value(1)), Set.of("a"), Map.of()))
                .withMessageContaining("\"a\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "6161", // no value
                "616142ff", // value cut off
                "61615bffffffffffffffff", // longer than any array
                "616101", // a value that is no byte string
                "7f6161ff40", // indefinite
                "40", // no name
                "01", // index without name
                "016161", // index without value
                "01616140", // index with bytes
                "20616140", // negative kind
                "1bffffffffffffffff616140", // kind out of range
                "62c32840" // name that is not UTF-8
            })
    void damagedBytesAreRefusedWithoutTheirContent(String hex) {
        byte[] good = SessionLog.encode(ordered("s3cret", value(1)), Set.of(), Map.of());
        assertThatExceptionOfType(SessionStoreException.class)
                .isThrownBy(() -> SessionLog.read(good, HEX.parseHex(hex)))
                .withMessageContaining("damaged")
                .withMessageNotContaining("s3cret")
                .withNoCause()
                .satisfies(e -> assertThat(e.outcomeUnknown()).isFalse());
        assertThatExceptionOfType(SessionStoreException.class)
                .isThrownBy(() -> SessionLog.read(good).with(HEX.parseHex(hex)));
    }

    @Test
    void toStringShowsNoNames() {
        SessionLog log = SessionLog.read(SessionLog.encode(ordered("s3cret", value(1)), Set.of(), Map.of()));
        assertThat(log).hasToString("SessionLog[attributes=1, size=9]");
    }

    @Test
    void exampleOfTheDocumentIsTrue() throws IOException {
        String text = Files.readString(Path.of("..", "docs", "encoding.md"));
        Matcher block = Pattern.compile("```hex\\R(.*?)```", Pattern.DOTALL).matcher(text);
        assertThat(block.find()).isTrue();
        byte[] documented = HEX.parseHex(block.group(1).replaceAll("#.*", "").replaceAll("\\s", ""));
        byte[] encoded = SessionLog.encode(
                ordered("cart", value(0x00, 0x82, 0x63, 't', 'e', 'a', 0x02)),
                Set.of("coupon"),
                Map.of("principal", Optional.of("ada")));
        assertThat(HEX.formatHex(encoded)).isEqualTo(HEX.formatHex(documented));
    }

    private static AttributeValue value(int... bytes) {
        byte[] encoded = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            encoded[i] = (byte) bytes[i];
        }
        return () -> encoded;
    }

    private static Map<String, AttributeValue> ordered(Object... namesAndValues) {
        Map<String, AttributeValue> result = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            result.put((String) namesAndValues[i], (AttributeValue) namesAndValues[i + 1]);
        }
        return result;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
