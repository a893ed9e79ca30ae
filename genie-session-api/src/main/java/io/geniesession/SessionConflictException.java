package io.geniesession;

/**
 * Thrown by a strict persist that found that another writer changed the session since it was loaded; nothing was
 * written.
 *
 * <p>Immutable, except for what {@link Throwable} lets callers add.
 */
public final class SessionConflictException extends SessionException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was found and what the caller can do, without values
     */
    public SessionConflictException(String message) {
        super(message, null);
    }
}
