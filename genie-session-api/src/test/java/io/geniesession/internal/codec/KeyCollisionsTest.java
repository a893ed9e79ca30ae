package io.geniesession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.geniesession.SessionCodecException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that were chosen to collide cost a bounded number of comparisons. */
class KeyCollisionsTest {
    private static final int TOO_MANY = KeyCollisions.HARMLESS + 100;

    private final ValueCodec codec = ValueCodecTest.codec(16 << 20);

    /** Different lists of one hash code, which is 31 times the first element plus the second. */
    private static List<Object> colliding(int count) {
        return IntStream.range(0, count)
                .<Object>mapToObj(i -> new ArrayList<>(List.of(i, -31 * i)))
                .toList();
    }

    /** Where an array is told to become a set or map of that kind, and the keys for it. */
    static Stream<Arguments> hostile() {
        List<Object> lists = colliding(TOO_MANY);
        List<Object> numbers = new ArrayList<>();
        int places = 2 * TOO_MANY;
        IntStream.range(0, TOO_MANY).forEach(i -> numbers.add(i * places));
        List<Object> twoClasses = new ArrayList<>();
        for (int i = 0; i < TOO_MANY; i++) {
            long high = i;
            twoClasses.add(i % 2 == 0 ? (Object) (high << 32 | high) : new java.util.UUID(0, high << 32 | high));
        }
        return Stream.of(
                Arguments.of(Kind.HASH_SET, lists),
                Arguments.of(Kind.HASH_SET, twoClasses),
                Arguments.of(Kind.LINKED_HASH_SET, lists),
                Arguments.of(Kind.UNMODIFIABLE_SET, lists),
                Arguments.of(Kind.SET_OF, numbers),
                Arguments.of(Kind.COPY_ON_WRITE_ARRAY_SET, numbers),
                Arguments.of(Kind.HASH_MAP, lists),
                Arguments.of(Kind.LINKED_HASH_MAP, lists),
                Arguments.of(Kind.CONCURRENT_HASH_MAP, lists),
                Arguments.of(Kind.UNMODIFIABLE_MAP, lists),
                Arguments.of(Kind.MAP_OF, numbers));
    }

    @ParameterizedTest
    @MethodSource
    void hostile(Kind kind, List<Object> keys) throws CborException {
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", encoded(kind, keys)))
                .withMessageContaining("\"cart\"")
                .withMessageContaining("collide");
        // A part of them is what an application may have.
        List<Object> some = keys.subList(0, KeyCollisions.HARMLESS / 3);
        assertThatNoException().isThrownBy(() -> codec.decode("cart", encoded(kind, some)));
    }

    private byte[] encoded(Kind kind, List<Object> keys) throws CborException {
        CborWriter out = new CborWriter(16 << 20);
        out.raw(0);
        if (kind == Kind.HASH_SET) {
            out.tag(Tags.SET);
        } else if (kind.typeName() != null) {
            out.tag(Tags.NAMED);
            out.array(2);
            out.text(kind.typeName());
        }
        boolean isMap = kind.form() == Kind.Form.MAP
                || kind.form() == Kind.Form.IMMUTABLE_MAP
                || kind.form() == Kind.Form.CONCURRENT_MAP;
        if (isMap) {
            out.map(keys.size());
        } else {
            out.array(keys.size());
        }
        for (Object key : keys) {
            byte[] item = codec.encode("key", key);
            out.append(item, 1, item.length - 1);
            if (isMap) {
                out.integer(1);
            }
        }
        return out.toByteArray();
    }

    @Test
    void severalSetsShareTheBound() {
        List<Object> sets = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            sets.add(new HashSet<>(colliding(2_000)));
        }
        assertThat(codec.decode("a", codec.encode("a", new ArrayList<>(sets.subList(0, 2)))))
                .isEqualTo(sets.subList(0, 2));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("a", new ArrayList<>(sets)))
                .withMessageContaining("collide");
    }

    @Test
    void whatCouldNotBeReadIsNotWritten() {
        for (Object value : List.of(
                new HashSet<>(colliding(TOO_MANY)),
                new CopyOnWriteArraySet<>(IntStream.range(0, TOO_MANY).boxed().toList()))) {
            assertThatExceptionOfType(SessionCodecException.class)
                    .isThrownBy(() -> codec.encode("cart", value))
                    .withMessageContaining("\"cart\"")
                    .withMessageContaining("collide");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100_000})
    void keysThatDoNotCollideAreAsManyAsFit(int count) {
        List<Integer> numbers = IntStream.range(0, count).boxed().toList();
        List<String> texts = numbers.stream().map(String::valueOf).toList();
        List<Object> mixed = new ArrayList<>(numbers);
        mixed.addAll(texts);
        mixed.add(null);
        for (Collection<?> keys : List.of(numbers, texts, mixed)) {
            for (Object value : List.of(new HashSet<>(keys), map(keys), new LinkedHashSet<>(keys))) {
                assertThat(codec.decode("a", codec.encode("a", value))).isEqualTo(value);
            }
        }
        Set<String> setOf = Set.copyOf(texts);
        assertThat(codec.decode("a", codec.encode("a", setOf))).isEqualTo(setOf);
    }

    @Test
    void collidingTextsAreAsManyAsFit() {
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < 1 << 14; i++) {
            StringBuilder text = new StringBuilder();
            for (int bit = 0; bit < 14; bit++) {
                text.append(((i >> bit) & 1) == 0 ? "Aa" : "BB");
            }
            texts.add(text.toString());
        }
        assertThat(codec.decode("a", codec.encode("a", texts))).isEqualTo(texts);
    }

    private static Map<Object, Object> map(Collection<?> keys) {
        Map<Object, Object> map = new HashMap<>();
        keys.forEach(key -> map.put(key, 1));
        return map;
    }
}
