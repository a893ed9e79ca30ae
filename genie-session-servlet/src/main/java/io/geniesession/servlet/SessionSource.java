package io.geniesession.servlet;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an {@code HttpSession} shows: a live session, or what is left of one whose end is being told. */
interface SessionSource {

    boolean isValid();

    boolean isNew();

    String id();

    Instant createdAt();

    Instant lastAccessedAt();

    Duration idleTimeout();

    void setIdleTimeout(Duration timeout);

    @Nullable
    Object get(String name);

    void set(String name, Object value);

    void unset(String name);

    Set<String> names();
}
