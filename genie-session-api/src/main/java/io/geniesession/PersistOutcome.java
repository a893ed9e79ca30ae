package io.geniesession;

/** What came of saving a request's view of its session. Immutable. */
public enum PersistOutcome {
    /** There was nothing to save; the store was asked for a fresh access time at most. */
    UNCHANGED,
    /** Everything is stored. */
    SAVED,
    /**
     * The session had ended meanwhile, by sign-out or expiry. Nothing is stored and nothing revived; the session is no longer
     * valid.
     */
    GONE,
    /**
     * The id was to be renewed, for more than a periodic rotation, and another request had renewed it first. None of this request's changes are stored, because
     * they may belong to somebody who just signed in; the other request's id and principal stand.
     */
    CONFLICT,
    /**
     * The session is not stored because its request came with an id that a renewal had given up; the visitor's other, newer
     * cookie is left alone.
     */
    UNSTORED
}
