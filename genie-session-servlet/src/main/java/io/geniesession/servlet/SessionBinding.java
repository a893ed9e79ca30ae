package io.geniesession.servlet;

import io.geniesession.Session;
import io.geniesession.SessionKey;
import io.geniesession.Sessions;
import io.geniesession.spi.Settings;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What all requests of one web application share. Safe for use by several threads. */
final class SessionBinding {

    private static final System.Logger LOG = System.getLogger(SessionBinding.class.getName());

    private static final String ATTRIBUTE = SessionBinding.class.getName();

    /** Whether the container knows what Jakarta Servlet 6.1 added to sessions. */
    private static final boolean HAS_ACCESSOR = hasAccessor();

    private final ServletContext context;
    private final Sessions sessions;
    private final SessionListeners listeners;
    private final EventBridge events;
    private final Set<Class<?>> listenerClasses;
    private final PassiveRequests passive;
    private final ServletSettings.Outage outage;
    private final long retryAfterSeconds;
    private final boolean exposesSecret;
    private final String cookiePath;
    private final boolean keepsReferences;
    private final OutageLog outages = new OutageLog();
    private final AtomicBoolean begun = new AtomicBoolean();

    /** Gives the container back what was taken over. */
    private volatile Runnable giveBack = () -> {};

    /**
     * Where a request keeps its state. Unique, because a request may be dispatched to another application with another
     * copy of these classes.
     */
    private final String stateAttribute = RequestState.class.getName() + "." + UUID.randomUUID();

    /**
     * Creates the binding.
     *
     * @param listeners those that were added by code of ours
     * @param events hears what happens to sessions
     * @param listenerClasses classes of the application that listen to sessions, as far as the container found them
     */
    SessionBinding(
            ServletContext context,
            Sessions sessions,
            SessionListeners listeners,
            EventBridge events,
            Set<Class<?>> listenerClasses) {
        Settings settings = sessions.config().settings();
        this.context = context;
        this.sessions = sessions;
        this.listeners = listeners;
        this.events = events;
        this.listenerClasses = listenerClasses;
        this.passive = new PassiveRequests(settings);
        this.outage = settings.get(ServletSettings.OUTAGE);
        this.retryAfterSeconds =
                Math.max(1, settings.get(ServletSettings.RETRY_AFTER).toSeconds());
        this.exposesSecret = settings.get(ServletSettings.EXPOSE_ID) == ServletSettings.ExposedId.SECRET;
        this.cookiePath = encoded(context.getContextPath());
        this.keepsReferences = sessions.keepsReferences();
    }

