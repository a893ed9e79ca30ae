package io.geniesession.servlet;

import static java.util.Objects.requireNonNull;

import io.geniesession.Session;
import io.geniesession.SessionConfigException;
import io.geniesession.Sessions;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.EnumSet;
import java.util.EventListener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in a servlet context: how to install them where {@link GenieSessionInitializer} does not, and how to reach what
 * {@code HttpSession} does not have.
 *
 * <p>At a sign-in, say who it is; that also renews the session's id:
 *
 * <pre>{@code
 * GenieSessions.session(request).setPrincipal(user.name());
 * }</pre>
 *
 * <p>{@code HttpServletRequest.login} and {@code getUserPrincipal} are left to the container and know nothing of it.
 *
 * <p>Safe for use by several threads.
 */
public final class GenieSessions {

    static final String FILTER = "GenieSessionFilter";

    private GenieSessions() {}

    /**
     * Installs sessions in a servlet context that is starting: opens them, registers the filter before all others, and closes
     * them when the context is destroyed. For embedded containers and frameworks that do not run
     * {@link GenieSessionInitializer}; where it runs, set {@code genie.session.servlet.enabled=false} first.
     *
     * <p>The context's parameters, its {@code session-timeout} and its {@code SessionCookieConfig} count as settings, the
     * latter two as the weakest. Listeners that the container knows hear of the sessions too.
     *
     * @param context the context
     * @param builder settings made in code
     * @param listeners as for {@link #addListener}
     * @return the open sessions, which belong to the context
     * @throws SessionConfigException if a setting is wrong, or none or several adapters are found and no setting decides
     * @throws io.geniesession.SessionStoreException if the store does not answer
     * @throws IllegalStateException if sessions are installed already, or the context has started
     */
    public static Sessions install(ServletContext context, Sessions.Builder builder, EventListener... listeners) {
        return install(context, configured(context, builder), true, Set.of(), listeners);
    }

    /** Adds what the context says to settings made in code. */
    static Sessions.Builder configured(ServletContext context, Sessions.Builder builder) {
        return builder.declare(ServletSettings.all())
                .contextParameters(parameters(context))
                .defaults(ContainerDefaults.of(context), "web.xml or the container's session settings");
    }

