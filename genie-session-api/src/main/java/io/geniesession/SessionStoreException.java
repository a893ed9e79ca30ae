package io.geniesession;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the store behind an adapter failed or could not be asked.
 *
 * <p>Immutable, except for what {@link Throwable} lets callers add.
 */
public final class SessionStoreException extends SessionException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String code;
    private final boolean outcomeUnknown;

    /**
     * Creates an exception with the facts an adapter knows.
     *
     * @param message what failed and how to mend it, without ids, keys or values
     * @param code the store's own code, such as an SQLSTATE; null if it gave none
     * @param outcomeUnknown true if a write may have happened although no answer arrived
     * @param cause the failure underneath, kept without its message texts; null if there is none
     */
    public SessionStoreException(
            String message, @Nullable String code, boolean outcomeUnknown, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.outcomeUnknown = outcomeUnknown;
    }

    /**
     * Returns the store's own code for the failure.
     *
     * @return an SQLSTATE or the like; empty if the store gave none
     */
    public Optional<String> code() {
        return Optional.ofNullable(code);
    }

    /**
     * Tells whether a write may have happened although the store's answer did not arrive.
     *
     * @return true if the write may or may not have happened; false if it certainly did not, or nothing was to be
     *     written
     */
    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }
}
