package io.geniesession;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * A lock that its owner may take again, as the base of what it guards.
 *
 * <p>It does what {@link java.util.concurrent.locks.ReentrantLock} does without the two objects of one, which would be a third
 * of what a request allocates for a session that it only reads. A virtual thread that waits lets go of its carrier, and so
 * does one that holds the lock during a store call. Not fair. Safe for use by several threads.
 */
@SuppressWarnings("serial") // Never serialized; the base class is, by name only.
abstract class SessionLock extends AbstractQueuedSynchronizer {
    /** Waits until no other thread holds the lock, and takes it once more. */
    final void lock() {
        if (compareAndSetState(0, 1)) {
            setExclusiveOwnerThread(Thread.currentThread());
        } else {
            acquire(1);
        }
    }

    /**
     * Gives the lock back once.
     *
     * @throws IllegalMonitorStateException if the calling thread does not hold it
     */
    final void unlock() {
        release(1);
    }

    @Override
    protected final boolean tryAcquire(int once) {
        Thread caller = Thread.currentThread();
        if (getExclusiveOwnerThread() == caller) {
            setState(Math.addExact(getState(), once));
            return true;
        }
        if (compareAndSetState(0, once)) {
            setExclusiveOwnerThread(caller);
            return true;
        }
        return false;
    }

    @Override
    protected final boolean tryRelease(int once) {
        if (getExclusiveOwnerThread() != Thread.currentThread()) {
            throw new IllegalMonitorStateException("The lock is not held by this thread");
        }
        int left = getState() - once;
        if (left == 0) {
            setExclusiveOwnerThread(null);
        }
        setState(left);
        return left == 0;
    }

    @Override
    protected final boolean isHeldExclusively() {
        return getExclusiveOwnerThread() == Thread.currentThread();
    }
}
