package io.geniesession;

import org.jspecify.annotations.Nullable;

/**
 * Thrown at start-up when a setting is wrong, an adapter is missing or ambiguous, or a store does not fit.
 *
 * <p>Immutable, except for what {@link Throwable} lets callers add.
 */
public final class SessionConfigException extends SessionException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message which setting is wrong, its bound and how to mend it; never a password or key
     */
    public SessionConfigException(String message) {
        super(message, null);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message which setting is wrong, its bound and how to mend it; never a password or key
     * @param cause the failure underneath, kept without its message texts; null if there is none
     */
    public SessionConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
