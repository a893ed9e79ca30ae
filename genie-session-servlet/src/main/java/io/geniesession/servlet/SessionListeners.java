package io.geniesession.servlet;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EventListener;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of one web application, and values that listen themselves.
 *
 * <p>They are called in the order of their registration, first those of the container and then those added here, at the
 * end of a session in the reverse order (Jakarta Servlet 6.1, 11.3.3). Their exceptions are the application's when its own
 * call made the event, as containers do it; at the end of a session all are called and the failures logged. Safe for use by several threads.
 */
final class SessionListeners {

    private static final System.Logger LOG = System.getLogger(SessionListeners.class.getName());

    private final List<HttpSessionListener> sessions = new CopyOnWriteArrayList<>();
    private final List<HttpSessionAttributeListener> attributes = new CopyOnWriteArrayList<>();
    private final List<HttpSessionIdListener> ids = new CopyOnWriteArrayList<>();

    void add(EventListener listener) {
        boolean known = false;
        if (listener instanceof HttpSessionListener ofSessions) {
            addOfSessions(ofSessions);
            known = true;
        }
        if (listener instanceof HttpSessionAttributeListener ofAttributes) {
            addOfAttributes(ofAttributes);
            known = true;
        }
        if (listener instanceof HttpSessionIdListener ofIds) {
            addOfIds(ofIds);
            known = true;
        }
        if (!known) {
            throw new IllegalArgumentException(listener.getClass().getName()
                    + " is none of HttpSessionListener, HttpSessionAttributeListener and HttpSessionIdListener; values"
                    + " that implement HttpSessionBindingListener or HttpSessionActivationListener need not be added");
        }
    }

    static boolean isListener(Class<?> type) {
        return HttpSessionListener.class.isAssignableFrom(type)
                || HttpSessionAttributeListener.class.isAssignableFrom(type)
                || HttpSessionIdListener.class.isAssignableFrom(type);
    }

    void addOfSessions(HttpSessionListener listener) {
        addOnce(sessions, listener);
    }

    void addOfAttributes(HttpSessionAttributeListener listener) {
        addOnce(attributes, listener);
    }

    void addOfIds(HttpSessionIdListener listener) {
        addOnce(ids, listener);
    }

    /** The same object may have been given to the container and to us. */
    private static <T> void addOnce(List<T> listeners, T added) {
        for (T present : listeners) {
            if (present == added) {
                return;
            }
        }
        listeners.add(added);
    }

    /** Puts the container's listeners before those that were added here. */
    void startWith(SessionListeners first) {
        startWith(first.sessions, sessions);
        startWith(first.attributes, attributes);
        startWith(first.ids, ids);
    }

    private static <T> void startWith(List<T> first, List<T> listeners) {
        List<T> added = List.copyOf(listeners);
        listeners.clear();
        listeners.addAll(first);
        added.forEach(listener -> addOnce(listeners, listener));
    }

    /** Whether anybody hears of values: at the end of a session those of its attributes are needed then. */
    boolean hearOfValues() {
        return !sessions.isEmpty() || !attributes.isEmpty();
    }

    boolean hearOfIds() {
        return !ids.isEmpty();
    }

    /** The classes that were added or found. */
    Set<Class<?>> classes() {
        Set<Class<?>> classes = new HashSet<>();
        Stream.of(sessions, attributes, ids)
                .flatMap(List::stream)
                .forEach(listener -> classes.add(listener.getClass()));
        return classes;
    }

    void created(HttpSession session) {
        HttpSessionEvent event = new HttpSessionEvent(session);
        sessions.forEach(listener -> listener.sessionCreated(event));
    }

    void idChanged(HttpSession session, String oldId) {
        HttpSessionEvent event = new HttpSessionEvent(session);
        ids.forEach(listener -> listener.sessionIdChanged(event, oldId));
    }

    /** The value is about to be stored as bytes. What it throws keeps nothing from being stored. */
    static void willPassivate(HttpSession session, HttpSessionActivationListener value) {
        quietly(() -> value.sessionWillPassivate(new HttpSessionEvent(session)));
    }

    /** The value was made from stored bytes, or is used again after it was stored. */
    static void didActivate(HttpSession session, HttpSessionActivationListener value) {
        quietly(() -> value.sessionDidActivate(new HttpSessionEvent(session)));
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
            Object last = session.take(name);
            if (last != null) {
                quietly(() -> unbound(session, name, last));
                HttpSessionBindingEvent removal = new HttpSessionBindingEvent(session, name, last);
                attributes.forEach(listener -> quietly(() -> listener.attributeRemoved(removal)));
            }
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
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            LOG.log(System.Logger.Level.WARNING, "A session listener failed", e);
        }
    }
}
