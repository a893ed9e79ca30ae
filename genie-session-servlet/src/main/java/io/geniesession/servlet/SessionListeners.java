package io.geniesession.servlet;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EventListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of one web application, and values that listen themselves.
 *
 * <p>They are called in the order in which they were added, at the end of a session in the reverse order (Jakarta Servlet
 * 6.1, 11.3.3). Their exceptions are the application's when its own call made the event, as containers do it; at the end of a
 * session all are called and the failures logged. Safe for use by several threads.
 */
final class SessionListeners {

    private static final System.Logger LOG = System.getLogger(SessionListeners.class.getName());

    private final List<HttpSessionListener> sessions = new CopyOnWriteArrayList<>();
    private final List<HttpSessionAttributeListener> attributes = new CopyOnWriteArrayList<>();
    private final List<HttpSessionIdListener> ids = new CopyOnWriteArrayList<>();

    void add(EventListener listener) {
        boolean known = false;
        if (listener instanceof HttpSessionListener ofSessions) {
            sessions.add(ofSessions);
            known = true;
        }
        if (listener instanceof HttpSessionAttributeListener ofAttributes) {
            attributes.add(ofAttributes);
            known = true;
        }
        if (listener instanceof HttpSessionIdListener ofIds) {
            ids.add(ofIds);
            known = true;
        }
        if (!known) {
            throw new IllegalArgumentException(listener.getClass().getName()
                    + " is none of HttpSessionListener, HttpSessionAttributeListener and HttpSessionIdListener; values"
                    + " that implement HttpSessionBindingListener need not be added");
        }
    }

    boolean isEmpty() {
        return sessions.isEmpty() && attributes.isEmpty() && ids.isEmpty();
    }

    void created(HttpSession session) {
        HttpSessionEvent event = new HttpSessionEvent(session);
        sessions.forEach(listener -> listener.sessionCreated(event));
    }

    void idChanged(HttpSession session, String oldId) {
        HttpSessionEvent event = new HttpSessionEvent(session);
        ids.forEach(listener -> listener.sessionIdChanged(event, oldId));
    }

    void bound(HttpSession session, String name, Object value) {
        if (value instanceof HttpSessionBindingListener listener) {
            listener.valueBound(new HttpSessionBindingEvent(session, name, value));
        }
    }

    void unbound(HttpSession session, String name, Object value) {
        if (value instanceof HttpSessionBindingListener listener) {
            listener.valueUnbound(new HttpSessionBindingEvent(session, name, value));
        }
    }

    /** The event of a replacement carries the old value (Jakarta Servlet 6.1, HttpSessionBindingEvent.getValue). */
    void attributeSet(HttpSession session, String name, @Nullable Object old, Object value) {
        if (attributes.isEmpty()) {
            return;
        }
        if (old == null) {
            HttpSessionBindingEvent event = new HttpSessionBindingEvent(session, name, value);
            attributes.forEach(listener -> listener.attributeAdded(event));
        } else {
            HttpSessionBindingEvent event = new HttpSessionBindingEvent(session, name, old);
            attributes.forEach(listener -> listener.attributeReplaced(event));
        }
    }

    void attributeRemoved(HttpSession session, String name, Object old) {
        if (!attributes.isEmpty()) {
            HttpSessionBindingEvent event = new HttpSessionBindingEvent(session, name, old);
            attributes.forEach(listener -> listener.attributeRemoved(event));
        }
    }

    /** First the listeners of the session, which still see the values, then each value's end. */
    void destroyed(HttpSessionView session) {
        HttpSessionEvent event = new HttpSessionEvent(session);
        reversed(sessions, listener -> listener.sessionDestroyed(event));
        for (String name : Collections.list(session.getAttributeNames())) {
            quietly(() -> session.removeAttribute(name));
        }
    }

    private static <T> void reversed(List<T> listeners, Consumer<T> event) {
        List<T> last = new ArrayList<>(listeners);
        Collections.reverse(last);
        last.forEach(listener -> quietly(() -> event.accept(listener)));
    }

    private static void quietly(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "A session listener failed at the end of a session", e);
        }
    }
}
