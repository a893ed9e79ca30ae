package io.geniesession.spi;

import static java.util.Objects.requireNonNull;

import io.geniesession.SessionId;
import java.time.Instant;

/**
 * A new id, applied in the same step as the changes it comes with, and only while the session still has the id that the
 * base was loaded with ({@code base.info().publicId()}). The id given up becomes the session's one former id. Immutable.
 *
 * @param to the id that opens the session from now on
 * @param formerUsableUntil until when, exclusively, the id given up may still be used; for anything but a periodic rotation
 *     this is not later than the access of the request, which means: not at all
 */
public record Renewal(SessionId to, Instant formerUsableUntil) {
    /**
     * Checks that nothing is null.
     *
     * @param to the id that opens the session from now on
     * @param formerUsableUntil until when, exclusively, the id given up may still be used; for anything but a periodic rotation this is not later than the access of the request, which means: not at all
     */
    public Renewal {
        requireNonNull(to, "to");
        requireNonNull(formerUsableUntil, "formerUsableUntil");
    }
}
