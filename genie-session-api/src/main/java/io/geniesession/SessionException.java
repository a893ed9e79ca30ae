package io.geniesession;

import org.jspecify.annotations.Nullable;

/**
 * Superclass of all failures this library reports; the family is closed.
 *
 * <p>Messages name settings, attribute names, type names and public ids; they never hold an attribute's value, a
 * cookie's value or a key. For the same reason {@link #getCause()} is never the original throwable of a driver or of
 * application code but a private copy of it that keeps class names, stack traces, nested causes and suppressed
 * throwables and leaves out every message text.
 *
 * <p>An absent, expired or malformed session is an answer (an empty result), not one of these exceptions.
 *
 * <p>Immutable, except for what {@link Throwable} lets callers add.
 */
public abstract sealed class SessionException extends RuntimeException
        permits SessionStoreException, SessionConflictException, SessionCodecException, SessionConfigException {

    private static final long serialVersionUID = 1L;

    SessionException(String message, @Nullable Throwable cause) {
        super(message, SanitizedCause.of(cause));
    }
}
