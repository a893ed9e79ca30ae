package io.geniesession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.geniesession.SessionCodecException;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.SessionLog;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Stored bytes that were damaged or made to do harm end in the one exception that says so, whatever they are. */
class HostileBytesTest {
    private static final int MUTATIONS_PER_VALUE = 300;
    private static final int RANDOM_INPUTS = 20_000;

    private final long seed = Long.getLong("genie.test.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final ValueCodec codec = ValueCodecTest.codec(1 << 20);

    @Test
    void damagedValuesAreDecodedOrRefused() {
        System.out.println("HostileBytesTest seed: " + seed + " (repeat with -Dgenie.test.seed)");
        int refused = 0;
        for (Object value : ValueCodecTest.values().toList()) {
            byte[] good = codec.encode("a", value);
            for (int i = 0; i < MUTATIONS_PER_VALUE; i++) {
                refused += isRefused(mutated(good)) ? 1 : 0;
            }
        }
        assertThat(refused).as("seed %d", seed).isPositive();
    }

    @Test
    void randomBytesAreDecodedOrRefused() {
        int refused = 0;
        for (int i = 0; i < RANDOM_INPUTS; i++) {
            byte[] bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);
            bytes[0] = 0;
            refused += isRefused(bytes) ? 1 : 0;
        }
        assertThat(refused).as("seed %d", seed).isPositive();
    }

    @Test
    void damagedLogsAreReadOrRefused() {
        byte[] good = SessionLog.encode(
                Map.of("cart", () -> new byte[] {0, 1}, "user \u6c34", () -> new byte[300]),
                Set.of("gone"),
                Map.of("principal", Optional.of("someone"), "device", Optional.empty()));
        int refused = 0;
        for (int i = 0; i < RANDOM_INPUTS; i++) {
            byte[] bytes = mutated(good);
            try {
                SessionLog log = i % 2 == 0 ? SessionLog.read(bytes) : SessionLog.read(new byte[0], bytes);
                // Whatever can be read can be compacted, and says the same then.
                SessionLog compacted = SessionLog.read(log.compact());
                assertThat(compacted.attributeNames()).isEqualTo(log.attributeNames());
                assertThat(compacted.indexes()).isEqualTo(log.indexes());
            } catch (SessionStoreException e) {
                refused++;
            } catch (Throwable e) {
                fail("seed " + seed + ", mutation " + i, e);
            }
        }
        assertThat(refused).as("seed %d", seed).isPositive();
    }

    private boolean isRefused(byte[] bytes) {
        try {
            assertThat(codec.decode("a", bytes)).isNotNull();
            return false;
        } catch (SessionCodecException e) {
            return true;
        } catch (Throwable e) {
            return fail("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
        }
    }

    private byte[] mutated(byte[] good) {
        byte[] bytes = good.clone();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int at = bytes.length < 2 ? 0 : 1 + random.nextInt(bytes.length - 1);
            bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[at] ^ (1 << random.nextInt(8)));
        }
        if (random.nextInt(4) == 0) {
            return Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
        }
        return bytes;
    }
}
