package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ClockWatchTest {

    private static final Map<String, String> MARGIN = Map.of("genie.session.sweep-margin", "60s");

    // Kept, because a logger that nobody holds is forgotten with its handlers.
    private final Logger logger = Logger.getLogger(ClockWatch.class.getName());
    private final List<LogRecord> log = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            log.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
    }

    private static OptionalLong off(long seconds) {
        return OptionalLong.of(System.currentTimeMillis() + seconds * 1_000);
    }

    @Test
    void largeDifferenceIsWarnedOfOnce() {
        ClockWatch watch = new ClockWatch(new TestContext(Clock.systemUTC(), MARGIN));
        watch.compare(off(-120));
        watch.compare(off(120));
        assertThat(log).hasSize(1);
        assertThat(log.get(0).getMessage()).contains("120 s", "genie.session.sweep-margin", "60");
    }

    @Test
    void smallDifferenceIsNot() {
        ClockWatch watch = new ClockWatch(new TestContext(Clock.system(ZoneId.of("Asia/Tokyo")), MARGIN));
        watch.compare(off(50));
        watch.compare(OptionalLong.empty());
        assertThat(log).isEmpty();
    }

    @Test
    void clockSetByHandIsNot() {
        ClockWatch watch = new ClockWatch(new TestContext(SettableClock.at(TestSessions.START), MARGIN));
        watch.compare(off(0));
        assertThat(log).isEmpty();
    }
}
