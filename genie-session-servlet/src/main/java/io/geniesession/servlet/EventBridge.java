package io.geniesession.servlet;

import io.geniesession.Session;
import io.geniesession.SessionEnd;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.SessionListener;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Hears of sessions that end or get a new id, each once across all nodes, and tells the web application's listeners, unless the
 * request that makes it happen is about to do it with the very objects it has.
 *
 * <p>What happens before the container has made its listeners is kept for them. Safe for use by several threads.
 */
final class EventBridge implements SessionListener {

    private static final System.Logger LOG = System.getLogger(EventBridge.class.getName());

    /** A session that the current thread ends itself, and whose end it tells itself. */
    private static final class Own {
        final SessionKey key;
        boolean ended;

        Own(SessionKey key) {
            this.key = key;
        }
    }

    /** Of this web application alone: another one that shares the sessions hears of the end by its own bridge. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable Own> ends = new ThreadLocal<>();

    /** The public ids to come whose renewals requests of this web application tell themselves. */
    private final Set<String> leftToRequests = ConcurrentHashMap.newKeySet();

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
        // One that may have been stored, because the store's answer was lost, is ended there too.
        boolean nobodyElses = !session.isStored();
        Own own = new Own(session.key());
        Own outer = ends.get();
        ends.set(own);
        try {
            session.invalidate();
        } catch (RuntimeException e) {
            if (!own.ended) {
                throw e;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A session has ended, but the client's cookie, which opens nothing any more, could not be removed",
                    e);
        } finally {
            // A listener that hears of one end may make another.
            if (outer == null) {
                ends.remove();
            } else {
                ends.set(outer);
            }
        }
        return nobodyElses || own.ended;
    }

    /** The renewal that stores this id is told by the request that makes it, whoever persists it. */
    void leaveToRequest(String newPublicId) {
        leftToRequests.add(newPublicId);
    }

    /** The request is over; what it has not stored will not be. */
    void forget(Collection<String> newPublicIds) {
        newPublicIds.forEach(leftToRequests::remove);
    }

    @Override
    public void ended(SessionEnd end) {
        Own own = ends.get();
        if (own != null && own.key.equals(end.session().key())) {
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
        boolean toldElsewhere = leftToRequests.remove(session.publicId());
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
