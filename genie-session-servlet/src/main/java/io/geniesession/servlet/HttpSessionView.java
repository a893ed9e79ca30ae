package io.geniesession.servlet;

import static java.util.Objects.requireNonNull;

import io.geniesession.Session;
import io.geniesession.SessionCodecException;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * A session as Jakarta Servlet shows it (Jakarta Servlet 6.1, chapter 7). Belongs to one request and is safe for its threads.
 */
class HttpSessionView implements HttpSession {

    /** What containers answer for a session that never ends by being idle. */
    private static final int NEVER = -1;

    private final SessionBinding binding;
    private final @Nullable Session session;
    private volatile SessionSource source;

    /** The cookie's value where the settings ask for it instead of the public id, else null. */
    private volatile @Nullable String exposedId;

    /** Shows a live session. */
    HttpSessionView(SessionBinding binding, Session session, @Nullable String exposedId) {
        this.binding = binding;
        this.session = session;
        this.source = new LiveSource(session);
        this.exposedId = exposedId;
    }

    /** Shows a session that has ended, to those who hear of its end. */
    HttpSessionView(SessionBinding binding, EndedSource ended) {
        this.binding = binding;
        this.session = null;
        this.source = ended;
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

    /** The id was renewed, and the container's habit of exposing it is on. */
    void expose(@Nullable String renewedId) {
        exposedId = renewedId;
    }

    private SessionSource valid() {
        SessionSource current = source;
        if (!current.isValid()) {
            throw new IllegalStateException("The session has ended: it was invalidated or expired");
        }
        return current;
    }

    @Override
    public long getCreationTime() {
        return valid().createdAt().toEpochMilli();
    }

    @Override
    public String getId() {
        String exposed = exposedId;
        return exposed != null ? exposed : source.id();
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
        return name == null ? null : current.get(name);
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
        Object old = readable(current, name);
        boolean bind = old != value;
        // The value is told before others can see it, and the old one after they no longer can (7.4). What cannot be
        // stored is refused in between, and then taken back.
        if (bind) {
            binding.listeners().bound(this, name, value);
        }
        try {
            current.set(name, value);
        } catch (RuntimeException e) {
            if (bind) {
                binding.listeners().unbound(this, name, value);
            }
            throw e;
        }
        if (bind && old != null) {
            binding.listeners().unbound(this, name, old);
        }
        binding.listeners().attributeSet(this, name, old, value);
    }

    @Override
    public void removeAttribute(@Nullable String name) {
        SessionSource current = valid();
        if (name == null) {
            return;
        }
        Object old = readable(current, name);
        current.unset(name);
        if (old != null) {
            binding.listeners().unbound(this, name, old);
            binding.listeners().attributeRemoved(this, name, old);
        }
    }

    /** The present value; one that cannot be read any more must keep nobody from replacing it. */
    static @Nullable Object readable(SessionSource source, String name) {
        try {
            return source.get(name);
        } catch (SessionCodecException e) {
            return null;
        }
    }

    @Override
    public void invalidate() {
        SessionSource current = valid();
        if (current instanceof EndedSource) {
            // A listener ends what it hears the end of.
            return;
        }
        EndedSource last = EndedSource.of(current, binding.tellsValues());
        boolean tells = binding.end(session());
        // From here on listeners see what was there, and the application nothing once they are through.
        source = last;
        try {
            if (tells) {
                binding.listeners().destroyed(this);
            }
        } finally {
            last.over();
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
