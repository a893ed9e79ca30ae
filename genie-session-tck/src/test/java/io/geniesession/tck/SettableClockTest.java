package io.geniesession.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SettableClockTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void standsStillUntilItIsMoved() {
        SettableClock clock = SettableClock.at(START.plusNanos(999_999));
        assertThat(clock.instant()).isEqualTo(START);

        assertThat(clock.advance(Duration.ofSeconds(5))).isEqualTo(START.plusSeconds(5));
        assertThat(clock.advance(Duration.ofSeconds(-10))).isEqualTo(START.minusSeconds(5));
        clock.set(START.plusNanos(1));
        assertThat(clock.instant()).isEqualTo(START);
        assertThat(clock.millis()).isEqualTo(START.toEpochMilli());
    }

    @Test
    void anotherZoneShowsTheSameInstants() {
        SettableClock clock = SettableClock.at(START);
        Clock there = clock.withZone(ZoneId.of("Asia/Tokyo"));

        clock.advance(Duration.ofDays(1));

        assertThat(there.instant()).isEqualTo(START.plus(Duration.ofDays(1)));
        assertThat(there.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
        assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
    }
}
