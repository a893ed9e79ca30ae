package io.geniesession.memory;

import io.geniesession.SessionKey;
import io.geniesession.spi.IndexEntry;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.UUID;

/**
 * The place of one session in one listing: all entries of an index value stand together, in the order in which they were
 * set. Immutable.
 */
record Position(IndexEntry entry, Instant setAt, SessionKey key) implements Comparable<Position> {
    /** Comes before every key that {@link SessionKey#generate} can choose. */
    private static final SessionKey FIRST_KEY = new SessionKey(new UUID(0, 0));

    private static final Comparator<Position> ORDER = Comparator.comparing((Position p) -> p.entry.name())
            .thenComparing(p -> p.entry.value())
            .thenComparing(Position::setAt)
            .thenComparing(Position::key);

    static Position first(IndexEntry entry) {
        return new Position(entry, Instant.MIN, FIRST_KEY);
    }

    /**
     * Reads what {@link #token()} wrote.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static Position parse(IndexEntry entry, String token) {
        int separator = token.indexOf('/');
        if (separator > 0) {
            try {
                Instant setAt = Instant.parse(token.substring(0, separator));
                return new Position(entry, setAt, new SessionKey(UUID.fromString(token.substring(separator + 1))));
            } catch (DateTimeParseException | IllegalArgumentException e) {
                // Falls through to the message, which does not repeat what may have come from a client.
            }
        }
        throw new IllegalArgumentException("PageRequest.after is not the \"next\" of a page");
    }

    String token() {
        return setAt + "/" + key;
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
