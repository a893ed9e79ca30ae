package io.geniesession;

import io.geniesession.spi.EndedSession;
import io.geniesession.spi.SessionAdapter.Detail;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells listeners and the meter. Whatever they throw is logged and changes nothing for the request. Safe for use by several
 * threads.
 */
final class Notifier {
    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());

    private final List<SessionListener> listeners;
    private final SessionMeter meter;
    private final boolean metered;

    /** @param meter what counts, or {@link #NO_METER} */
    Notifier(List<SessionListener> listeners, SessionMeter meter) {
        this.listeners = new CopyOnWriteArrayList<>(listeners);
        this.meter = meter;
        this.metered = meter != NO_METER;
    }

    void add(SessionListener listener) {
        listeners.add(listener);
    }

    void remove(SessionListener listener) {
        listeners.remove(listener);
    }

    /** Stands for a meter that was not set, so that nothing is measured for it. */
    static final SessionMeter NO_METER = new SessionMeter() {};

    boolean isMetered() {
        return metered;
    }

    /** What listeners want to know of sessions that end now. */
    Detail detail() {
        for (SessionListener listener : listeners) {
            if (wantsAttributes(listener)) {
                return Detail.ATTRIBUTES;
            }
        }
        return Detail.METADATA;
    }

    private static boolean wantsAttributes(SessionListener listener) {
        try {
            return listener.wantsAttributes();
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            logFailure(e);
            return false;
        }
    }

    void created(SessionInfo session) {
        meter(SessionMeter::created);
        tell(listener -> listener.created(session));
    }

    void renewed(SessionInfo session, String formerPublicId) {
        tell(listener -> listener.renewed(session, formerPublicId));
    }

    void ended(EndedSession ended, SessionRuntime runtime) {
        tell(listener -> listener.ended(new Ended(ended, runtime)));
    }

    void formerIdRefused(SessionInfo session, String formerPublicId) {
        tell(listener -> listener.formerIdRefused(session, formerPublicId));
    }

    /** A persist with changes found its session ended. */
    void changesLost(SessionInfo session) {
        tell(listener -> listener.changesLost(session));
    }

    void undecodable(String attribute) {
        meter(m -> m.undecodable(attribute));
    }

    void meter(Consumer<SessionMeter> count) {
        if (metered) {
            quietly(() -> count.accept(meter));
        }
    }

    private void tell(Consumer<SessionListener> event) {
        for (SessionListener listener : listeners) {
            quietly(() -> event.accept(listener));
        }
    }

    private static void quietly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            logFailure(e);
        }
    }

    private static void logFailure(Throwable e) {
        LOG.log(System.Logger.Level.WARNING, "A session listener or meter failed", e);
    }

    /** An ended session whose attributes are decoded when a listener asks. */
    private record Ended(EndedSession ended, SessionRuntime runtime) implements SessionEnd {
        @Override
        public SessionInfo session() {
            return ended.info();
        }

        @Override
        public EndReason reason() {
            return ended.reason();
        }

        @Override
        public Set<String> names() {
            return ended.attributes().keySet();
        }

        @Override
        public Optional<Object> get(String name) {
            return Optional.ofNullable(ended.attributes().get(name)).flatMap(value -> {
                try {
                    return Optional.of(
                            LiveValue.objectOf(name, value, ended.info().key(), runtime));
                } catch (SessionCodecException e) {
                    runtime.notifier().undecodable(name);
                    return Optional.empty();
                }
            });
        }

        /** Names the session and the reason, not the attributes. */
        @Override
        public String toString() {
            return "SessionEnd[" + ended.info() + ", " + ended.reason() + "]";
        }
    }
}
