package io.geniesession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.SessionCodecException;
import io.geniesession.internal.codec.listed.Cart;
import java.io.Serializable;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Collections in a stream that hold each other in more ways than anybody can count are refused, not hashed. */
@Timeout(60)
class HashWorkTest {
    private final ValueCodec codec = ValueCodecTest.codec(4 << 20);

    /** Makes a collection of two parts. */
    static Stream<BinaryOperator<Object>> pairs() {
        return Stream.of(
                (a, b) -> new ArrayList<>(List.of(a, b)),
                (a, b) -> Arrays.asList(a, b),
                (a, b) -> List.of(a, b),
                (a, b) -> new AbstractMap.SimpleEntry<>(a, b),
                (a, b) -> Collections.unmodifiableList(Arrays.asList(a, b)),
                (a, b) -> {
                    HashMap<Object, Object> map = new HashMap<>();
                    map.put("left", a);
                    map.put("right", b);
                    return map;
                });
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void partsThatAreSharedOverAndOverAreRefused(BinaryOperator<Object> pair) throws Exception {
        Object root = "leaf";
        for (int i = 0; i < 100; i++) {
            root = pair.apply(root, root);
        }
        byte[] stored = ObjectCodecTest.tagged(ObjectCodecTest.serialized((Serializable) root));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", stored))
                .withMessageContaining("hashing them would not end");
    }

    @Test
    void setsEachWithinTwoOthersAreRefused() throws Exception {
        Set<Object> root = new HashSet<>();
        Set<Object> left = root;
        Set<Object> right = new HashSet<>();
        // Filled from the outside in, as hashing them from the inside out takes for ever here as well.
        for (int i = 0; i < 100; i++) {
            Set<Object> nextLeft = new HashSet<>();
            Set<Object> nextRight = new HashSet<>();
            nextLeft.add("different");
            left.add(nextLeft);
            left.add(nextRight);
            right.add(nextLeft);
            right.add(nextRight);
            left = nextLeft;
            right = nextRight;
        }
        byte[] stored = ObjectCodecTest.tagged(ObjectCodecTest.serialized((Serializable) root));
        assertThat(stored).hasSizeLessThan(10_000);
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", stored))
                .withMessageContaining("hashing them would not end")
                .withMessageContaining("\"cart\"");
    }

    @Test
    void manyReferencesToSomethingHeavyAreRefused() throws Exception {
        Object heavy = "leaf";
        for (int i = 0; i < 20; i++) {
            heavy = new ArrayList<>(List.of(heavy, heavy));
        }
        byte[] once = ObjectCodecTest.tagged(ObjectCodecTest.serialized((Serializable) heavy));
        assertThat(codec.decode("cart", once)).isInstanceOf(ArrayList.class);
        byte[] often = ObjectCodecTest.tagged(ObjectCodecTest.serialized(
                new Object[] {heavy, Collections.nCopies(60_000, heavy).toArray()}));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", often))
                .withMessageContaining("hashing them would not end");
    }

    @Test
    void honestSharingIsRead() {
        List<String> options = new ArrayList<>(Collections.nCopies(1_000, "option"));
        Cart cart = new Cart();
        for (int i = 0; i < 1_000; i++) {
            cart.items.add(new HashMap<>(java.util.Map.of("options", options, "sku", "sku" + i)));
        }
        assertThat(codec.decode("a", codec.encode("a", cart))).isEqualTo(cart);
        Cart large = new Cart(
                new ArrayList<>(Collections.nCopies(200_000, "a")), new ArrayList<>(Collections.nCopies(200_000, "b")));
        assertThat(codec.decode("a", codec.encode("a", large))).isEqualTo(large);
        Cart nested = new Cart();
        Object inner = "leaf";
        for (int i = 0; i < 100; i++) {
            inner = new HashSet<>(Set.of(inner));
        }
        nested.items.add(inner);
        assertThat(codec.decode("a", codec.encode("a", nested))).isEqualTo(nested);
    }
}
