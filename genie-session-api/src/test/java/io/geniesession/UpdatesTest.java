package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When an atomic update waits, and when it gives up. */
@Timeout(60)
class UpdatesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration FOR_EVER = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofMillis(50);

    private final SessionKey key = SessionKey.generate(NOW);
    private final AtomicInteger attempts = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    /** Lets another thread have the session's turn until {@link #mayEnd}. */
    private Future<String> occupy(Updates updates) throws InterruptedException {
        Future<String> holder = threads.submit(() -> updates.run(key, () -> {
            begun.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "first";
        }));
        begun.await();
        return holder;
    }

    private String attempt() {
        attempts.incrementAndGet();
        return "done";
    }

    @Test
    void conflictIsFollowedByAnotherAttempt() {
        String result = new Updates(FOR_EVER).run(key, () -> attempts.incrementAndGet() < 4 ? null : "done");

        assertThat(result).isEqualTo("done");
        assertThat(attempts).hasValue(4);
    }

    @Test
    void updateThatAlwaysConflictsGivesUpAtItsDeadline() {
        long start = System.nanoTime();

        assertThatExceptionOfType(SessionConflictException.class)
                .isThrownBy(() -> new Updates(Duration.ofMillis(200)).run(key, () -> {
                    attempts.incrementAndGet();
                    return null;
                }))
                .withMessageContaining("gave up after 200 ms in conflict with writers on other nodes")
                .withMessageContaining("genie.session.update-deadline");

        // The pause that would have passed the deadline is 64 ms at most.
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(130), Duration.ofSeconds(20));
        assertThat(attempts).hasValueGreaterThan(1);
    }

    @Test
    void updateThatDoesNotGetItsTurnInTimeIsNotBegun() throws Exception {
        Updates updates = new Updates(SOON);
        Future<String> holder = occupy(updates);

        assertThatExceptionOfType(SessionConflictException.class)
                .isThrownBy(() -> updates.run(key, this::attempt))
                .withMessageContaining("gave up after 50 ms waiting for other updates of this node");

        assertThat(attempts).hasValue(0);
        mayEnd.countDown();
        assertThat(holder.get()).isEqualTo("first");
        assertThat(updates.run(key, this::attempt)).isEqualTo("done");
    }

    @Test
    void updateThatIsInterruptedWhileItWaitsForItsTurnIsNotBegunAndKeepsTheInterrupt() throws Exception {
        Updates updates = new Updates(FOR_EVER);
        Future<String> holder = occupy(updates);

        assertInterrupted(() -> {
            Thread.currentThread().interrupt();
            updates.run(key, this::attempt);
        });

        assertThat(attempts).hasValue(0);
        mayEnd.countDown();
        assertThat(holder.get()).isEqualTo("first");
    }

    @Test
    void updateThatIsInterruptedInAConflictIsNotRepeatedAndKeepsTheInterrupt() throws Exception {
        Updates updates = new Updates(FOR_EVER);

        assertInterrupted(() -> updates.run(key, () -> {
            attempts.incrementAndGet();
            Thread.currentThread().interrupt();
            return null;
        }));

        assertThat(attempts).hasValue(1);
        assertThat(threads.submit(() -> updates.run(key, this::attempt)).get()).isEqualTo("done");
    }

    private static void assertInterrupted(Runnable update) {
        assertThatExceptionOfType(SessionConflictException.class)
                .isThrownBy(update::run)
                .withMessageContaining("interrupted");
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }

    @Test
    void updateThatFailsLeavesItsTurnToTheNext() throws Exception {
        Updates updates = new Updates(SOON);

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> updates.run(key, () -> {
                    throw new IllegalStateException("of the application");
                }));

        assertThat(threads.submit(() -> updates.run(key, this::attempt)).get()).isEqualTo("done");
    }

    @Test
    void sessionsOfDifferentQueuesDoNotWaitForEachOther() throws Exception {
        Updates updates = new Updates(FOR_EVER);
        Future<String> holder = occupy(updates);
        SessionKey other = SessionKey.generate(NOW);
        while ((other.hashCode() & 255) == (key.hashCode() & 255)) {
            other = SessionKey.generate(NOW);
        }

        assertThat(updates.run(other, this::attempt)).isEqualTo("done");

        mayEnd.countDown();
        assertThat(holder.get()).isEqualTo("first");
    }
}
