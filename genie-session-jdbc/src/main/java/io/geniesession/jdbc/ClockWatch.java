package io.geniesession.jdbc;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.CoreSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Warns, once, if this node's clock and the database's differ by more than the margin of the sweep: another node may then
 * remove sessions that this one still counts as alive, or the other way round.
 *
 * <p>Safe for use by several threads.
 */
final class ClockWatch {

    private static final System.Logger LOG = System.getLogger(ClockWatch.class.getName());

    private final Clock clock;
    private final boolean isSystemClock;
    private final Duration margin;
    private final AtomicBoolean warned = new AtomicBoolean();

    ClockWatch(AdapterContext context) {
        this.clock = context.clock();
        // A clock that was set by hand differs on purpose.
        this.isSystemClock = clock.getClass().equals(Clock.systemUTC().getClass());
        this.margin = context.settings().get(CoreSettings.SWEEP_MARGIN);
    }

    /** Compares the clocks right after the database told its own. */
    void compare(OptionalLong databaseClock) {
        if (!isSystemClock || databaseClock.isEmpty()) {
            return;
        }
        Duration difference = Duration.ofMillis(Math.abs(clock.millis() - databaseClock.getAsLong()));
        if (difference.compareTo(margin) > 0 && warned.compareAndSet(false, true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "The clocks of this node and of the database differ by "
                            + difference.toSeconds() + " s, which is more than " + CoreSettings.SWEEP_MARGIN.name()
                            + " ("
                            + margin.toSeconds()
                            + " s). Nodes with such clocks disagree on which sessions are expired: set the clocks by NTP.");
        }
    }
}
