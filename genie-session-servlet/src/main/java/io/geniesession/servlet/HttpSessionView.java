package io.geniesession.servlet;

import static java.util.Objects.requireNonNull;

import io.geniesession.Session;
import io.geniesession.SessionCodecException;
import io.geniesession.SessionId;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session as Jakarta Servlet shows it (Jakarta Servlet 6.1, chapter 7). Belongs to one request and is safe for its threads.
 */
class HttpSessionView implements HttpSession {

    /** What containers answer for a session that never ends by being idle. */
    private static final int NEVER = -1;

    /**
     * Name and class of what Tomcat puts into the session of a signed-in user that has opened a WebSocket, and reads back. It
     * does so after the request, when nothing can be stored, and no application has allowed that class; so it stays here.
     */
    private static final String TOMCATS_NOTE = "org.apache.tomcat.websocket.server.WsHttpSessionBindingListener";

    private volatile @Nullable Object tomcatsNote;

    private final SessionBinding binding;
    private final @Nullable Session session;
    private volatile SessionSource source;

    /** Tells the cookie's value, where the settings ask for it instead of the public id. */
    private final Supplier<@Nullable String> secret;

    private volatile @Nullable String lastSecret;

    /** The id that the session had before a renewal of which listeners have not heard. */
    private volatile @Nullable String formerId;

    /** The attributes that know they are active, by name; null if there never was one. */
    private volatile @Nullable Map<String, HttpSessionActivationListener> active;

    /** Shows a live session. */
    HttpSessionView(SessionBinding binding, Session session, Supplier<@Nullable String> secret) {
        this.binding = binding;
        this.session = session;
        this.source = new LiveSource(session);
        this.secret = secret;
    }

    /** Shows a session that has ended, to those who hear of its end. */
    HttpSessionView(SessionBinding binding, EndedSource ended) {
        this.binding = binding;
        this.session = null;
        this.source = ended;
        this.secret = () -> null;
    }

    SessionBinding binding() {
        return binding;
    }

    /** The live session, also after it has ended. */
    Session session() {
        return requireNonNull(session, "An ended session is shown without its live one");
    }

    /** Whether the session can still be used, which a listener that hears of its end also can. */
    boolean isValid() {
        return source.isValid();
    }

    /** Whether there is a live session behind this view, which {@link #session()} returns. */
    boolean isLive() {
        return session != null && session.isValid();
    }

    static IllegalStateException hasEnded() {
        return new IllegalStateException("The session has ended: it was invalidated or expired");
    }

    private SessionSource valid() {
        SessionSource current = source;
        if (!current.isValid()) {
            throw hasEnded();
        }
        return current;
    }

    @Override
    public long getCreationTime() {
        return valid().createdAt().toEpochMilli();
    }

    @Override
    public String getId() {
        return binding.exposesSecret() ? secretOf(source.id()) : source.id();
    }

    /** A renewal shows at once; after the end of the session the last one stays. */
    private String secretOf(String publicId) {
        String known = lastSecret;
        if (!isSecretOf(publicId, known) && isLive()) {
            known = secret.get();
            lastSecret = isSecretOf(publicId, known) ? known : null;
        }
        return known != null && isSecretOf(publicId, known) ? known : publicId;
    }

    private boolean isSecretOf(String publicId, @Nullable String secret) {
        return secret != null
                && SessionId.parse(secret)
                        .filter(id -> binding.sessions().publicIds(id).contains(publicId))
                        .isPresent();
    }

    @Override
    public long getLastAccessedTime() {
        return valid().lastAccessedAt().toEpochMilli();
    }

    @Override
    public ServletContext getServletContext() {
        return binding.context();
    }

    @Override
    public void setMaxInactiveInterval(int interval) {
        source.setIdleTimeout(Duration.ofSeconds(Math.max(0, interval)));
    }

    @Override
    public int getMaxInactiveInterval() {
        Duration timeout = source.idleTimeout();
        if (timeout.isZero()) {
            return NEVER;
        }
        long seconds = timeout.plusMillis(999).toSeconds();
        return (int) Math.min(Integer.MAX_VALUE, seconds);
    }

    @Override
    public @Nullable Object getAttribute(@Nullable String name) {
        SessionSource current = valid();
        if (TOMCATS_NOTE.equals(name)) {
            return tomcatsNote;
        }
        return name == null ? null : activated(name, current.get(name));
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        return Collections.enumeration(valid().names());
    }

    @Override
    public void setAttribute(@Nullable String name, @Nullable Object value) {
        SessionSource current = valid();
        if (name == null) {
            throw new IllegalArgumentException("The name of an attribute must not be null");
        }
        if (value == null) {
            removeAttribute(name);
            return;
        }
        if (name.equals(TOMCATS_NOTE)) {
            tomcatsNote = value;
            return;
        }
        boolean bind = activated(name, readable(current, name)) != value;
        // The value is told before others can see it, and the old one after they no longer can (7.4). What cannot be
        // stored is refused in between, and then taken back.
        if (bind) {
            binding.listeners().bound(this, name, value);
        }
        Object old;
        try {
            old = set(current, name, value);
        } catch (RuntimeException e) {
            if (bind) {
                binding.listeners().unbound(this, name, value);
            }
            throw e;
        }
        if (old != value && !bind) {
            // Another request that shares the view has replaced it by another value meanwhile.
            binding.listeners().bound(this, name, value);
        }
        if (old != value && old != null) {
            binding.listeners().unbound(this, name, old);
        }
        binding.listeners().attributeSet(this, name, old, value);
    }

