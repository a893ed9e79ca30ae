package io.geniesession.spi;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * The answer to an id that a renewal gave up. Immutable.
 *
 * @param session the session, which has another id now
 * @param usableUntil until when, exclusively, the former id may be used
 */
public record FormerId(SessionRecord session, Instant usableUntil) {
    /**
     * Checks that nothing is null.
     *
     * @param session the session, which has another id now
     * @param usableUntil until when, exclusively, the former id may be used
     */
    public FormerId {
        requireNonNull(session, "session");
        requireNonNull(usableUntil, "usableUntil");
    }
}
