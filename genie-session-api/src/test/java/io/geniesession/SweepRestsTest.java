package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How turns of the sweep follow one another, by a clock of its own: each batch takes 100 ms, an interval is a second. */
class SweepRestsTest {
    private static final long STEP = Duration.ofMillis(100).toNanos();
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final BytesAdapter store = new BytesAdapter();
    private final SettableTime time = new SettableTime();
    private final SessionRuntime runtime = new SessionRuntime(
            SessionConfig.builder()
                    .clock(time)
                    .sweepInterval(INTERVAL)
                    .sweepBatch(1)
                    .sweepRest(8)
                    .build(),
            new Notifier(List.of(), Notifier.NO_METER),
            store,
            null);
    private final Sweeper sweeper = new Sweeper(runtime);
    private final List<Duration> rests = new ArrayList<>();
    private long nanos;

    @AfterEach
    void close() {
        runtime.close();
    }

    /** The pauses before each of so many turns of the thread. */
    private List<Duration> run(int turns) {
        List<Duration> pauses = new ArrayList<>();
        sweeper.run(this::ticker, this::rest, pause -> {
            pauses.add(Duration.ofNanos(pause));
            return pauses.size() <= turns;
        });
        return pauses.subList(1, pauses.size());
    }

    /** The rests after each batch of a turn that was full. */
    private List<Duration> turn() {
        rests.clear();
        run(1);
        return rests.stream().filter(rest -> !rest.isZero()).toList();
    }

    private long ticker() {
        nanos += STEP;
        return nanos;
    }

    private boolean rest(long duration) {
        rests.add(Duration.ofNanos(duration));
        nanos += duration;
        return true;
    }

    private void storeExpired(int count) {
        Sessions sessions = Sessions.builder()
                .adapter(store)
                .clock(time)
                .set("genie.session.sweep", "false")
                .open();
        for (int i = 0; i < count; i++) {
            sessions.start(TestExchange.with()).set("a", i).persist();
        }
        sessions.close();
        time.advance(Duration.ofMinutes(33));
    }

    @Test
    void restsAreHalvedWhileItIsBehindAndDoubledWhenItKeepsUp() {
        storeExpired(12);

        assertThat(turn()).isEmpty(); // 0.2 s until the batch is over, and 0.8 s of rest would be the whole interval
        assertThat(turn()).containsExactly(Duration.ofMillis(400));
        assertThat(turn()).containsExactly(Duration.ofMillis(200), Duration.ofMillis(200));
        assertThat(turn()).hasSize(3).containsOnly(Duration.ofMillis(100));
        assertThat(turn()).as("no rests are left").isEmpty();

        storeExpired(2);
        assertThat(turn()).as("it kept up").containsExactly(Duration.ofMillis(100), Duration.ofMillis(100));
        storeExpired(2);
        assertThat(turn()).as("it kept up again").containsExactly(Duration.ofMillis(200), Duration.ofMillis(200));
    }

    @Test
    void turnThatIsBehindIsFollowedAtOnce() {
        storeExpired(12);

        List<Duration> pauses = run(6);

        assertThat(pauses.subList(0, 4)).containsOnly(Duration.ZERO);
        assertThat(pauses.subList(4, 6))
                .allSatisfy(pause -> assertThat(pause)
                        .isBetween(
                                INTERVAL.multipliedBy(3).dividedBy(4),
                                INTERVAL.multipliedBy(5).dividedBy(4)));
    }

    @Test
    void turnThatFailsIsFollowedAfterAPauseAndGoesOnAtTheSamePace() {
        storeExpired(5);
        run(2);
        store.failWith(new SessionStoreException("down", null, false, null));

        try (Warnings warnings = new Warnings()) {
            assertThat(run(1)).singleElement().isNotEqualTo(Duration.ZERO);
            assertThat(warnings.messages())
                    .containsExactly("Expired sessions could not be swept; the next turn tries again. down");
        }

        store.failWith(null);
        assertThat(turn()).containsExactly(Duration.ofMillis(200), Duration.ofMillis(200));
    }
}
