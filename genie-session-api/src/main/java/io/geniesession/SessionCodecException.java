package io.geniesession;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a value cannot be turned into its stored form or back: its type is not on the allow-list, not
 * serializable, too large or nested too deeply, or the stored bytes are damaged or were written by a newer version.
 *
 * <p>Immutable, except for what {@link Throwable} lets callers add.
 */
public final class SessionCodecException extends SessionException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String attribute;
    private final @Nullable String type;

    /**
     * Creates an exception about one attribute.
     *
     * @param message what is wrong and how to mend it, naming attribute and type but no value
     * @param attribute the attribute's name
     * @param type the name of the offending class; null if the failure does not hang on a class
     * @param cause the failure underneath, kept without its message texts; null if there is none
     */
    public SessionCodecException(String message, String attribute, @Nullable String type, @Nullable Throwable cause) {
        super(message, cause);
        this.attribute = attribute;
        this.type = type;
    }

    /**
     * Creates an exception about bytes of which the attribute is not known.
     *
     * @param message what is wrong and how to mend it, without values
     * @param cause the failure underneath, kept without its message texts; null if there is none
     */
    public SessionCodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.attribute = null;
        this.type = null;
    }

    /**
     * Returns the name of the attribute that could not be encoded or decoded.
     *
     * @return the name; empty if it was not known where the failure arose
     */
    public Optional<String> attribute() {
        return Optional.ofNullable(attribute);
    }

    /**
     * Returns the name of the class that caused the failure: the one that is not allowed or not serializable, which may
     * be a part of the attribute's value.
     *
     * @return the class name as {@link Class#getName()} gives it; empty if the failure does not hang on a class
     */
    public Optional<String> type() {
        return Optional.ofNullable(type);
    }
}