    private static Map<String, String> parameters(ServletContext context) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String name : Collections.list(context.getInitParameterNames())) {
            String value = context.getInitParameter(name);
            if (value != null) {
                parameters.put(name, value);
            }
        }
        return parameters;
    }

    /**
     * Opens and installs.
     *
     * @param builder settings, with those of the context
     * @param valuesMayListen whether there may be values that listen themselves
     * @param listenerClasses classes of the application that listen to sessions, as far as the container found them
     */
    static Sessions install(
            ServletContext context,
            Sessions.Builder builder,
            boolean valuesMayListen,
            Set<Class<?>> listenerClasses,
            EventListener... listeners) {
        requireNotInstalled(context);
        SessionListeners added = added(listeners);
        EventBridge events = new EventBridge(valuesMayListen);
        Sessions sessions = builder.listener(events).open();
        try {
            register(new SessionBinding(context, sessions, added, events, listenerClasses), sessions::close);
            return sessions;
        } catch (RuntimeException e) {
            sessions.close();
            throw e;
        }
    }

    /**
     * Installs sessions that the caller has opened and closes himself; otherwise as
     * {@link #install(ServletContext, Sessions.Builder, EventListener...)}. The context's own settings do not count. The
     * settings of this binding are known only if the builder got them from {@link #declareSettings}.
     *
     * @param context the context
     * @param sessions the sessions
     * @param listeners as for {@link #addListener}
     * @throws IllegalStateException if sessions are installed already, or the context has started
     */
    public static void install(ServletContext context, Sessions sessions, EventListener... listeners) {
        requireNotInstalled(context);
        SessionListeners added = added(listeners);
        EventBridge events = new EventBridge(true);
        sessions.addListener(events);
        try {
            register(
                    new SessionBinding(context, sessions, added, events, Set.of()),
                    () -> sessions.removeListener(events));
        } catch (RuntimeException e) {
            sessions.removeListener(events);
            throw e;
        }
    }

    /**
     * Makes the settings {@code genie.session.servlet.*} known to a builder.
     *
     * @param builder the builder
     * @return the same builder
     */
    public static Sessions.Builder declareSettings(Sessions.Builder builder) {
        return builder.declare(ServletSettings.all());
    }

    private static void requireNotInstalled(ServletContext context) {
        if (isInstalled(context)) {
            throw new IllegalStateException("Sessions are installed in this servlet context already, by the container's"
                    + " start or an earlier call. To install them by code only, set " + ServletSettings.ENABLED.name()
                    + "=false");
        }
    }

    static boolean isInstalled(ServletContext context) {
        return SessionBinding.find(context) != null;
    }

    private static SessionListeners added(EventListener... listeners) {
        SessionListeners all = new SessionListeners();
        for (EventListener listener : listeners) {
            all.add(listener);
        }
        return all;
    }

    private static void register(SessionBinding binding, Runnable atTheEnd) {
        ServletContext context = binding.context();
        FilterRegistration.Dynamic filter = context.addFilter(FILTER, new SessionFilter());
        if (filter == null) {
            requireFilterOfEarlierStart(context);
        } else {
            filter.setAsyncSupported(true);
            filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
            // A dispatch by a servlet's name has no path, and containers send the response when its forward ends.
            filter.addMappingForServletNames(EnumSet.of(DispatcherType.FORWARD), false, "*");
        }
        binding.publish();
        context.addListener(new Life(binding, atTheEnd));
    }

    /** Jetty keeps filters, with their mappings, when an application stops that may start again. */
    private static void requireFilterOfEarlierStart(ServletContext context) {
        FilterRegistration present = context.getFilterRegistration(FILTER);
        if (present == null
                || !SessionFilter.class.getName().equals(present.getClassName())
                || !present.getUrlPatternMappings().contains("/*")
                || !present.getServletNameMappings().contains("*")) {
            throw new IllegalStateException("The servlet context has a filter named " + FILTER + " already");
        }
    }

    /**
     * Adds a listener to the sessions of a context: an {@code HttpSessionListener}, {@code HttpSessionAttributeListener} or
     * {@code HttpSessionIdListener}, or several of them in one. Those that the container knows from {@code web.xml},
     * {@code @WebListener} or {@code ServletContext.addListener} need not be added; they are called first.
     *
     * @param context the context
     * @param listener the listener; adding it a second time, or one that the container has as well, changes nothing
     * @throws IllegalArgumentException if it is none of the three kinds
     * @throws IllegalStateException if no sessions are installed
     */
    public static void addListener(ServletContext context, EventListener listener) {
        binding(context).listeners().add(requireNonNull(listener, "listener"));
    }

    /**
     * Returns the sessions of a context: to find, count and end them.
     *
     * @param context the context
     * @return the sessions
     * @throws IllegalStateException if none are installed
     */
    public static Sessions sessions(ServletContext context) {
        return binding(context).sessions();
    }

    /**
     * Returns the session of a request, which is the one behind {@code request.getSession()}: to sign in, for flash values,
     * atomic updates and typed keys. Unlike {@code getSession()} it makes nobody a session who has none until something is
     * put into it. The filter persists it.
     *
     * @param request the request, wrapped or not
     * @return the session of this request
     * @throws io.geniesession.SessionStoreException if the store does not answer and the settings do not let the request go
     *     on without
     * @throws IllegalStateException if no sessions are installed, or the request did not come through the filter
     */
    public static Session session(HttpServletRequest request) {
        RequestState state = RequestState.find(binding(request.getServletContext()), request);
        if (state == null) {
            throw new IllegalStateException(
                    "The request did not come through the session filter, which is mapped to /*;"
                            + " a filter that stands before it cannot use sessions");
        }
        return state.session();
    }

    /**
     * Uses a session that was kept beyond its request, as the endpoint of a WebSocket keeps that of the handshake: does what
     * {@code HttpSession.getAccessor().access(action)} does in Jakarta Servlet 6.1, on containers of 6.0 too. The action sees
     * what is stored by now, also after the id was renewed, and what it changes is stored at its end, also if it fails. It
     * counts as an access. Until the request has stored a session that it began, the action gets that session itself, and
     * the request stores what it changes.
     *
     * @param session the session as a request handed it out
     * @param action gets the session, which it must not keep
     * @throws IllegalArgumentException if the session is not one of ours, or an application has wrapped it
     * @throws IllegalStateException if the session has ended: it was invalidated or expired
     * @throws io.geniesession.SessionStoreException if the store does not answer
     */
    public static void access(HttpSession session, Consumer<HttpSession> action) {
        requireNonNull(action, "action");
        if (!(requireNonNull(session, "session") instanceof HttpSessionView view)) {
            throw new IllegalArgumentException(session.getClass().getName()
                    + " is not a session of ours; hand in what request.getSession() returns behind the session filter");
        }
        view.access(action);
    }

    private static SessionBinding binding(ServletContext context) {
        SessionBinding found = SessionBinding.find(context);
        if (found == null) {
            throw new IllegalStateException("No sessions are installed in this servlet context. Add"
                    + " genie-session-servlet to an application whose container runs ServletContainerInitializers, or"
                    + " call GenieSessions.install");
        }
        return found;
    }

    /** What is to be done when the context has begun and when it ends. */
    private record Life(SessionBinding binding, Runnable atTheEnd) implements ServletContextListener {

        /** Elsewhere the filter's start is the moment; where it comes with the first request, sessions may end before. */
        @Override
        public void contextInitialized(ServletContextEvent event) {
            if (ContainerListeners.startsFiltersLate(event.getServletContext())) {
                binding.begin(event.getServletContext());
            }
        }

        @Override
        public void contextDestroyed(@Nullable ServletContextEvent event) {
            try {
                binding.end();
            } finally {
                atTheEnd.run();
            }
        }
    }
}
