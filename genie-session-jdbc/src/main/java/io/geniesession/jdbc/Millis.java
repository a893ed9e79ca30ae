package io.geniesession.jdbc;

import io.geniesession.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Instants as the table has them: milliseconds since 1970, the largest number standing for "never". */
final class Millis {

    static final long NEVER = Long.MAX_VALUE;

    private static final Instant FIRST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private Millis() {}

    /** Returns the instant in milliseconds; what lies beyond their range is cut to its end. */
    static long of(Instant instant) {
        if (instant.isBefore(FIRST)) {
            return Long.MIN_VALUE;
        }
        return instant.isBefore(LAST) ? instant.toEpochMilli() : NEVER;
    }

    static Instant instant(long millis) {
        return millis == NEVER ? Instant.MAX : Instant.ofEpochMilli(millis);
    }

    static long lifetimeEnd(Expiry expiry) {
        return expiry.lifetimeEnd().map(Millis::of).orElse(NEVER);
    }

    static Expiry expiry(long maxIdle, long touchEvery, long lifetimeEnd) {
        return new Expiry(
                Duration.ofMillis(maxIdle),
                Duration.ofMillis(touchEvery),
                lifetimeEnd == NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(lifetimeEnd)));
    }
}
