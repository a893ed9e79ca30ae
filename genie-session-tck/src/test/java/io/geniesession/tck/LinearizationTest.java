package io.geniesession.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.tck.Linearization.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The search, on a register that holds a number: what Herlihy and Wing, and others since, show as examples. */
class LinearizationTest {
    private final List<Step<Integer>> steps = new ArrayList<>();

    private void write(long begin, long end, int value) {
        steps.add(new Step<>("write " + value, begin, end, before -> value));
    }

    private void read(long begin, long end, int value) {
        steps.add(new Step<>("read " + value, begin, end, before -> before == value ? before : null));
    }

    /** Replaces a number by the next one, as an update does that was not disturbed. */
    private void increment(long begin, long end, int from) {
        steps.add(new Step<>("increment " + from, begin, end, before -> before == from ? from + 1 : null));
    }

    private Linearization<Integer> search() {
        return new Linearization<>(0, steps);
    }

    @Test
    void emptyHistoryHasAnOrder() {
        assertThat(search().isFound()).isTrue();
    }

    @Test
    void readDuringAWriteMaySeeEither() {
        write(1, 10, 1);
        read(2, 3, 0);
        read(4, 5, 1);
        assertThat(search().isFound()).isTrue();
    }

    @Test
    void valueThatWasSeenDoesNotGoAway() {
        write(1, 10, 1);
        read(2, 3, 1);
        read(4, 5, 0);
        assertThat(search().isFound()).isFalse();
    }

    @Test
    void readAfterAWriteSeesIt() {
        write(1, 2, 1);
        read(3, 4, 0);
        assertThat(search().isFound()).isFalse();
    }

    @Test
    void readersAgreeOnTheOrderOfTwoWrites() {
        write(1, 20, 1);
        write(2, 21, 2);
        read(3, 4, 1);
        read(5, 6, 2);
        assertThat(search().isFound()).isTrue();
        read(7, 8, 1);
        assertThat(search().isFound()).isFalse();
    }

    @Test
    void twoReadersInOppositeOrderAreRefused() {
        write(1, 20, 1);
        write(2, 21, 2);
        read(3, 4, 1);
        read(5, 6, 2);
        read(7, 8, 2);
        read(9, 10, 1);
        assertThat(search().isFound()).isFalse();
    }

    @Test
    void lostUpdateIsRefused() {
        increment(1, 10, 0);
        increment(2, 9, 0);
        assertThat(search().isFound()).isFalse();
    }

    @Test
    void updatesInAnyOrderOfTheirEndsAreAccepted() {
        increment(1, 10, 2);
        increment(2, 9, 0);
        increment(3, 8, 1);
        assertThat(search().isFound()).isTrue();
    }

    /** The first write that fits leads nowhere: the search has to come back, and to undo the reads it took behind it. */
    @Test
    void searchComesBackFromAWrongTurn() {
        write(1, 20, 1);
        write(2, 21, 2);
        read(22, 23, 1);
        assertThat(search().isFound()).isTrue();
        read(24, 25, 2);
        assertThat(search().isFound()).isFalse();
    }

    /** Without a memory of what it tried, the search would take longer than anybody waits. */
    @Test
    void manyWritesAtOnceEndInTime() {
        for (int i = 0; i < 16; i++) {
            write(1 + i, 100 + i, i % 2);
        }
        read(200, 201, 7);
        assertThat(search().isFound()).isFalse();
    }

    @Test
    void failureTellsHowFarItCame() {
        write(1, 2, 1);
        read(3, 4, 1);
        read(5, 6, 0);
        assertThat(search().toString()).contains("""
                As far as an order was found:
                  1 to 2: write 1
                  3 to 4: read 1
                What is left, by its begin:
                  5 to 6: read 0""");
    }
}
