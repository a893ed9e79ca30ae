package io.geniesession;

import java.util.Optional;
import java.util.Set;

/**
 * A session that ended, as a listener sees it.
 *
 * <p>Safe for use by several threads.
 */
public interface SessionEnd {
    /**
     * Returns the facts as they were at the end.
     *
     * @return the facts
     */
    SessionInfo session();

    /**
     * Returns why it ended.
     *
     * @return the reason
     */
    EndReason reason();

    /**
     * Returns the names of the attributes at the end.
     *
     * @return an unmodifiable set; empty unless a listener {@link SessionListener#wantsAttributes wants attributes}
     */
    Set<String> names();

    /**
     * Decodes one attribute.
     *
     * @param name the attribute's name
     * @return the value as it was at the end; empty if there was none, if no listener wants attributes, or if it cannot be
     *     decoded
     */
    Optional<Object> get(String name);
}
