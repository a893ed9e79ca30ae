package io.geniesession;

/**
 * Counts what sessions cost and what befalls them; a bridge to any metrics library is a class of a few lines.
 *
 * <p>Called on the request's path: implementations return at once and are safe for use by several threads. An exception
 * thrown by one is logged and changes nothing.
 */
public interface SessionMeter {
    /**
     * A session was asked for by its id.
     *
     * @param found whether there was one
     */
    default void loaded(boolean found) {}

    /** A session was stored for the first time. */
    default void created() {}

    /** Changes were stored. */
    default void persisted() {}

    /** The stored access was refreshed without a change. */
    default void touched() {}

    /** A strict persist found another writer, or a renewal another id. An atomic update counts each attempt. */
    default void conflict() {}

    /** A persist or a touch found its session ended. */
    default void gone() {}

    /**
     * An attribute could not be decoded; its bytes stay stored.
     *
     * @param attribute the attribute's name
     */
    default void undecodable(String attribute) {}

    /**
     * The store failed.
     *
     * @param outcomeUnknown whether a change may have been stored all the same
     */
    default void failed(boolean outcomeUnknown) {}

    /**
     * A sweep removed expired sessions.
     *
     * @param removed how many
     * @param backlog whether more were waiting when the sweep's time was up
     */
    default void swept(int removed, boolean backlog) {}

    /**
     * The store stopped answering, and requests fail at once until it does; or it answers again. Told once for each change, in
     * order, by adapters that notice; at the start a store counts as available.
     *
     * @param available whether it answers
     */
    default void available(boolean available) {}
}