    private static boolean hasAccessor() {
        try {
            Class.forName("jakarta.servlet.http.HttpSession$Accessor", false, HttpSession.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    static @Nullable SessionBinding find(ServletContext context) {
        return (SessionBinding) context.getAttribute(ATTRIBUTE);
    }

    void publish() {
        context.setAttribute(ATTRIBUTE, this);
    }

    ServletContext context() {
        return context;
    }

    Sessions sessions() {
        return sessions;
    }

    SessionListeners listeners() {
        return listeners;
    }

    EventBridge events() {
        return events;
    }

    /** Whether values are kept as they are, so that none is ever passivated. */
    boolean keepsReferences() {
        return keepsReferences;
    }

    /**
     * Takes over the listeners that the container has made by now; a second call changes nothing.
     *
     * @param container the context as the container hands it out
     */
    void begin(ServletContext container) {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        ContainerListeners.of(container).ifPresentOrElse(listeners::startWith, this::warnOfUnheard);
        ContainerListeners.replaceOfRequests(container, listener -> new RequestListener(this, listener))
                .ifPresent(undo -> giveBack = undo);
        warnOfTracking(container.getEffectiveSessionTrackingModes());
        ContainerFilters.openWebSocketsBehind(container, GenieSessions.FILTER);
        events.open(this);
    }

    /** The application ends, and may start again in the same container. */
    void end() {
        Runnable once = giveBack;
        giveBack = () -> {};
        once.run();
    }

    /** Cookies are among the modes that containers assume, so whoever is left without them has said so. */
    private static void warnOfTracking(@Nullable Set<SessionTrackingMode> modes) {
        if (modes != null && !modes.contains(SessionTrackingMode.COOKIE)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The application asks for sessions that are tracked by {0} (setSessionTrackingModes, or tracking-mode"
                            + " in web.xml). Sessions here are tracked by cookies only: encodeURL returns URLs as they"
                            + " are, and visitors who refuse cookies get a new session with each request. Remove the"
                            + " setting, or add COOKIE to it",
                    // Jetty answers no mode at all for SSL.
                    modes.isEmpty()
                            ? "SSL or by nothing"
                            : modes.stream().map(Enum::name).sorted().collect(Collectors.joining(", ")));
        }
    }

    private void warnOfUnheard() {
        Set<String> unheard = new TreeSet<>();
        Set<Class<?>> added = listeners.classes();
        for (Class<?> type : listenerClasses) {
            if (!added.contains(type)) {
                unheard.add(type.getName());
            }
        }
        LOG.log(
                unheard.isEmpty() ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                "This container ({0}) does not show the session listeners it has, so they hear nothing of sessions that"
                        + " are kept outside of it. Add them with GenieSessions.addListener{1}",
                context.getServerInfo(),
                unheard.isEmpty() ? "" : ": " + String.join(", ", unheard));
    }

    PassiveRequests passive() {
        return passive;
    }

    boolean continuesInOutage() {
        return outage == ServletSettings.Outage.CONTINUE;
    }

    OutageLog outages() {
        return outages;
    }

    long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    boolean exposesSecret() {
        return exposesSecret;
    }

    String cookiePath() {
        return cookiePath;
    }

    String stateAttribute() {
        return stateAttribute;
    }

    /** Shows a session outside of a request, where nobody knows the secret. */
    HttpSessionView view(Session session) {
        return view(session, () -> null);
    }

    /** Shows a session whose secret is told on demand. */
    HttpSessionView view(Session session, Supplier<@Nullable String> secret) {
        return HAS_ACCESSOR
                ? new AccessibleHttpSessionView(this, session, secret)
                : new HttpSessionView(this, session, secret);
    }

    HttpSessionView view(EndedSource ended) {
        return HAS_ACCESSOR ? new AccessibleHttpSessionView(this, ended) : new HttpSessionView(this, ended);
    }

    /**
     * Lets an action outside of any request use a session, as an access and persisted at its end, also if the action fails.
     *
     * @param shownId what {@code getId()} of the session returned when the accessor was made
     */
    void access(SessionKey key, String shownId, Consumer<HttpSession> action) {
        Session session = sessions.load(key).orElseThrow(HttpSessionView::hasEnded);
        try {
            access(view(session, () -> shownId), action);
        } finally {
            sessions.release(session);
        }
    }

    private static void access(HttpSessionView view, Consumer<HttpSession> action) {
        try {
            action.accept(view);
        } catch (RuntimeException | Error e) {
            try {
                persist(view);
            } catch (RuntimeException notPersisted) {
                e.addSuppressed(notPersisted);
            }
            throw e;
        }
        persist(view);
    }

    private static void persist(HttpSessionView view) {
        view.passivate();
        view.session().persist();
    }

    /** The context path as the browser writes it; empty becomes the root. */
    private static String encoded(String contextPath) {
        if (contextPath.isEmpty()) {
            return "/";
        }
        StringBuilder path = new StringBuilder(contextPath.length());
        for (byte octet : contextPath.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (octet & 0xFF);
            if (character > ' ' && character < 0x7F && "\";<>\\^`{|}".indexOf(character) < 0) {
                path.append(character);
            } else {
                path.append('%')
                        .append("0123456789ABCDEF".charAt(character >> 4))
                        .append("0123456789ABCDEF".charAt(character & 15));
            }
        }
        return path.toString();
    }
}
