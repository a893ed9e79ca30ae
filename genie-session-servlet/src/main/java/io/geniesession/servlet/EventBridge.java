package io.geniesession.servlet;

import io.geniesession.Session;
import io.geniesession.SessionEnd;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.SessionListener;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hears of sessions that end or get a new id, each once across all nodes, and tells the web application's listeners, unless the
 * request that makes it happen is about to do it with the very objects it has.
 *
 * <p>What happens before the container has made its listeners is kept for them. Safe for use by several threads.
 */
final class EventBridge implements SessionListener {

    /** What the current thread does itself to a session, and tells itself. */
    private static final ThreadLocal<@Nullable Own> OWN = new ThreadLocal<>();

    private static final class Own {
        final SessionKey key;
        final boolean ends;
        boolean ended;

        Own(SessionKey key, boolean ends) {
            this.key = key;
            this.ends = ends;
        }
    }

    private final boolean valuesMayListen;

    /** The web application; null until its listeners are known. */
    private volatile @Nullable SessionBinding binding;

    /** What is to be told then. Guarded by this object. */
    private final List<SessionEnd> early = new ArrayList<>();

    /**
     * Creates a bridge that leads nowhere yet.
     *
     * @param valuesMayListen whether there may be values that listen themselves
     */
    EventBridge(boolean valuesMayListen) {
        this.valuesMayListen = valuesMayListen;
    }

    /** The listeners are known now. */
    void open(SessionBinding application) {
        List<SessionEnd> waiting;
        synchronized (this) {
            binding = application;
            waiting = List.copyOf(early);
            early.clear();
        }
        waiting.forEach(end -> inContext(application.context(), () -> tell(application, end)));
    }

    /** Whether anybody may look at the values of a session that ends. */
    @Override
    public boolean wantsAttributes() {
        SessionBinding application = binding;
        return valuesMayListen || application == null || application.listeners().hearOfValues();
    }

    /**
     * Ends a session whose end the caller tells.
     *
     * @return whether this call is the one to tell of it: another node may have ended the session first
     */
    boolean end(Session session) {
        if (!session.isStored()) {
            session.invalidate();
            return true;
        }
        return during(new Own(session.key(), true), own -> {
            session.invalidate();
            return own.ended;
        });
    }

    /** Persists a session whose new id the caller tells. */
    <T> T renew(Session session, Supplier<T> action) {
        SessionBinding application = binding;
        return application == null || !application.listeners().hearOfIds()
                ? action.get()
                : during(new Own(session.key(), false), own -> action.get());
    }

    private interface Doing<T> {
        T apply(Own own);
    }

    private static <T> T during(Own own, Doing<T> action) {
        Own outer = OWN.get();
        OWN.set(own);
        try {
            return action.apply(own);
        } finally {
            // A listener that hears of one event may make another.
            if (outer == null) {
                OWN.remove();
            } else {
                OWN.set(outer);
            }
        }
    }

    @Override
    public void ended(SessionEnd end) {
        Own own = OWN.get();
        if (own != null && own.ends && own.key.equals(end.session().key())) {
            own.ended = true;
            return;
        }
        SessionBinding application;
        synchronized (this) {
            application = binding;
            if (application == null) {
                early.add(end);
                return;
            }
        }
        inContext(application.context(), () -> tell(application, end));
    }

    private static void tell(SessionBinding application, SessionEnd end) {
        EndedSource last = EndedSource.of(end);
        try {
            application.listeners().destroyed(application.view(last));
        } finally {
            last.over();
        }
    }

    @Override
    public void renewed(SessionInfo session, String formerPublicId) {
        SessionBinding application = binding;
        Own own = OWN.get();
        boolean toldElsewhere = own != null && !own.ends && own.key.equals(session.key());
        if (toldElsewhere || application == null || !application.listeners().hearOfIds()) {
            return;
        }
        application
                .sessions()
                .peek(session.key())
                .ifPresent(live -> inContext(
                        application.context(),
                        () -> application.listeners().idChanged(application.view(live), formerPublicId)));
    }

    /** Listeners expect the application's class loader; the thread may be that of the sweeper. */
    private static void inContext(ServletContext context, Runnable action) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ClassLoader own = context.getClassLoader();
        thread.setContextClassLoader(own == null ? before : own);
        try {
            action.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
