package io.geniesession.servlet;

import io.geniesession.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The session of a request. Safe for the request's threads. */
final class LiveSource implements SessionSource {

    private final Session session;
    private volatile Duration lastIdleTimeout;

    LiveSource(Session session) {
        this.session = session;
        this.lastIdleTimeout = session.idleTimeout();
    }

    @Override
    public boolean isValid() {
        return session.isValid();
    }

    @Override
    public boolean isNew() {
        return session.isNew();
    }

    @Override
    public String id() {
        return session.id();
    }

    @Override
    public Instant createdAt() {
        return session.createdAt();
    }

    @Override
    public Instant lastAccessedAt() {
        return session.lastAccessedAt();
    }

    @Override
    public Duration idleTimeout() {
        if (session.isValid()) {
            lastIdleTimeout = session.idleTimeout();
        }
        return lastIdleTimeout;
    }

    /** The specification names no exception for a session that has ended; there is nothing left to change then. */
    @Override
    public void setIdleTimeout(Duration timeout) {
        if (session.isValid()) {
            session.setIdleTimeout(timeout);
        }
    }

    @Override
    public @Nullable Object get(String name) {
        return session.get(name).orElse(null);
    }

    @Override
    public @Nullable Object set(String name, Object value) {
        return session.replace(name, value).orElse(null);
    }

    @Override
    public @Nullable Object unset(String name) {
        return session.remove(name).orElse(null);
    }

    @Override
    public Set<String> names() {
        return session.names();
    }
}
