package io.geniesession.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TestValueTest {
    @Test
    void textSurvivesTheBytes() {
        for (String text : new String[] {"", "red", "\u0000", "\uD83D\uDED2", "x".repeat(100_000)}) {
            byte[] encoded = TestValue.of(text).encoded();
            assertThat(TestValue.text(new TestContext(SettableClock.systemUTC(), Map.of()).valueOf(encoded)))
                    .isEqualTo(text);
        }
    }

    @Test
    void changedBytesAreNoticed() {
        byte[] encoded = TestValue.of("red").encoded();
        byte[] shorter = Arrays.copyOf(encoded, encoded.length - 1);
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);

        for (byte[] changed : new byte[][] {{}, shorter, longer}) {
            assertThatThrownBy(() -> TestValue.text(TestValue.ofEncoded(changed)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("changed the bytes");
        }
    }
}
