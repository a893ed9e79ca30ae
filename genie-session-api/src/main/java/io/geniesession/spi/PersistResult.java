package io.geniesession.spi;

import static java.util.Objects.requireNonNull;

/** What came of a persist. Immutable. */
public sealed interface PersistResult {
    /**
     * All changes are stored.
     *
     * @param next the base of this request's next persist: the base's view with these changes, and strict against all other
     *     writers (if anybody else changed the session since the base was loaded, a strict persist with it conflicts)
     */
    record Saved(SessionRecord next) implements PersistResult {
        /**
         * Checks that nothing is null.
         *
         * @param next the base of this request's next persist: the base's view with these changes, and strict against all other writers (if anybody else changed the session since the base was loaded, a strict persist with it conflicts)
         */
        public Saved {
            requireNonNull(next, "next");
        }
    }

    /** The session is deleted, or had expired at the request's access; nothing changed. */
    record Gone() implements PersistResult {}

    /** A strict persist found another writer, or a renewal found another id; nothing changed. */
    record Conflict() implements PersistResult {}
}
