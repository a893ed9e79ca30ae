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
    /** The state of a lock that was taken before and is free now; one more for each time that its owner has taken it. */
    private static final int FREE = 1;

    /**
     * Tells whether nobody has taken the lock yet. Then what it guards is as the construction left it, or was at the moment of
     * the call; so whoever needs to know no more than that, and looks at final fields only, needs no lock.
     */
    final boolean isUntouched() {
        return getState() == 0;
    }

    /** Waits until no other thread holds the lock, and takes it once more. */
    final void lock() {
        if (takeFree(1)) {
            setExclusiveOwnerThread(Thread.currentThread());
        } else {
            acquire(1);
        }
    }

    private boolean takeFree(int once) {
        int free = getState();
        return free <= FREE && compareAndSetState(free, FREE + once);
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
        if (takeFree(once)) {
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
        boolean isFree = left == FREE;
        if (isFree) {
            setExclusiveOwnerThread(null);
        }
        setState(left);
        return isFree;
    }

    @Override
    protected final boolean isHeldExclusively() {
        return getExclusiveOwnerThread() == Thread.currentThread();
    }
}
