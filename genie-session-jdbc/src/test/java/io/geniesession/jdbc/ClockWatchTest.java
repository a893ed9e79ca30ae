package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ClockWatchTest {

    private static final Map<String, String> MARGIN = Map.of("genie.session.sweep-margin", "60s");

    private final Logged log = Logged.by(ClockWatch.class);

    @AfterEach
    void stopListening() {
        log.close();
    }

    private static OptionalLong off(long seconds) {
        return OptionalLong.of(System.currentTimeMillis() + seconds * 1_000);
    }

    @Test
    void largeDifferenceIsWarnedOfOnce() {
        ClockWatch watch = new ClockWatch(new TestContext(Clock.systemUTC(), MARGIN));
        watch.compare(off(-120));
        assertThat(log.lines()).hasSize(1);
        watch.compare(off(120));
        assertThat(log.lines()).hasSize(1);
        assertThat(log.lines().get(0)).contains("120 s", "genie.session.sweep-margin", "60");
    }

    @Test
    void smallDifferenceIsNot() {
        ClockWatch watch = new ClockWatch(new TestContext(Clock.system(ZoneId.of("Asia/Tokyo")), MARGIN));
        watch.compare(off(50));
        watch.compare(OptionalLong.empty());
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void clockSetByHandIsNot() {
        ClockWatch watch = new ClockWatch(new TestContext(SettableClock.at(TestSessions.START), MARGIN));
        watch.compare(off(0));
        assertThat(log.lines()).isEmpty();
    }
}
