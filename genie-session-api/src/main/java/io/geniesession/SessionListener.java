package io.geniesession;

/**
 * Hears of sessions that begin, change their id and end.
 *
 * <p>Each event is told at most once across all nodes, and once unless the process that has it to tell dies. It is told on
 * the node where it happened, by the thread that made it happen, after the store has answered; expiry is told by the
 * node whose sweep removed the session, some time after the expiry itself. An exception that a listener throws is logged and
 * changes nothing.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface SessionListener {
    /**
     * A session was stored for the first time.
     *
     * @param session the session
     */
    default void created(SessionInfo session) {}

    /**
     * A session has a new id.
     *
     * @param session the session, with its new public id
     * @param formerPublicId the public id that it had before
     */
    default void renewed(SessionInfo session, String formerPublicId) {}

    /**
     * A session ended.
     *
     * @param ended the session and the reason
     */
    default void ended(SessionEnd ended) {}

    /**
     * A request came with an id that a renewal had given up, too late for it to be used. Harmless for a request that was on its
     * way during a sign-in; otherwise somebody may hold a stolen cookie.
     *
     * @param session the session that once had the id
     * @param formerPublicId the public id of what the request came with
     */
    default void formerIdRefused(SessionInfo session, String formerPublicId) {}

    /**
     * A request could not save its changes because its session had ended meanwhile. Its response was left alone.
     *
     * @param session the session as the request had loaded it
     */
    default void changesLost(SessionInfo session) {}

    /**
     * Tells whether {@link #ended} looks at the attributes, which costs their reading at the end of each session. Asked
     * whenever sessions are about to end, so the answer may change and should cost nothing.
     *
     * @return true if the attributes of ended sessions are wanted
     */
    default boolean wantsAttributes() {
        return false;
    }
}
