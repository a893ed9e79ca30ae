package io.geniesession.servlet;

import io.geniesession.SessionEnd;
import io.geniesession.SessionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a session while listeners hear of its end: readable, and what they change is theirs alone. Safe for use by
 * several threads.
 */
final class EndedSource implements SessionSource {

    private final String id;
    private final Instant createdAt;
    private final Instant lastAccessedAt;
    private final boolean isNew;
    private volatile Duration idleTimeout;
    private final Map<String, Object> attributes;
    private volatile boolean over;

    private EndedSource(SessionSource facts, Map<String, Object> attributes) {
        this.id = facts.id();
        this.createdAt = facts.createdAt();
        this.lastAccessedAt = facts.lastAccessedAt();
        this.isNew = facts.isNew();
        this.idleTimeout = facts.idleTimeout();
        this.attributes = new ConcurrentHashMap<>(attributes);
    }

    private EndedSource(SessionInfo info, Map<String, Object> attributes) {
        this.id = info.publicId();
        this.createdAt = info.createdAt();
        this.lastAccessedAt = info.lastAccessedAt();
        this.isNew = false;
        this.idleTimeout = info.expiry().maxIdle();
        this.attributes = new ConcurrentHashMap<>(attributes);
    }

    /** Keeps what a live session has, as objects that the request knows; values only if somebody may look at them. */
    static EndedSource of(SessionSource live, boolean withValues) {
        Map<String, Object> attributes = new TreeMap<>();
        for (String name : withValues ? live.names() : Set.<String>of()) {
            Object value = HttpSessionView.readable(live, name);
            if (value != null) {
                attributes.put(name, value);
            }
        }
        return new EndedSource(live, attributes);
    }

    /** Keeps what a session had that somebody else or nobody ended. */
    static EndedSource of(SessionEnd ended) {
        Map<String, Object> attributes = new TreeMap<>();
        for (String name : ended.names()) {
            ended.get(name).ifPresent(value -> attributes.put(name, value));
        }
        return new EndedSource(ended.session(), attributes);
    }

    /** The end has been told; from now on nothing can be read. */
    void over() {
        over = true;
        attributes.clear();
    }

    @Override
    public boolean isValid() {
        return !over;
    }

    @Override
    public boolean isNew() {
        return isNew;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Instant createdAt() {
        return createdAt;
    }

    @Override
    public Instant lastAccessedAt() {
        return lastAccessedAt;
    }

    @Override
    public Duration idleTimeout() {
        return idleTimeout;
    }

    @Override
    public void setIdleTimeout(Duration timeout) {
        idleTimeout = timeout;
    }

    @Override
    public @Nullable Object get(String name) {
        return attributes.get(name);
    }

    @Override
    public @Nullable Object set(String name, Object value) {
        return attributes.put(name, value);
    }

    @Override
    public @Nullable Object unset(String name) {
        return attributes.remove(name);
    }

    @Override
    public Set<String> names() {
        return Set.copyOf(attributes.keySet());
    }
}
