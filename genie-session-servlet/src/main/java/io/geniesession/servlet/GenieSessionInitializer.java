package io.geniesession.servlet;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionStoreException;
import io.geniesession.Sessions;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.HandlesTypes;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Installs sessions when a web application starts, which is why putting the artifacts on its class path is all it does. The
 * container finds this class by itself (Jakarta Servlet 6.1, 8.2.4).
 *
 * <p>Session listeners that the container knows, however they were registered, hear of our sessions. The application's classes
 * are looked through for values that listen themselves, to know whether the values of ended sessions are wanted, and for
 * listeners, to name them in a warning if the container gives no access to those it has made.
 *
 * <p>Safe for use by several threads.
 */
@HandlesTypes({
    HttpSessionListener.class,
    HttpSessionAttributeListener.class,
    HttpSessionIdListener.class,
    HttpSessionBindingListener.class
})
public final class GenieSessionInitializer implements ServletContainerInitializer {

    /** Creates an initializer; the container does. */
    public GenieSessionInitializer() {}

    /**
     * Installs sessions, unless that has been done or {@code genie.session.servlet.enabled} is false.
     *
     * @param listeners the application's classes that have to do with sessions; null if there are none
     * @param context the application
     * @throws ServletException if a setting is wrong or the store does not answer; the message says how to mend it
     */
    @Override
    public void onStartup(@Nullable Set<Class<?>> listeners, ServletContext context) throws ServletException {
        if (GenieSessions.isInstalled(context)) {
            return;
        }
        try {
            Sessions.Builder builder = GenieSessions.configured(context, builder(context.getClassLoader()));
            if (builder.config().settings().get(ServletSettings.ENABLED)) {
                GenieSessions.install(context, builder, valuesMayListen(listeners), ofSessions(listeners));
            }
        } catch (SessionConfigException | SessionStoreException e) {
            throw new ServletException("Sessions cannot be opened: " + e.getMessage(), e);
        }
    }

    /** A container that looked for classes hands in null if it found none, or the set; who did not look, an empty set. */
    private static boolean valuesMayListen(@Nullable Set<Class<?>> listeners) {
        return listeners != null
                && (listeners.isEmpty()
                        || listeners.stream().anyMatch(HttpSessionBindingListener.class::isAssignableFrom));
    }

    private static Set<Class<?>> ofSessions(@Nullable Set<Class<?>> listeners) {
        Set<Class<?>> found = new HashSet<>(listeners == null ? Set.of() : listeners);
        found.removeIf(type ->
                type.isInterface() || Modifier.isAbstract(type.getModifiers()) || !SessionListeners.isListener(type));
        return found;
    }

    /** An embedded context may have no class loader of its own. */
    private static Sessions.Builder builder(@Nullable ClassLoader loader) {
        Sessions.Builder builder = Sessions.builder();
        return loader == null ? builder : builder.classLoader(loader);
    }
}
