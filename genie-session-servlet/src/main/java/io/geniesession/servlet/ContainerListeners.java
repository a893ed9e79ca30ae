package io.geniesession.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextAttributeListener;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EventListener;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session and request listeners that a container has for an application: from {@code @WebListener}, {@code web.xml} and
 * {@code ServletContext.addListener}, by whomever and whenever it was called.
 *
 * <p>The specification has no method that lists them, and a second object of the same class would not do: many listeners hear
 * of the application's start as well and keep what they got then. So the container is asked for the very objects it made. It
 * is asked by reflection, starting at the {@link ServletContext} itself, because some containers hide their classes from
 * applications and because none of them must be needed to load this class.
 */
final class ContainerListeners {

    private static final System.Logger LOG = System.getLogger(ContainerListeners.class.getName());

    private static final String TOMCAT = "org\\.apache\\.catalina\\.core\\.ApplicationContextFacade";

    private static final String JETTY =
            "org\\.eclipse\\.jetty\\..+\\.servlet\\.ServletContextHandler\\$ServletContextApi";

    private static final String UNDERTOW = "io\\.undertow\\.servlet\\.spec\\.ServletContextImpl";

    /** Closes the WebSockets of a session, and can do so with objects of the container's own sessions only. */
    private static final String UNDERTOWS_OWN =
            "io\\.undertow\\.websockets\\.jsr\\.JsrWebSocketFilter\\$LogoutListener";

    /** The kinds of listeners for which Tomcat looks in one list. */
    private static final List<Class<?>> IN_TOMCATS_LIST = List.of(
            ServletRequestListener.class,
            ServletRequestAttributeListener.class,
            ServletContextAttributeListener.class,
            HttpSessionAttributeListener.class,
            HttpSessionIdListener.class);

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
            if (isA(context, TOMCAT)) {
                return Optional.of(ofTomcat(context));
            }
            if (isJetty(context)) {
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

    /**
     * Puts others in the place of the listeners that hear of requests, which nobody has heard of yet.
     *
     * @param context the context as the container hands it out, after the application's listeners were made
     * @param substitute makes the listener that the container calls from now on
     * @return what gives the container its own listeners back, or empty if this container is not known or gives no access
     */
    static Optional<Runnable> replaceOfRequests(
            ServletContext context, UnaryOperator<ServletRequestListener> substitute) {
        try {
            if (isA(context, TOMCAT)) {
                return Optional.of(replaceInTomcat(context, substitute));
            }
            if (isJetty(context)) {
                return Optional.of(replaceInJetty(context, substitute));
            }
            if (isA(context, UNDERTOW)) {
                return Optional.of(replaceInUndertow(context, substitute));
            }
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.DEBUG, "The container's request listeners cannot be reached", e);
        }
        return Optional.empty();
    }

    /** Tomcat has one list for all kinds of events, in which one object may stand for several. */
    private static Runnable replaceInTomcat(ServletContext facade, UnaryOperator<ServletRequestListener> substitute)
            throws ReflectiveOperationException {
        Object context = field(field(facade, "context"), "context");
        Object[] own = (Object[]) call(context, "getApplicationEventListeners");
        Object[] others = own.clone();
        for (int i = 0; i < own.length; i++) {
            if (own[i] instanceof ServletRequestListener listener) {
                others[i] = withOneKindReplaced(listener, substitute.apply(listener));
            }
        }
        setInTomcat(context, others);
        return () -> {
            try {
                setInTomcat(context, own);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static void setInTomcat(Object context, Object[] listeners) throws ReflectiveOperationException {
        context.getClass()
                .getMethod("setApplicationEventListeners", Object[].class)
                .invoke(context, (Object) listeners);
    }

    /** What the container tells of requests goes to the one, everything else to the other. */
    private static EventListener withOneKindReplaced(EventListener all, ServletRequestListener ofRequests) {
        Class<?>[] kinds =
                IN_TOMCATS_LIST.stream().filter(kind -> kind.isInstance(all)).toArray(Class<?>[]::new);
        if (kinds.length == 1) {
            return ofRequests;
        }
        return (EventListener) Proxy.newProxyInstance(
                ContainerListeners.class.getClassLoader(), kinds, (proxy, method, arguments) -> {
                    Object target = method.getDeclaringClass() == ServletRequestListener.class ? ofRequests : all;
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @SuppressWarnings("unchecked")
    private static Runnable replaceInJetty(ServletContext context, UnaryOperator<ServletRequestListener> substitute)
            throws ReflectiveOperationException {
        List<ServletRequestListener> listeners =
                (List<ServletRequestListener>) field(call(context, "getContextHandler"), "_servletRequestListeners");
        List<ServletRequestListener> own = List.copyOf(listeners);
        listeners.replaceAll(substitute);
        return () -> {
            listeners.clear();
            listeners.addAll(own);
        };
    }

    /** Undertow makes all of it anew when the application starts again. */
    private static Runnable replaceInUndertow(ServletContext context, UnaryOperator<ServletRequestListener> substitute)
            throws ReflectiveOperationException {
        Object listeners = call(call(context, "getDeployment"), "getApplicationListeners");
        Object managed = field(listeners, "servletRequestListeners");
        Class<?> type = managed.getClass().getComponentType();
        for (int i = 0; i < Array.getLength(managed); i++) {
            ServletRequestListener own = (ServletRequestListener) call(Array.get(managed, i), "instance");
            Array.set(managed, i, managedByUndertow(type, substitute.apply(own)));
        }
        return () -> {};
    }

    private static Object managedByUndertow(Class<?> type, ServletRequestListener listener)
            throws ReflectiveOperationException {
        ClassLoader loader = type.getClassLoader();
        Class<?> factoryType = Class.forName("io.undertow.servlet.api.InstanceFactory", true, loader);
        Object factory = Class.forName("io.undertow.servlet.util.ImmediateInstanceFactory", true, loader)
                .getConstructor(Object.class)
                .newInstance(listener);
        Class<?> infoType = Class.forName("io.undertow.servlet.api.ListenerInfo", true, loader);
        Object info = infoType.getConstructor(Class.class, factoryType).newInstance(listener.getClass(), factory);
        Object managed = type.getConstructor(infoType, boolean.class).newInstance(info, true);
        type.getMethod("start").invoke(managed);
        return managed;
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
            Object listener = call(managed, "instance");
            if (!isA(listener, UNDERTOWS_OWN)) {
                all.add(listener);
            }
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

    static boolean isJetty(ServletContext context) {
        return isA(context, JETTY);
    }

    private static boolean isA(Object object, String className) {
        Class<?> type = object.getClass();
        while (type != null && !type.getName().matches(className)) {
            type = type.getSuperclass();
        }
        return type != null;
    }

    static Object call(Object object, String method) throws ReflectiveOperationException {
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
