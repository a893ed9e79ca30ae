package io.geniesession.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session listeners that a container has for an application: from {@code @WebListener}, {@code web.xml} and
 * {@code ServletContext.addListener}, by whomever and whenever it was called.
 *
 * <p>The specification has no method that lists them, and a second object of the same class would not do: many listeners hear
 * of the application's start as well and keep what they got then. So the container is asked for the very objects it made. It
 * is asked by reflection, starting at the {@link ServletContext} itself, because some containers hide their classes from
 * applications and because none of them must be needed to load this class.
 */
final class ContainerListeners {

    private static final System.Logger LOG = System.getLogger(ContainerListeners.class.getName());

    private static final String UNDERTOW = "io\\.undertow\\.servlet\\.spec\\.ServletContextImpl";

    private ContainerListeners() {}

    /**
     * Returns whether the container has made all listeners when our own hears that the context is initialized, and starts
     * filters later, perhaps with the first request only.
     *
     * @param context the context as the container hands it out
     */
    static boolean startsFiltersLate(ServletContext context) {
        return isA(context, UNDERTOW);
    }

    /**
     * Returns the listeners, each kind in the order in which the container calls it.
     *
     * @param context the context as the container hands it out, after the application's listeners were made
     * @return the listeners, or empty if this container is not known or gives no access
     */
    static Optional<SessionListeners> of(ServletContext context) {
        try {
            if (isA(context, "org\\.apache\\.catalina\\.core\\.ApplicationContextFacade")) {
                return Optional.of(ofTomcat(context));
            }
            if (isA(context, "org\\.eclipse\\.jetty\\..+\\.servlet\\.ServletContextHandler\\$ServletContextApi")) {
                return Optional.of(ofJetty(context));
            }
            if (isA(context, UNDERTOW)) {
                return Optional.of(ofUndertow(context));
            }
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.DEBUG, "The container's session listeners cannot be read", e);
        }
        return Optional.empty();
    }

    /** Tomcat keeps those that hear of beginnings and ends apart from the others. */
    private static SessionListeners ofTomcat(ServletContext facade) throws ReflectiveOperationException {
        Object context = field(field(facade, "context"), "context");
        List<?> lifecycle = Arrays.asList((Object[]) call(context, "getApplicationLifecycleListeners"));
        List<?> events = Arrays.asList((Object[]) call(context, "getApplicationEventListeners"));
        return listeners(lifecycle, events);
    }

    /** Jetty's context hands them on to its session handler; whoever embeds it may also add to that one alone. */
    private static SessionListeners ofJetty(ServletContext context) throws ReflectiveOperationException {
        Object handler = call(context, "getContextHandler");
        List<Object> all = new ArrayList<>((List<?>) call(handler, "getEventListeners"));
        Object sessions = handler.getClass().getMethod("getSessionHandler").invoke(handler);
        if (sessions != null) {
            all.addAll((List<?>) call(sessions, "getEventListeners"));
        }
        return listeners(all, all);
    }

    private static SessionListeners ofUndertow(ServletContext context) throws ReflectiveOperationException {
        Object deployment = call(context, "getDeployment");
        List<Object> all = new ArrayList<>();
        for (Object managed : (List<?>) field(call(deployment, "getApplicationListeners"), "allListeners")) {
            all.add(call(managed, "instance"));
        }
        return listeners(all, all);
    }

    private static SessionListeners listeners(List<?> lifecycle, List<?> events) {
        SessionListeners found = new SessionListeners();
        only(lifecycle, HttpSessionListener.class).forEach(found::addOfSessions);
        only(events, HttpSessionAttributeListener.class).forEach(found::addOfAttributes);
        only(events, HttpSessionIdListener.class).forEach(found::addOfIds);
        return found;
    }

    private static <T> Stream<T> only(List<?> listeners, Class<T> kind) {
        return listeners.stream().filter(kind::isInstance).map(kind::cast);
    }

    private static boolean isA(Object object, String className) {
        Class<?> type = object.getClass();
        while (type != null && !type.getName().matches(className)) {
            type = type.getSuperclass();
        }
        return type != null;
    }

    private static Object call(Object object, String method) throws ReflectiveOperationException {
        return present(object.getClass().getMethod(method).invoke(object), method);
    }

    private static Object field(Object object, String name) throws ReflectiveOperationException {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return present(field.get(object), name);
                }
            }
        }
        throw new NoSuchFieldException(object.getClass().getName() + "." + name);
    }

    private static Object present(@Nullable Object value, String name) throws ReflectiveOperationException {
        if (value == null) {
            throw new ReflectiveOperationException(name + " is null");
        }
        return value;
    }
}
