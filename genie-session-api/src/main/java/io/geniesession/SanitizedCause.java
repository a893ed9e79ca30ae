package io.geniesession;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copy of a throwable without any message text.
 *
 * <p>Drivers put row data into their messages ("Key (id_digest)=(…) already exists") and application code puts values
 * into its own; a stack trace with class names is what is needed to find the fault. Depth and number of throwables are
 * bounded and a cycle ends where it would repeat.
 */
final class SanitizedCause extends Throwable {

    private static final long serialVersionUID = 1L;

    private static final int MAX_THROWABLES = 64;

    private final String originalType;

    private SanitizedCause(String originalType, StackTraceElement[] trace, @Nullable Throwable cause) {
        super(null, cause, true, true);
        this.originalType = originalType;
        setStackTrace(trace);
    }

    static @Nullable Throwable of(@Nullable Throwable original) {
        return copy(original, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** Whether a sanitized cause, or one below it, was of exactly this type. */
    static boolean hasType(@Nullable Throwable sanitized, Class<? extends Throwable> type) {
        for (Throwable cause = sanitized; cause instanceof SanitizedCause copy; cause = cause.getCause()) {
            if (copy.originalType.equals(type.getName())) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Throwable copy(@Nullable Throwable original, Set<Throwable> seen) {
        // An already sanitized cause is safe to share; copying it would only hide the original type's name.
        if (original == null || original instanceof SanitizedCause) {
            return original;
        }
        if (seen.size() >= MAX_THROWABLES || !seen.add(original)) {
            return null;
        }
        SanitizedCause result = new SanitizedCause(
                original.getClass().getName(), original.getStackTrace(), copy(original.getCause(), seen));
        for (Throwable suppressed : original.getSuppressed()) {
            Throwable copy = copy(suppressed, seen);
            if (copy != null) {
                result.addSuppressed(copy);
            }
        }
        return result;
    }

    /** The trace is the original's; walking this thread's stack would be wasted. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** Returns the class name of the original; there is no message. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // a message would make traces name this class, not the original
    public String toString() {
        return originalType;
    }
}
