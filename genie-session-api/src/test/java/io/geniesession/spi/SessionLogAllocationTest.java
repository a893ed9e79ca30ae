package io.geniesession.spi;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Counts what reading a stored session allocates: something for each attribute, and nothing for the bytes of those that nobody asks
 * for. Bytes are counted, not time, and rounds are repeated only because classes are loaded and linked in the first.
 */
class SessionLogAllocationTest {
    private static final int READS = 2_000;
    private static final int ROUNDS = 20;
    private static final int ATTRIBUTES = 10;
    private static final long BOUND = 1_500;

    @Test
    @DisplayName("reading ten attributes allocates at most 1 500 bytes, however large they are")
    void readingCopiesNoValue() {
        byte[] small = snapshot(100);
        byte[] large = snapshot(10_000);

        assertThat(bytesPerRead(small)).isPositive().isLessThanOrEqualTo(BOUND);
        assertThat(bytesPerRead(large)).isPositive().isLessThanOrEqualTo(BOUND);
    }

    private static byte[] snapshot(int valueSize) {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        for (int i = 0; i < ATTRIBUTES; i++) {
            attributes.put("attribute" + i, () -> new byte[valueSize]);
        }
        return SessionLog.encode(attributes, Set.of(), Map.of());
    }

    private static long bytesPerRead(byte[] snapshot) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > BOUND; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            int read = 0;
            for (int i = 0; i < READS; i++) {
                read += SessionLog.read(snapshot).attributeNames().size();
            }
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / READS);
            assertThat(read).isEqualTo(READS * ATTRIBUTES);
        }
        return least;
    }
}
