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

    /** Sets an attribute and returns what was there, or null also if that cannot be read any more. */
    @Nullable
    Object set(String name, Object value);

    /** Removes an attribute and returns what was there, as {@link #set} does. */
    @Nullable
    Object unset(String name);

    Set<String> names();
}
