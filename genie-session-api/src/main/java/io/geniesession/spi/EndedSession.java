package io.geniesession.spi;

import static java.util.Objects.requireNonNull;

import io.geniesession.EndReason;
import io.geniesession.SessionInfo;
import java.util.Map;

/**
 * A session that a store has removed. Immutable.
 *
 * @param info the facts as they were at the end
 * @param reason why it ended
 * @param attributes the attributes at the end, if they were asked for; otherwise empty
 */
public record EndedSession(SessionInfo info, EndReason reason, Map<String, AttributeValue> attributes) {
    /**
     * Copies the attributes and checks that nothing is null.
     *
     * @param info the facts as they were at the end
     * @param reason why it ended
     * @param attributes the attributes at the end, if they were asked for; otherwise empty
     */
    public EndedSession {
        requireNonNull(info, "info");
        requireNonNull(reason, "reason");
        attributes = Map.copyOf(attributes);
    }
}
