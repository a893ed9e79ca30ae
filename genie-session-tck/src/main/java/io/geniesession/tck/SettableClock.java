package io.geniesession.tck;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until it is moved, in milliseconds like all times that are stored.
 *
 * <p>Safe for use by several threads.
 */
public final class SettableClock extends Clock {
    private final AtomicLong now;
    private final ZoneId zone;

    private SettableClock(AtomicLong now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /**
     * Returns a clock that shows this instant.
     *
     * @param instant what it shows, cut to milliseconds
     * @return the clock, in UTC
     */
    public static SettableClock at(Instant instant) {
        return new SettableClock(new AtomicLong(instant.toEpochMilli()), ZoneOffset.UTC);
    }

    /**
     * Moves the clock to an instant, also back.
     *
     * @param instant what it shows from now on, cut to milliseconds
     */
    public void set(Instant instant) {
        now.set(instant.toEpochMilli());
    }

    /**
     * Moves the clock by a span.
     *
     * @param span how far, cut to milliseconds; negative: back
     * @return what it shows now
     */
    public Instant advance(Duration span) {
        return Instant.ofEpochMilli(now.addAndGet(span.toMillis()));
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(now.get());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** Returns a clock of another zone that shows the same instants, whoever of the two is moved. */
    @Override
    public Clock withZone(ZoneId other) {
        return new SettableClock(now, requireNonNull(other, "other"));
    }

    /** Returns what the clock shows. */
    @Override
    public String toString() {
        return "SettableClock[" + instant() + "]";
    }
}
