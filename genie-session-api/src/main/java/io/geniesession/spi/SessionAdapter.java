package io.geniesession.spi;

import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A session store. Each method is one atomic step, and the steps on one session have one order that all nodes agree on.
 *
 * <p>Times are in milliseconds. An instant that is handed in decides, not the store's own clock. The rules below have
 * numbers; the tests of {@code genie-session-tck} carry the same ones.
 *
 * <ul>
 *   <li><b>order-1</b> The steps on one session have one order, in which each answers as if it were alone, and a step that ended
 *       comes before every step that began later, on whatever node. A call that concerns several sessions does its step on each
 *       of them at a moment of its own.
 *   <li><b>create-1</b> A created session is loaded by its id with the same key, times, expiry, attributes and indexes, and
 *       version 1.
 *   <li><b>create-2</b> The same create repeated answers the same and stores nothing twice, as long as nobody else has
 *       changed the session; so a create whose answer was lost can be repeated.
 *   <li><b>create-3</b> A key or an id that is in use is refused with an
 *       empty answer and nothing changes.
 *   <li><b>load-1</b> An id opens the session that has it now. An unknown id is an answer, not an error. A store that keeps
 *       bytes knows ids by {@link SessionId#digest()} alone and makes no digest itself: one secret may be handed in with
 *       several digests, under different keys, and these are different ids; a renewal may lead from one to the other.
 *   <li><b>load-2</b> A session whose {@code expiresAt} is at or before {@code now} is absent, whether or not it is still
 *       stored.
 *   <li><b>load-3</b> Loading writes nothing.
 *   <li><b>load-4</b> What was answered as stored is seen by every load that begins afterwards, on every node.
 *   <li><b>reload-1</b> A key opens the session whatever its id is now; otherwise as load.
 *   <li><b>former-1</b> The id that the latest renewal gave up finds the session with the instant until which it may be
 *       used; earlier ones and ids of ended sessions find nothing. Whether it may be used is the caller's decision.
 *   <li><b>persist-1</b> All changes are applied or none.
 *   <li><b>persist-2</b> Only the named attributes change: writers of different attributes both keep theirs; of the same
 *       attribute, the later commit wins.
 *   <li><b>persist-3</b> A session that is deleted, or was expired at {@code accessedAt}, is {@code Gone}; nothing is written
 *       and nothing revived. A request that began before the expiry is saved after it, unless a sweep came between.
 *   <li><b>persist-4</b> Last access moves forward to {@code accessedAt}, never back.
 *   <li><b>persist-5</b> Each persist adds one to the version, also one without attributes.
 *   <li><b>persist-6</b> A strict persist is {@code Conflict} if any other persist was stored since the base was loaded,
 *       also if it was stored together with others in one step.
 *   <li><b>persist-7</b> {@code next} is the base with the changes applied: what other writers did meanwhile need not show in
 *       it, but then a strict persist with it conflicts.
 *   <li><b>persist-8</b> A new expiry holds from this step on, shorter or longer.
 *   <li><b>renew-1</b> A renewal takes effect with all other changes of its persist, or is {@code Conflict} with none of them
 *       if the session no longer has the id of the base.
 *   <li><b>renew-2</b> From then on the new id opens the session and the old one does not; a persist from a request that began
 *       under the old id still arrives and brings the old id back in no way.
 *   <li><b>touch-1</b> Last access moves forward, never back; the version stays; a session that is gone, or was expired
 *       at {@code accessedAt}, is left alone and the answer is false.
 *   <li><b>delete-1</b> A deleted session is gone for load, persist and touch, on every node. Deleting what is not there is
 *       quiet. Of two deletes exactly one returns the session.
 *   <li><b>sweep-1</b> At most {@code limit} sessions, each with {@code expiresAt} at or before {@code before}, are removed;
 *       no live session ever is, also when it is used at the same moment.
 *   <li><b>sweep-2</b> Each expired session is returned by one call only, on whatever node.
 *   <li><b>sweep-3</b> A sweep waits for no other sweep and no request.
 *   <li><b>detail-1</b> Ended sessions carry their attributes if and only if {@link Detail#ATTRIBUTES} is asked for.
 *   <li><b>close-1</b> Closing ends background work and gives back connections; a second call does nothing. A call that is
 *       under way completes or fails with {@link io.geniesession.SessionStoreException}; so does a later one.
 * </ul>
 *
 * <p>Every method throws {@link io.geniesession.SessionStoreException} if the store could not be asked; its
 * {@code outcomeUnknown()} tells whether a change may have been stored. An adapter never repeats a persist that may have
 * reached the store.
 *
 * <p>Safe for use by several threads.
 */
public interface SessionAdapter extends AutoCloseable {
    /**
     * Tells whether the store keeps the very objects it is given, in this process. The contract then differs in two points: a
     * value changed in place is changed for everybody at once, and a value need not be encodable.
     *
     * @return true if values are kept by reference; false if only {@link AttributeValue#encoded()} is kept
     */
    boolean keepsReferences();

    /**
     * Stores a new session. [create-1, create-2, create-3]
     *
     * @param session the session
     * @return the session as stored, or empty: its key or id is in use and nothing changed
     */
    Optional<SessionRecord> create(NewSession session);

    /**
     * Returns the session that this id opens, unless it is absent or expired. [load-1 to load-4]
     *
     * @param id the id taken from the request
     * @param now the moment that decides; a session whose {@code expiresAt} is exactly {@code now} is expired
     * @return the session, or empty
     */
    Optional<SessionRecord> load(SessionId id, Instant now);

    /**
     * Returns the session of this key whatever its id is, unless it is absent or expired. [reload-1]
     *
     * @param key the session's key
     * @param now the moment that decides
     * @return the session, or empty
     */
    Optional<SessionRecord> reload(SessionKey key, Instant now);

    /**
     * Returns the session whose latest renewal gave up this id; asked only after {@link #load} found nothing. [former-1]
     *
     * @param id the id taken from the request
     * @param now the moment that decides whether the session is expired
     * @return the session and until when the former id may be used, or empty
     */
    Optional<FormerId> loadFormer(SessionId id, Instant now);

    /**
     * Applies all of the changes or none. [persist-1 to persist-8, renew-1, renew-2]
     *
     * @param base a record of this adapter, from {@code create}, {@code load}, {@code reload}, {@code loadFormer} or an
     *     earlier persist
     * @param changes the changes, judged at their {@code accessedAt}
     * @return what came of it
     */
    PersistResult persist(SessionRecord base, SessionChanges changes);

    /**
     * Moves last access forward. [touch-1]
     *
     * @param base a record of this adapter
     * @param accessedAt the access of the request; it also decides whether the session had expired
     * @return false if the session is gone
     */
    boolean touch(SessionRecord base, Instant accessedAt);

    /**
     * Removes the session for good. [delete-1, detail-1]
     *
     * @param key the session's key
     * @param now the moment that decides; a session already expired then is left to the sweep
     * @param detail whether the answer carries the attributes
     * @return the session as it ended, with reason {@code DELETED}; empty if it was gone
     */
    Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail);

    /**
     * Removes expired sessions. [sweep-1 to sweep-3, detail-1] A store may keep sessions beyond {@code before} for as long as it
     * needs to work well in batches, but not forever.
     *
     * @param before sessions that expired at or before this instant are removed
     * @param limit how many at most, at least 1
     * @param detail whether the answers carry the attributes
     * @return the sessions that ended by this call; as many as {@code limit} means that there may be more
     */
    List<EndedSession> sweep(Instant before, int limit, Detail detail);

    /**
     * Counts the sessions that are not expired. May be slow in a large store; meant for operators.
     *
     * @param now the moment that decides
     * @return how many
     */
    long count(Instant now);

    /**
     * Returns the ability to find sessions by principal or another named index.
     *
     * @return the ability, or empty if the store lacks it
     */
    Optional<IndexedSessions> indexed();

    /** Ends background work and connections. [close-1] */
    @Override
    void close();

    /** How much of an ended session is returned. Immutable. */
    enum Detail {
        /** The facts only. */
        METADATA,
        /** The facts and the attributes, which costs their reading. */
        ATTRIBUTES
    }
}
