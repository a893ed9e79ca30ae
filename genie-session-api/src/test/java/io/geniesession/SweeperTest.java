package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SweeperTest {
    private final SettableTime time = new SettableTime();
    private final BytesAdapter store = new BytesAdapter();
    private final List<String> counted = new CopyOnWriteArrayList<>();
    private final Semaphore turns = new Semaphore(0);

    private final class Meter implements SessionMeter {
        @Override
        public void swept(int removed, boolean backlog) {
            counted.add("swept " + removed + (backlog ? ", more to come" : ""));
            turns.release();
        }

        @Override
        public void failed(boolean outcomeUnknown) {
            counted.add("failed");
            turns.release();
        }
    }

    private Sessions open(String... settings) {
        Sessions.Builder builder =
                Sessions.builder().adapter(store).clock(time).meter(new Meter()).set("genie.session.sweep-rest", "0");
        for (int i = 0; i < settings.length; i += 2) {
            builder.set(settings[i], settings[i + 1]);
        }
        return builder.open();
    }

    private void expired(Sessions sessions, int count) {
        for (int i = 0; i < count; i++) {
            sessions.create().set("a", i).persist();
        }
        time.advance(Duration.ofHours(1));
    }

    private void awaitTurn() throws InterruptedException {
        assertThat(turns.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("genie-session-sweeper"))
                .toList();
    }

    @Test
    void oneTurnSweepsBatchAfterBatch() {
        try (Sessions sessions = open("genie.session.sweep", "false", "genie.session.sweep-batch", "2")) {
            expired(sessions, 5);
            assertThat(sessions.sweep()).isEqualTo(5);
            assertThat(store.sweeps).isEqualTo(3);

            expired(sessions, 2);
            assertThat(sessions.sweep()).isEqualTo(2);
            assertThat(store.sweeps).as("one more, to see that nothing is left").isEqualTo(5);
            assertThat(counted).containsExactly("swept 5", "swept 2");
        }
    }

    @Test
    void nothingIsSweptAfterTheEnd() {
        Sessions sessions = open("genie.session.sweep", "false");
        expired(sessions, 1);
        sessions.close();
        assertThat(sessions.sweep()).isZero();
        assertThat(store.sweeps).isZero();
    }

    @Test
    void threadSweepsAgainAndAgainWhateverHappensAndEndsWithItsSessions() throws Exception {
        store.failWith(new SessionStoreException("down", null, false, null));
        try (Sessions sessions = open("genie.session.sweep-interval", "1s")) {
            assertThat(threads()).singleElement().matches(Thread::isDaemon);
            awaitTurn();
            store.failWith(null);
            expired(sessions, 1);
            while (!counted.contains("swept 1")) {
                awaitTurn();
            }
            assertThat(counted.get(0)).isEqualTo("failed");
        }
        assertThat(threads()).isEmpty();
    }

    @Test
    void closingDoesNotWaitForTheNextTurn() {
        Sessions sessions = open("genie.session.sweep-interval", "1d");
        Thread sweeper = threads().get(0);
        while (sweeper.getState() != Thread.State.TIMED_WAITING) {
            assertThat(sweeper.isAlive()).isTrue();
        }
        long start = System.nanoTime();
        sessions.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(threads()).isEmpty();
    }

    @Test
    void interruptEndsTheThread() throws Exception {
        try (Sessions sessions = open("genie.session.sweep-interval", "1d")) {
            Thread sweeper = threads().get(0);
            sweeper.interrupt();
            sweeper.join();
            assertThat(sessions.sweep()).isZero();
        }
    }

    @Test
    void withoutSweepingThereIsNoThread() {
        try (Sessions sessions = open("genie.session.sweep", "false")) {
            assertThat(sessions.config().sweep()).isFalse();
            assertThat(threads()).isEmpty();
        }
    }
}
