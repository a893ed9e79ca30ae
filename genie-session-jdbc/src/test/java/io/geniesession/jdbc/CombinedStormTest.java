package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.saved;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static io.geniesession.jdbc.TestSessions.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.geniesession.spi.NewSession;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes of many threads, with eager limits, on few sessions of a real PostgreSQL. */
@Timeout(120)
final class CombinedStormTest {

    private static final int SESSIONS = 12;
    private static final int THREADS = 32;
    private static final int ROUNDS = 60;
    private static final long PATIENCE_SECONDS = 100;

    private TestDatabase database;
    private SessionAdapter one;
    private SessionAdapter other;
    private final AtomicInteger borrowed = new AtomicInteger();
    private final List<NewSession> sessions = new ArrayList<>();

    @BeforeEach
    void open() {
        database = TestDatabase.postgres();
        one = CombiningAdapter.open(TestSessions.context(database), borrowed);
        other = CombiningAdapter.open(TestSessions.context(database), borrowed);
        for (int i = 0; i < SESSIONS; i++) {
            NewSession session = session(Map.of());
            sessions.add(session);
            one.create(session);
        }
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
        database.checkNothingLeaked();
        database.close();
    }

    /** What one thread does: requests that read, write or touch some session, in an order of its own. Returns what it wrote. */
    private Map<Integer, String> requests(int thread) {
        SessionAdapter node = thread % 2 == 0 ? one : other;
        Random random = new Random(thread);
        Map<Integer, String> written = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            int number = random.nextInt(SESSIONS);
            SessionRecord record = node.load(sessions.get(number).id(), START).orElseThrow();
            // Its own write, whatever others do at the same time.
            assertThat(texts(record).get("thread" + thread)).isEqualTo(written.get(number));
            if (random.nextInt(4) == 0) {
                assertThat(node.touch(record, START.plusSeconds(random.nextInt(60))))
                        .isTrue();
                continue;
            }
            String value = "round " + round;
            SessionChanges changes = set("thread" + thread, value);
            SessionRecord next = saved(node.persist(record, changes));
            assertThat(texts(next)).containsEntry("thread" + thread, value);
            written.put(number, value);
        }
        return written;
    }

    private void storm(ExecutorService executor) throws Exception {
        borrowed.set(0);
        List<Future<Map<Integer, String>>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            Callable<Map<Integer, String>> requests = () -> requests(thread);
            threads.add(executor.submit(requests));
        }
        List<Map<Integer, String>> written = new ArrayList<>();
        for (Future<Map<Integer, String>> thread : threads) {
            written.add(thread.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        // A load and a write each: there can be fewer statements than that only if some were shared.
        assertThat(borrowed).hasValueLessThan(2 * THREADS * ROUNDS);
        for (int number = 0; number < SESSIONS; number++) {
            Map<String, String> expected = new HashMap<>(Map.of("color", "red"));
            for (int thread = 0; thread < THREADS; thread++) {
                String value = written.get(thread).get(number);
                if (value != null) {
                    expected.put("thread" + thread, value);
                }
            }
            assertThat(texts(one.load(sessions.get(number).id(), START).orElseThrow()))
                    .isEqualTo(expected);
        }
    }

    private long deadlocks() throws Exception {
        return database.number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    }

    @Test
    void stormOfTwoNodesLosesNothingAndEndsWithoutADeadlock() throws Exception {
        long before = deadlocks();
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            storm(executor);
        } finally {
            executor.shutdownNow();
        }
        one.close();
        other.close();
        // A server process reports what it saw when it ends, at the latest.
        database.checkNothingLeaked();
        assertThat(deadlocks()).isEqualTo(before);
    }

    @Test
    void virtualThreadsAreNeverPinned(@TempDir Path folder) throws Exception {
        assumeThat(Runtime.version().feature()).as("JDK with virtual threads").isGreaterThanOrEqualTo(21);
        ExecutorService executor = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try {
            // The first run loads classes, which pins and happens once.
            storm(executor);
            sessions.clear();
            for (int i = 0; i < SESSIONS; i++) {
                NewSession session = session(Map.of());
                sessions.add(session);
                one.create(session);
            }
            try (Recording recording = new Recording()) {
                recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
                recording.start();
                storm(executor);
                recording.stop();
                Path file = folder.resolve("pinned.jfr");
                recording.dump(file);
                assertThat(RecordingFile.readAllEvents(file))
                        .extracting(RecordedEvent::toString)
                        .isEmpty();
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
