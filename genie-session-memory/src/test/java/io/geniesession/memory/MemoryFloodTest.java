package io.geniesession.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.EndReason;
import io.geniesession.Session;
import io.geniesession.SessionEnd;
import io.geniesession.SessionListener;
import io.geniesession.Sessions;
import io.geniesession.tck.TestExchange;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Visitors without a cookie to a page that stores something: twenty thousand, or a million with
 * {@code -Dgenie.test.faults=long}.
 */
class MemoryFloodTest {
    private static final int VISITORS = "long".equals(System.getProperty("genie.test.faults")) ? 1_000_000 : 20_000;
    private static final int MAX_SESSIONS = 2_000;

    /** More than the sessions and, for each visitor, what {@code SecretWatch} remembers of the id. */
    private static final long MAX_BYTES = 4_096L * MAX_SESSIONS + 100L * VISITORS;

    private final AtomicLong evicted = new AtomicLong();

    @Test
    void floodTakesBoundedMemoryAndSparesWhoIsSignedIn() {
        try (Sessions sessions = Sessions.builder()
                .adapter(new MemorySessionAdapterProvider())
                .set(MemorySessionAdapterProvider.MAX_SESSIONS.name(), Integer.toString(MAX_SESSIONS))
                .set("genie.session.sweep", "false")
                .listener(new Counter())
                .open()) {
            Session user = sessions.create().set("cart", "three things").setPrincipal("anna");
            user.persist();
            long before = usedBytes();

            for (int i = 1; i <= VISITORS; i++) {
                Session visitor = sessions.start(new TestExchange());
                visitor.set("page", "some text that the page stores for whoever comes by, number " + i);
                visitor.persist();
                if (i % (VISITORS / 20) == 0) {
                    assertThat(sessions.count()).isLessThanOrEqualTo(MAX_SESSIONS);
                }
            }

            assertThat(usedBytes() - before).isLessThan(MAX_BYTES);
            assertThat(sessions.peek(user.key()))
                    .hasValueSatisfying(found -> assertThat(found.get("cart")).contains("three things"));
            assertThat(sessions.count() + evicted.get()).isEqualTo(VISITORS + 1);
        }
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private final class Counter implements SessionListener {
        @Override
        public void ended(SessionEnd end) {
            if (end.reason() == EndReason.EVICTED) {
                evicted.incrementAndGet();
            }
        }
    }
}
