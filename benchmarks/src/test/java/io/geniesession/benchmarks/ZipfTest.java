package io.geniesession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ZipfTest {
    @Test
    @DisplayName("the first number is drawn twice as often as the second and ten times as often as the tenth")
    void numbersFollowZipf() {
        Zipf zipf = new Zipf(100);
        SplittableRandom random = new SplittableRandom(1);
        int[] drawn = new int[100];

        for (int i = 0; i < 1_000_000; i++) {
            drawn[zipf.draw(random)]++;
        }

        assertThat((double) drawn[0] / drawn[1]).isCloseTo(2, within(0.05));
        assertThat((double) drawn[0] / drawn[9]).isCloseTo(10, within(0.5));
        assertThat(drawn).doesNotContain(0);
    }

    @Test
    @DisplayName("of one number that one is drawn")
    void singleNumberIsDrawn() {
        assertThat(new Zipf(1).draw(new SplittableRandom(1))).isZero();
    }
}
