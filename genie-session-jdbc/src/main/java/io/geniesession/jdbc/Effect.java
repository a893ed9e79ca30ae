package io.geniesession.jdbc;

/** What may be done after a step whose answer did not arrive. */
enum Effect {
    /** It changed nothing: asked again, and never of an unknown outcome. */
    READ,
    /** Doing it twice is the same as doing it once: done again. */
    REPEATABLE,
    /** Doing it twice would count twice: left alone, and reported as of an unknown outcome. */
    ONCE
}
