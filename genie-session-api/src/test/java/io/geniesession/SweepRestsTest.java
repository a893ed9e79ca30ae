package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SweepRestsTest {
    private static final long STEP = Duration.ofMillis(100).toNanos();

    private final BytesAdapter store = new BytesAdapter();
    private final SettableTime time = new SettableTime();
    private final SessionRuntime runtime = new SessionRuntime(
            SessionConfig.builder()
                    .clock(time)
                    .sweepInterval(Duration.ofSeconds(1))
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

    /** A turn in which a batch takes 100 ms, and the rests after each that was full. */
    private List<Duration> sweep() {
        rests.clear();
        sweeper.sweep(() -> nanos += STEP, this::rest);
        return rests.stream().filter(rest -> !rest.isZero()).toList();
    }

    private boolean rest(long duration) {
        rests.add(Duration.ofNanos(duration));
        nanos += duration;
        return true;
    }

    @Test
    void restsAreHalvedTurnByTurnUntilItKeepsUp() {
        storeExpired(12);

        assertThat(sweep()).isEmpty(); // 0.2 s until the batch is over, and 0.8 s of rest would be the whole interval
        assertThat(sweep()).containsExactly(Duration.ofMillis(400));
        assertThat(sweep()).containsExactly(Duration.ofMillis(200), Duration.ofMillis(200));
        assertThat(sweep()).hasSize(3).containsOnly(Duration.ofMillis(100));
        assertThat(sweep()).isEmpty(); // no rests are left, and two sessions
        assertThat(sweeper.sweep(() -> nanos += STEP, this::rest)).isZero();

        storeExpired(2);
        assertThat(sweep()).as("it kept up, so rests are as long as before").isEmpty();
        assertThat(sweep()).containsExactly(Duration.ofMillis(400));
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
}
