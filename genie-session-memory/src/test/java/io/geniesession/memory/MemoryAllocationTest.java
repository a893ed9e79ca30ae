package io.geniesession.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.geniesession.Exchange;
import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.Sessions;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Counts what a request allocates. Bytes are counted, not time, so the machine's speed has no part in it. The bounds hold even
 * where the compiler eliminates nothing; rounds are repeated only because classes are loaded and linked in the first.
 */
class MemoryAllocationTest {
    private static final int REQUESTS = 20_000;
    private static final int ROUNDS = 20;
    private static final String NAME = "attribute3";

    private final Sessions sessions = Sessions.builder()
            .adapter("memory")
            .set("genie.session.sweep", "false")
            .open();
    private String text = "";

    @BeforeEach
    void store() {
        Visit visit = new Visit();
        Session session = sessions.start(visit);
        for (int i = 0; i < 10; i++) {
            session.set("attribute" + i, "value");
        }
        session.persist();
        text = sessions.id(visit).value();
    }

    @AfterEach
    void close() {
        sessions.close();
    }

    @Test
    @DisplayName("a request that reads allocates at most 200 bytes")
    void readingRequest() {
        assertThat(bytesPerRequest(200, this::read)).isLessThanOrEqualTo(200);
    }

    @Test
    @DisplayName("a request that replaces one attribute allocates at most 1 100 bytes")
    void writingRequest() {
        assertThat(bytesPerRequest(1_100, this::write)).isLessThanOrEqualTo(1_100);
    }

    private boolean read() {
        Session session = load();
        return session.get(NAME).isPresent() && session.persist() == PersistOutcome.UNCHANGED;
    }

    private boolean write() {
        return load().set(NAME, "other").persist() == PersistOutcome.SAVED;
    }

    private Session load() {
        return sessions.load(SessionId.parse(text).orElseThrow()).orElseThrow();
    }

    private interface Request {
        /** Returns whether it went as expected. */
        boolean run();
    }

    private static long bytesPerRequest(long enough, Request request) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > enough; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            boolean asExpected = true;
            for (int i = 0; i < REQUESTS; i++) {
                asExpected &= request.run();
            }
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / REQUESTS);
            assertThat(asExpected).isTrue();
        }
        return least;
    }

    /** The request that begins the session. */
    private static final class Visit implements Exchange {
        private Optional<Session> session = Optional.empty();

        @Override
        public List<String> cookies(String name) {
            return List.of();
        }

        @Override
        public boolean isSecure() {
            return true;
        }

        @Override
        public void setCookie(String name, String header) {}

        @Override
        public String cookiePath() {
            return "/";
        }

        @Override
        public Optional<Session> attached() {
            return session;
        }

        @Override
        public void attach(Session started) {
            session = Optional.of(started);
        }
    }
}
