package io.geniesession.servlet;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionStoreException;
import io.geniesession.Sessions;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.HandlesTypes;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Installs sessions when a web application starts, which is why putting the artifacts on its class path is all it does. The
 * container finds this class by itself (Jakarta Servlet 6.1, 8.2.4).
 *
 * <p>The application's classes are looked through for session listeners, to know whether the values of ended sessions are
 * wanted. Listeners that the container instantiates hear of the container's sessions only; a warning names them. See
 * {@link GenieSessions#addListener}.
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

    private static final System.Logger LOG = System.getLogger(GenieSessionInitializer.class.getName());

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
        Set<Class<?>> found = listeners == null ? Set.of() : listeners;
        try {
            Sessions.Builder builder = GenieSessions.configured(context, builder(context.getClassLoader()));
            if (builder.config().settings().get(ServletSettings.ENABLED)) {
                GenieSessions.install(context, builder, !found.isEmpty());
                warnOf(found);
            }
        } catch (SessionConfigException | SessionStoreException e) {
            throw new ServletException("Sessions cannot be opened: " + e.getMessage(), e);
        }
    }

    /** An embedded context may have no class loader of its own. */
    private static Sessions.Builder builder(@Nullable ClassLoader loader) {
        Sessions.Builder builder = Sessions.builder();
        return loader == null ? builder : builder.classLoader(loader);
    }

    private static void warnOf(Set<Class<?>> listeners) {
        Set<String> unheard = new TreeSet<>();
        for (Class<?> type : listeners) {
            if (type.isAnnotationPresent(WebListener.class)
                    && !HttpSessionBindingListener.class.isAssignableFrom(type)) {
                unheard.add(type.getName());
            }
        }
        if (!unheard.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The container does not tell these listeners of sessions kept outside of it: {0}. Add them with"
                            + " GenieSessions.addListener",
                    String.join(", ", unheard));
        }
    }
}