    private @Nullable Object set(SessionSource current, String name, Object value) {
        Object old;
        if (!binding.keepsReferences() && value instanceof HttpSessionActivationListener listener) {
            // Its bytes are made now, to see whether they can be.
            SessionListeners.willPassivate(this, listener);
            try {
                old = store(current, name, value);
            } finally {
                SessionListeners.didActivate(this, listener);
            }
            actives().put(name, listener);
        } else {
            old = store(current, name, value);
            forget(name);
        }
        return old;
    }

    /** What cannot be stored is refused with the exception that the specification names (7.7.2). */
    private static @Nullable Object store(SessionSource current, String name, Object value) {
        try {
            return current.set(name, value);
        } catch (SessionCodecException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public void removeAttribute(@Nullable String name) {
        SessionSource current = valid();
        if (name == null) {
            return;
        }
        Object old = take(current, name);
        if (old != null) {
            binding.listeners().unbound(this, name, old);
            binding.listeners().attributeRemoved(this, name, old);
        }
    }

    /** Removes an attribute and tells nobody; returns what it was. */
    @Nullable
    Object take(String name) {
        return take(valid(), name);
    }

    private @Nullable Object take(SessionSource current, String name) {
        Object old = activated(name, current.unset(name));
        forget(name);
        return old;
    }

    /** The present value; one that cannot be read any more must keep nobody from replacing it. */
    static @Nullable Object readable(SessionSource source, String name) {
        try {
            return source.get(name);
        } catch (SessionCodecException e) {
            return null;
        }
    }

    /** Tells a value that was not used before, by this request or since its bytes were made, that it is. */
    private @Nullable Object activated(String name, @Nullable Object value) {
        if (value instanceof HttpSessionActivationListener listener && !binding.keepsReferences()) {
            if (actives().put(name, listener) != value) {
                SessionListeners.didActivate(this, listener);
            }
        }
        return value;
    }

    private synchronized Map<String, HttpSessionActivationListener> actives() {
        Map<String, HttpSessionActivationListener> present = active;
        if (present == null) {
            present = new ConcurrentHashMap<>();
            active = present;
        }
        return present;
    }

    private void forget(String name) {
        Map<String, HttpSessionActivationListener> present = active;
        if (present != null) {
            present.remove(name);
        }
    }

    /** Tells the values that are in use that their bytes are about to be made. */
    void passivate() {
        Map<String, HttpSessionActivationListener> present = active;
        if (present != null && isValid()) {
            present.forEach((name, value) -> {
                present.remove(name);
                SessionListeners.willPassivate(this, value);
            });
        }
    }

    @Override
    public void invalidate() {
        SessionSource current = valid();
        if (current instanceof EndedSource) {
            // A listener ends what it hears the end of.
            return;
        }
        if (binding.exposesSecret()) {
            // Nobody can tell it of a session that has ended.
            secretOf(current.id());
        }
        EndedSource last = EndedSource.of(current, binding.events().wantsAttributes());
        boolean tells = binding.events().end(session());
        // From here on listeners see what was there, and the application nothing once they are through.
        source = last;
        try {
            if (tells) {
                tellRenewal();
                binding.listeners().destroyed(this);
            }
        } finally {
            last.over();
        }
    }

    /** The session was renewed, and listeners are to hear of it when that is stored. */
    void renewedFrom(String oldId) {
        if (formerId == null) {
            formerId = oldId;
        }
    }

    /** The renewal was stored and told, or refused. */
    void renewalSettled() {
        formerId = null;
    }

    /** Listeners are about to hear the end of a session by an id that they do not know. */
    private void tellRenewal() {
        String oldId = formerId;
        formerId = null;
        if (oldId != null) {
            binding.listeners().idChanged(this, oldId);
        }
    }

    /** Tells the end of a session that will not be stored, unless this view has told an end. It stays as it is. */
    void tellNeverStored() {
        if (source instanceof EndedSource) {
            return;
        }
        EndedSource last = EndedSource.of(source, isLive());
        try {
            binding.listeners().destroyed(binding.view(last));
        } finally {
            last.over();
        }
    }

    /** Lets an action use the session beyond its request; until it is stored, that is the one of the request. */
    void access(Consumer<HttpSession> action) {
        if (isLive() && !session().isStored()) {
            action.accept(this);
        } else if (session == null) {
            throw hasEnded();
        } else {
            binding.access(session.key(), getId(), action);
        }
    }

    @Override
    public boolean isNew() {
        return valid().isNew();
    }

    /** Names the public id. */
    @Override
    public String toString() {
        return "HttpSession[" + source.id() + "]";
    }
}
