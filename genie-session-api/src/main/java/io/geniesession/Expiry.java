package io.geniesession;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a session ends by itself: after {@code maxIdle} without access, and at {@code lifetimeEnd} whatever happens.
 *
 * <p>The stored time of access may be older than the true one by up to {@code touchEvery} (the <em>quantum</em>), because a
 * read writes nothing inside it; the quantum is added to the expiry so that no session ends early. All three have a
 * precision of milliseconds; finer parts are cut off. Immutable.
 *
 * @param maxIdle the idle timeout; zero: the session never ends by being idle
 * @param touchEvery how old the stored access may get before a read refreshes it; zero: every read does
 * @param lifetimeEnd the instant at which the session ends even while it is in use; empty: never
 */
public record Expiry(Duration maxIdle, Duration touchEvery, Optional<Instant> lifetimeEnd) {
    /** The longest {@code maxIdle} and {@code touchEvery}: ten thousand years of 365 days each. */
    public static final Duration MAX = Duration.ofDays(3_650_000);

    /**
     * Checks the bounds and cuts to milliseconds.
     *      *
     *
     * @param maxIdle the idle timeout; zero: the session never ends by being idle
     * @param touchEvery how old the stored access may get before a read refreshes it; zero: every read does
     * @param lifetimeEnd the instant at which the session ends even while it is in use; empty: never
     * @throws IllegalArgumentException if a duration is negative or above {@link #MAX}
     */
    public Expiry {
        maxIdle = checked("maxIdle", maxIdle);
        touchEvery = checked("touchEvery", touchEvery);
        lifetimeEnd = lifetimeEnd.map(Expiry::toMillis);
    }

    private static Duration checked(String name, Duration value) {
        requireNonNull(value, name);
        if (value.isNegative() || value.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be from 0 to " + MAX.toDays() + " days");
        }
        return Duration.ofMillis(value.toMillis());
    }

    /**
     * Cuts an instant to the precision in which sessions are stored and judged.
     *
     * @param instant any instant
     * @return the same instant without the part below a millisecond
     */
    public static Instant toMillis(Instant instant) {
        return Instant.ofEpochMilli(instant.toEpochMilli());
    }

    /**
     * Returns an expiry without an absolute lifetime.
     *
     * @param maxIdle the idle timeout; zero: never
     * @param touchEvery the quantum
     * @return the expiry
     */
    public static Expiry idle(Duration maxIdle, Duration touchEvery) {
        return new Expiry(maxIdle, touchEvery, Optional.empty());
    }

    /**
     * Returns the instant from which on a session is expired: {@code min(lifetimeEnd, lastAccessed + maxIdle + touchEvery)}.
     *
     * @param lastAccessed the stored time of the last access
     * @return the first instant at which the session is gone, or {@link Instant#MAX} if it never ends by itself
     */
    public Instant expiresAt(Instant lastAccessed) {
        Instant lifetime = lifetimeEnd.orElse(Instant.MAX);
        if (maxIdle.isZero()) {
            return lifetime;
        }
        Instant idle = lastAccessed.plus(maxIdle).plus(touchEvery);
        return idle.isBefore(lifetime) ? idle : lifetime;
    }

    /** Whether the stored access is older than the quantum, so that a read refreshes it. */
    boolean isTouchDue(Instant lastAccessed, Instant now) {
        return now.toEpochMilli() - lastAccessed.toEpochMilli() > touchEvery.toMillis();
    }

    /**
     * Tells what ends a session that is expired.
     *
     * @param lastAccessed the stored time of the last access
     * @return {@link EndReason#LIFETIME} if the lifetime ends first or at the same instant, otherwise {@link EndReason#IDLE}
     */
    public EndReason reason(Instant lastAccessed) {
        return lifetimeEnd.isPresent() && expiresAt(lastAccessed).equals(lifetimeEnd.get())
                ? EndReason.LIFETIME
                : EndReason.IDLE;
    }
}
