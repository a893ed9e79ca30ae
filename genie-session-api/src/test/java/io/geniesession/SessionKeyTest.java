package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SessionKeyTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

    /** RFC 9562, section 5.7. */
    @Test
    void keyIsAUuidOfVersion7ThatBeginsWithItsTime() {
        UUID key = SessionKey.generate(NOW).value();
        assertThat(key.version()).isEqualTo(7);
        assertThat(key.variant()).isEqualTo(2);
        assertThat(key.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void allOtherBitsAreRandom() {
        long highOnes = 0;
        long highZeros = 0;
        long lowOnes = 0;
        long lowZeros = 0;
        for (int i = 0; i < 200; i++) {
            UUID key = SessionKey.generate(NOW).value();
            highOnes |= key.getMostSignificantBits();
            highZeros |= ~key.getMostSignificantBits();
            lowOnes |= key.getLeastSignificantBits();
            lowZeros |= ~key.getLeastSignificantBits();
        }
        assertThat(highOnes & highZeros).isEqualTo(0xfffL);
        assertThat(lowOnes & lowZeros).isEqualTo(0x3fff_ffff_ffff_ffffL);
    }

    @Test
    void keysSortAsTheirTimesAndAsTheirText() {
        SessionKey earlier = new SessionKey(UUID.fromString("019cabcd-0000-7fff-bfff-ffffffffffff"));
        SessionKey later = new SessionKey(UUID.fromString("019cabcd-0001-7000-8000-000000000000"));
        SessionKey last = new SessionKey(UUID.fromString("f19cabcd-0001-7000-8000-000000000000"));
        SessionKey lowest = new SessionKey(UUID.fromString("019cabcd-0001-7000-0000-000000000000"));
        assertThat(earlier).isLessThan(later);
        assertThat(later).isLessThan(last).isGreaterThan(lowest).isEqualByComparingTo(new SessionKey(later.value()));
        assertThat(later).hasToString("019cabcd-0001-7000-8000-000000000000");
    }
}
