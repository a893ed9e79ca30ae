package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Times as the tables have them. */
final class MillisTest {

    @Test
    void whatLiesBeyondTheTableIsItsEnd() {
        assertThat(Millis.of(Instant.MIN)).isEqualTo(Long.MIN_VALUE);
        assertThat(Millis.of(Instant.ofEpochMilli(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
        assertThat(Millis.of(Instant.MAX)).isEqualTo(Millis.NEVER);
        assertThat(Millis.of(Instant.ofEpochMilli(Long.MAX_VALUE - 1))).isEqualTo(Long.MAX_VALUE - 1);
        assertThat(Millis.of(Instant.ofEpochMilli(-1))).isEqualTo(-1);
    }

    @Test
    void neverComesBackAsNever() {
        assertThat(Millis.instant(Millis.of(Instant.MAX))).isEqualTo(Instant.MAX);
        assertThat(Millis.instant(Millis.NEVER - 1)).isEqualTo(Instant.ofEpochMilli(Long.MAX_VALUE - 1));
    }

    @Test
    void expiryComesBackAsItWas() {
        Expiry open = Expiry.idle(Duration.ofMinutes(30), Duration.ofMinutes(1));
        Expiry bounded = new Expiry(open.maxIdle(), open.touchEvery(), Optional.of(Instant.ofEpochMilli(5)));
        assertThat(Millis.lifetimeEnd(open)).isEqualTo(Millis.NEVER);
        assertThat(Millis.lifetimeEnd(bounded)).isEqualTo(5);
        assertThat(Millis.expiry(1_800_000, 60_000, Millis.NEVER)).isEqualTo(open);
        assertThat(Millis.expiry(1_800_000, 60_000, 5)).isEqualTo(bounded);
    }
}
