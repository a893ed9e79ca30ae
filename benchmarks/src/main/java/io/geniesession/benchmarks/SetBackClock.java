package io.geniesession.benchmarks;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** The system's clock, which can be set back for a while. Safe for use by several threads, which all see the same time. */
final class SetBackClock extends Clock {
    private final Clock system;
    private volatile Duration by = Duration.ZERO;

    SetBackClock() {
        this(Clock.systemUTC());
    }

    private SetBackClock(Clock system) {
        this.system = system;
    }

    /** Runs something that takes place this long ago. */
    void ago(Duration duration, Runnable past) {
        by = duration;
        try {
            past.run();
        } finally {
            by = Duration.ZERO;
        }
    }

    @Override
    public Instant instant() {
        return system.instant().minus(by);
    }

    /** As cheap as the system's own. */
    @Override
    public long millis() {
        return system.millis() - by.toMillis();
    }

    @Override
    public ZoneId getZone() {
        return system.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new SetBackClock(system.withZone(zone));
    }
}
