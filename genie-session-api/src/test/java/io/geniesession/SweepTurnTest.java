package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweepTurnTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final List<Duration> rests = new ArrayList<>();
    private long nanos = Long.MAX_VALUE - 17; // System.nanoTime starts anywhere and overflows
    private Duration batch = Duration.ofMillis(2);
    private int expired;
    private int batches;
    private int restsUntilClosed = Integer.MAX_VALUE;

    private SweepTurn run(int restToWork, Duration longest) {
        SweepTurn turn = new SweepTurn(100, restToWork, () -> nanos, this::rest);
        turn.run(longest, this::remove);
        return turn;
    }

    private boolean rest(long duration) {
        rests.add(Duration.ofNanos(duration));
        nanos += duration;
        return rests.size() <= restsUntilClosed;
    }

    private int remove(int limit) {
        batches++;
        nanos += batch.toNanos();
        int removed = Math.min(limit, expired);
        expired -= removed;
        return removed;
    }

    @Test
    void restsBetweenFullBatches() {
        expired = 250;

        SweepTurn turn = run(50, MINUTE);

        assertThat(rests).containsExactly(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(100));
        assertThat(batches).isEqualTo(3);
        assertThat(turn.removed()).isEqualTo(250);
        assertThat(turn.hasBacklog()).isFalse();
    }

    @Test
    void withoutRestsBatchesFollowOneAnother() {
        expired = 250;

        assertThat(run(0, MINUTE).removed()).isEqualTo(250);

        assertThat(rests).containsExactly(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    @Test
    void restAfterASlowBatchIsASecond() {
        expired = 150;
        batch = Duration.ofSeconds(14);

        run(50, MINUTE);

        assertThat(rests).containsExactly(Duration.ZERO, Duration.ofSeconds(1));
    }

    @Test
    void turnEndsBeforeTheRestThatWouldLastTooLong() {
        expired = Integer.MAX_VALUE;

        SweepTurn turn = run(50, Duration.ofMillis(306));

        assertThat(batches).isEqualTo(3);
        assertThat(rests).hasSize(3);
        assertThat(turn.removed()).isEqualTo(300);
        assertThat(turn.hasBacklog()).isTrue();
        assertThat(turn.wasStopped()).isFalse();
    }

    @Test
    void turnEndsWhenARestSaysSo() {
        expired = 1_000;
        restsUntilClosed = 2;

        SweepTurn turn = run(50, MINUTE);

        assertThat(turn.removed()).isEqualTo(200);
        assertThat(turn.hasBacklog()).as("its time was not up").isFalse();
        assertThat(turn.wasStopped()).isTrue();
    }

    @Test
    void turnEndsAfterTheBatchInWhichItIsInterrupted() {
        expired = 1_000;
        Thread.currentThread().interrupt();

        SweepTurn turn = run(0, MINUTE);

        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        assertThat(turn.removed()).isEqualTo(100);
        assertThat(turn.wasStopped()).isTrue();
    }
}
