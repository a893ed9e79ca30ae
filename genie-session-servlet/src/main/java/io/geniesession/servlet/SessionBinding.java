package io.geniesession.servlet;

import io.geniesession.Session;
import io.geniesession.SessionEnd;
import io.geniesession.SessionKey;
import io.geniesession.SessionListener;
import io.geniesession.Sessions;
import io.geniesession.spi.Settings;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What all requests of one web application share. Safe for use by several threads. */
final class SessionBinding {

    private static final String ATTRIBUTE = SessionBinding.class.getName();

    /** Whether the container knows what Jakarta Servlet 6.1 added to sessions. */
    private static final boolean HAS_ACCESSOR = hasAccessor();

    private final ServletContext context;
    private final Sessions sessions;
    private final SessionListeners listeners;
    private final @Nullable EndBridge ends;
    private final PassiveRequests passive;
    private final ServletSettings.Outage outage;
    private final long retryAfterSeconds;
    private final boolean exposesSecret;
    private final String cookiePath;
    private final OutageLog outages = new OutageLog();

    /**
     * Where a request keeps its state. Unique, because a request may be dispatched to another application with another
     * copy of these classes.
     */
    private final String stateAttribute = RequestState.class.getName() + "." + UUID.randomUUID();

    /**
     * Creates the binding.
     *
     * @param ends hears of the ends of sessions; null if the sessions were opened without it
     */
    SessionBinding(ServletContext context, Sessions sessions, SessionListeners listeners, @Nullable EndBridge ends) {
        Settings settings = sessions.config().settings();
        this.context = context;
        this.sessions = sessions;
        this.listeners = listeners;
        this.ends = ends;
        this.passive = new PassiveRequests(settings);
        this.outage = settings.get(ServletSettings.OUTAGE);
        this.retryAfterSeconds =
                Math.max(1, settings.get(ServletSettings.RETRY_AFTER).toSeconds());
        this.exposesSecret = settings.get(ServletSettings.EXPOSE_ID) == ServletSettings.ExposedId.SECRET;
        this.cookiePath = encoded(context.getContextPath());
        if (ends != null) {
            ends.binding = this;
        }
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

    /** Whether anybody may look at the values of a session that ends. */
    boolean tellsValues() {
        return ends == null || ends.wantsAttributes || !listeners.isEmpty();
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

    HttpSessionView view(Session session, @Nullable String exposedId) {
        return HAS_ACCESSOR
                ? new AccessibleHttpSessionView(this, session, exposedId)
                : new HttpSessionView(this, session, exposedId);
    }

    private HttpSessionView view(EndedSource ended) {
        return HAS_ACCESSOR ? new AccessibleHttpSessionView(this, ended) : new HttpSessionView(this, ended);
    }

    /** Lets an action outside of any request use a session, as an access and persisted at its end. */
    void access(SessionKey key, Consumer<HttpSession> action) {
        Session session = sessions.load(key)
                .orElseThrow(() -> new IllegalStateException("The session has ended: it was invalidated or expired"));
        try {
            action.accept(view(session, null));
        } finally {
            session.persist();
        }
    }

    /**
     * Ends a session.
     *
     * @return whether this call is the one to tell of it: another node may have ended the session first
     */
    boolean end(Session session) {
        boolean stored = session.isStored();
        if (ends == null || !stored) {
            session.invalidate();
            return true;
        }
        return ends.during(session);
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

    /**
     * Hears of every end of a session, once across all nodes, and tells the web application's listeners, unless the request
     * that makes the end is about to do it with the very objects it has. Safe for use by several threads.
     */
    static final class EndBridge implements SessionListener {

        private final boolean wantsAttributes;
        private volatile @Nullable SessionBinding binding;

        /** The session that this thread is ending, and whether it was the one to end it. */
        private static final ThreadLocal<@Nullable Ending> ENDING = new ThreadLocal<>();

        private static final class Ending {
            final SessionKey key;
            boolean told;

            Ending(SessionKey key) {
                this.key = key;
            }
        }

        EndBridge(boolean wantsAttributes) {
            this.wantsAttributes = wantsAttributes;
        }

        @Override
        public boolean wantsAttributes() {
            return wantsAttributes;
        }

        boolean during(Session session) {
            Ending current = new Ending(session.key());
            Ending outer = ENDING.get();
            ENDING.set(current);
            try {
                session.invalidate();
                return current.told;
            } finally {
                // A listener that hears of an end may make another.
                if (outer == null) {
                    ENDING.remove();
                } else {
                    ENDING.set(outer);
                }
            }
        }

        @Override
        public void ended(SessionEnd end) {
            Ending current = ENDING.get();
            if (current != null && current.key.equals(end.session().key())) {
                current.told = true;
                return;
            }
            SessionBinding application = binding;
            if (application != null) {
                inContext(application.context, () -> tell(application, end));
            }
        }

        private static void tell(SessionBinding application, SessionEnd end) {
            EndedSource last = EndedSource.of(end);
            try {
                application.listeners.destroyed(application.view(last));
            } finally {
                last.over();
            }
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
}
