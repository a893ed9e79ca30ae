package io.geniesession.spi;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.geniesession.SessionStoreException;
import java.util.Arrays;

/** Whatever stands in the row as the log of a session is read or refused, and keeps its content when it is compacted. */
class SessionLogFuzzTest {
    @FuzzTest(maxDuration = "5m")
    void anyLog(byte[] stored) {
        SessionLog log;
        try {
            log = SessionLog.read(stored);
        } catch (SessionStoreException e) {
            return;
        }
        byte[] compact = compacted(log, stored);
        // The same change a second time changes nothing.
        assertSame(log, log.with(compact));
        assertSame(log, SessionLog.read(stored, compact));

        SessionLog changes = SessionLog.read(new byte[0], stored);
        assertSame(changes, SessionLog.read(compacted(changes, stored), stored));
    }

    private static byte[] compacted(SessionLog log, byte[] stored) {
        byte[] compact = log.compact();
        assertThat(compact.length).isLessThanOrEqualTo(stored.length);
        SessionLog again = SessionLog.read(compact);
        assertSame(log, again);
        assertThat(again.compact()).isEqualTo(compact);
        assertThat(again.size()).isEqualTo(compact.length);
        return compact;
    }

    private static void assertSame(SessionLog expected, SessionLog log) {
        // Without regard to order.
        assertThat(log.attributeNames()).isEqualTo(expected.attributeNames());
        assertThat(log.indexes()).isEqualTo(expected.indexes());
        for (String name : expected.attributeNames()) {
            byte[] value = expected.attribute(name).orElseThrow();
            assertThat(Arrays.equals(log.attribute(name).orElseThrow(), value)).isTrue();
        }
    }
}
