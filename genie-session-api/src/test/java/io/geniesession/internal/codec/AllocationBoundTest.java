package io.geniesession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import io.geniesession.SessionCodecException;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.SessionLog;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is allocated for stored bytes is in proportion to their number, whatever length they announce. */
class AllocationBoundTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int LARGE = 1 << 20;

    private final ValueCodec codec = ValueCodecTest.codec(16 << 20);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5affffffff",
                "5b7fffffffffffffff",
                "5bffffffffffffffff", // bytes
                "7affffffff",
                "7b000000007fffffff", // text
                "9a7fffffff",
                "9b7fffffffffffffff",
                "9bffffffffffffffff", // array
                "ba7fffffff",
                "bb7fffffffffffffff", // map
                "d901029a7fffffff", // set
                "c25a7fffffff",
                "c482005a7fffffff", // big numbers
                "d8259a7fffffff", // UUID
                "d81b826a4c696e6b65644c6973749a7fffffff", // LinkedList
                "da47534a4f5a7fffffff", // object
            })
    void lengthThatIsNotThereIsRefusedForNothing(String hex) {
        byte[] item = HexFormat.of().parseHex("00" + hex);
        refuse(item);
        assertThat(allocatedToRefuse(item)).isLessThan(100_000);
        byte[] padded = Arrays.copyOf(item, LARGE);
        assertThat(allocatedToRefuse(padded)).isLessThan(200L * LARGE);
    }

    /** A byte over and over, after an array's head where one is needed: the smallest items there are. */
    @ParameterizedTest
    @CsvSource({"80", "a0", "60", "40", "f6", "18", "81", "9f", "c2", "d8", "1a"})
    void smallestItemsAreNotBlownUp(String hex) {
        byte[] item = new byte[LARGE];
        Arrays.fill(item, HexFormat.of().parseHex(hex)[0]);
        ByteBuffer.wrap(item).put((byte) 0).put((byte) 0x9A).putInt(LARGE - 6);
        assertThat(allocatedToDecode(item)).isLessThan(100L * LARGE);
    }

    @Test
    void announcementsInEachOtherShareTheBound() {
        byte[] item = new byte[LARGE];
        Arrays.fill(item, (byte) 0xF6);
        ByteBuffer heads = ByteBuffer.wrap(item).put((byte) 0);
        for (int i = 0; i < ValueCodec.MAX_DEPTH - 1; i++) {
            heads.put((byte) 0x9A).putInt(LARGE - 1_000);
        }
        assertThat(allocatedToDecode(item)).isLessThan(100L * LARGE);
    }

    @Test
    void logAllocatesNoMoreThanItsNamesTake() {
        byte[] stored = new byte[LARGE];
        Arrays.fill(stored, (byte) 0x60);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> SessionLog.read(stored));
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(100L * LARGE);
    }

    /** The smallest change takes a name away that nobody knows. */
    @Test
    void changesOfALogAreNotBlownUp() {
        byte[] stored = new byte[LARGE];
        for (int i = 0; i + 1 < LARGE; i += 2) {
            stored[i] = 0x60;
            stored[i + 1] = (byte) 0xF6;
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThat(SessionLog.read(new byte[0], stored).attributeNames()).isEmpty();
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(100L * LARGE);
    }

    private long allocatedToRefuse(byte[] stored) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        refuse(stored);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private void refuse(byte[] stored) {
        assertThatExceptionOfType(SessionCodecException.class).isThrownBy(() -> codec.decode("a", stored));
    }

    private long allocatedToDecode(byte[] stored) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            assertThat(codec.decode("a", stored)).isNotNull();
        } catch (SessionCodecException e) {
            assertThat(e.attribute()).contains("a");
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
