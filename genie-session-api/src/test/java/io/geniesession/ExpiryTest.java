package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpiryTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration QUANTUM = Duration.ofMinutes(1);

    @Test
    void idleTimeoutCountsFromTheLastAccessAndTheQuantumIsAdded() {
        assertThat(Expiry.idle(IDLE, QUANTUM).expiresAt(NOW)).isEqualTo(NOW.plusSeconds(31 * 60));
    }

    @Test
    void zeroIdleTimeoutNeverExpires() {
        assertThat(Expiry.idle(Duration.ZERO, QUANTUM).expiresAt(NOW)).isEqualTo(Instant.MAX);
    }

    @Test
    void lifetimeEndsEarlierWhateverTheAccess() {
        Instant end = NOW.plusSeconds(60);
        Expiry expiry = new Expiry(IDLE, QUANTUM, Optional.of(end));
        assertThat(expiry.expiresAt(NOW)).isEqualTo(end);
        assertThat(expiry.reason(NOW)).isEqualTo(EndReason.LIFETIME);
        assertThat(expiry.reason(NOW.minus(Duration.ofHours(1)))).isEqualTo(EndReason.IDLE);
        assertThat(Expiry.idle(IDLE, QUANTUM).reason(NOW)).isEqualTo(EndReason.IDLE);
    }

    @Test
    void lifetimeAloneEndsASessionThatIsNeverIdle() {
        Instant end = NOW.plusSeconds(60);
        assertThat(new Expiry(Duration.ZERO, QUANTUM, Optional.of(end)).expiresAt(NOW))
                .isEqualTo(end);
    }

    @Test
    void durationsAreBoundedAndCutToMilliseconds() {
        assertThat(Expiry.idle(Duration.ofNanos(1_999_999), Duration.ZERO).maxIdle())
                .isEqualTo(Duration.ofMillis(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Expiry.idle(Duration.ofMillis(-1), QUANTUM))
                .withMessageContaining("maxIdle");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Expiry.idle(IDLE, Expiry.MAX.plusMillis(1)))
                .withMessageContaining("touchEvery");
        assertThat(Expiry.idle(Expiry.MAX, Expiry.MAX).expiresAt(NOW)).isAfter(NOW);
    }

    @Test
    void sessionIsExpiredFromItsExpiryOn() {
        SessionInfo info = new SessionInfo(
                SessionKey.generate(NOW), "id", 1, NOW, NOW, Expiry.idle(IDLE, QUANTUM), java.util.Map.of(), 0);
        assertThat(info.isExpired(info.expiresAt().minusMillis(1))).isFalse();
        assertThat(info.isExpired(info.expiresAt())).isTrue();
    }

    @Test
    void keysBeginWithTheirTimeAndAreOrderedByIt() {
        SessionKey early = SessionKey.generate(NOW);
        SessionKey late = SessionKey.generate(NOW.plusMillis(1));
        assertThat(early).isLessThan(late);
        assertThat(early.value().version()).isEqualTo(7);
        assertThat(early.value().variant()).isEqualTo(2);
        assertThat(early.value().getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
        assertThat(SessionKey.generate(NOW)).isNotEqualTo(early);
    }
}
