package io.geniesession.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownNamesTest {
    private final KnownNames names = new KnownNames();

    @Test
    void sameBytesAreTheSameObject() {
        String first = of("cart");

        assertThat(first).isEqualTo("cart");
        assertThat(of("cart")).isSameAs(first);
    }

    @Test
    void partOfAnArrayIsRead() {
        assertThat(names.of("a cart and more".getBytes(UTF_8), 2, 4)).isEqualTo("cart");
        assertThat(names.of(new byte[0], 0, 0)).isEmpty();
    }

    @Test
    void namesThatShareAPlaceAreKeptApart() {
        // Of so many names most share their place with others; each comes twice, and in between somebody else.
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 5_000; i++) {
                assertThat(of("name" + i)).isEqualTo("name" + i);
            }
        }
    }

    @Test
    void namesOfOneHashAreKeptApart() {
        // 31 · 'A' + 'a' = 31 · 'B' + 'B'
        assertThat(of("Aa")).isEqualTo("Aa");
        assertThat(of("BB")).isEqualTo("BB");
        assertThat(of("Aa")).isEqualTo("Aa");
    }

    @Test
    void longAndForeignNamesAreNotKept() {
        assertThat(of("x".repeat(40))).isEqualTo("x".repeat(40));
        assertThat(of("x".repeat(41))).isNull();
        assertThat(of("Körbchen")).isNull();
        assertThat(names.of(new byte[] {'a', (byte) 0xFF}, 0, 2)).isNull();
    }

    private @Nullable String of(String name) {
        byte[] bytes = name.getBytes(UTF_8);
        return names.of(bytes, 0, bytes.length);
    }
}
