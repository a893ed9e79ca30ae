package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30) // a lock that does not work leaves threads waiting
class SessionLockTest {
    @SuppressWarnings("serial")
    private static final class Guarded extends SessionLock {}

    private final SessionLock lock = new Guarded();
    private int counter;

    @Test
    void ownerTakesItAgainAndGivesItBackAsOften() throws Exception {
        lock.lock();
        lock.lock();
        lock.unlock();
        CountDownLatch entered = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            lock.lock();
            entered.countDown();
            lock.unlock();
        });
        other.start();
        while (!lock.hasQueuedThreads() && other.isAlive()) {
            Thread.onSpinWait();
        }
        assertThat(entered.getCount()).isOne();

        lock.unlock();

        other.join();
        assertThat(entered.getCount()).isZero();
    }

    @Test
    void isUntouchedUntilItIsTakenForTheFirstTime() {
        assertThat(lock.isUntouched()).isTrue();

        lock.lock();
        assertThat(lock.isUntouched()).isFalse();
        lock.unlock();

        assertThat(lock.isUntouched()).isFalse();
        lock.lock();
        lock.unlock();
        assertThat(lock.isUntouched()).isFalse();
    }

    @Test
    void threadsTakeTurns() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Future<?>[] all = new Future<?>[4];
            for (int i = 0; i < all.length; i++) {
                all[i] = threads.submit(() -> {
                    for (int turn = 0; turn < 10_000; turn++) {
                        countUp();
                    }
                });
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(counter).isEqualTo(40_000);
    }

    private void countUp() {
        lock.lock();
        try {
            counter++;
        } finally {
            lock.unlock();
        }
    }

    @Test
    void onlyTheOwnerGivesItBack() throws Exception {
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        Thread other = new Thread(lock::lock);
        other.start();
        other.join();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }
}
