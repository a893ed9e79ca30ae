package io.geniesession.spi;

import io.geniesession.Page;
import io.geniesession.PageRequest;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The ability to find sessions by principal or another named index, without reading attributes. Rules {@code index-*}.
 *
 * <ul>
 *   <li><b>index-1</b> Entries follow every create, persist, delete and sweep in the same step: no stale and no orphan
 *       entry is ever seen.
 *   <li><b>index-2</b> Expired sessions are not listed and not counted.
 *   <li><b>index-3</b> A listing is in the order in which the entry was set (the access of the request that set it; at equal
 *       times the order of the keys); setting it again, to the same value too, moves it to the end, and never back.
 *   <li><b>index-4</b> Following {@code next} visits every session that has the entry during the whole listing exactly once.
 *   <li><b>index-5</b> {@code deleteAll} returns each session it removed, and no other call returns the same one. It
 *       removes each session that has the entry when the session's turn comes.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
public interface IndexedSessions {
    /**
     * Lists the sessions that have this entry. [index-2, index-3, index-4]
     *
     * @param entry the index and its value
     * @param now the moment that decides which sessions are expired
     * @param page which part of the listing
     * @return the page; empty for an unknown entry
     * @throws IllegalArgumentException if {@code page.after()} is not the {@code next} of a page
     * @throws io.geniesession.SessionStoreException if the store could not be asked
     */
    Page<SessionInfo> find(IndexEntry entry, Instant now, PageRequest page);

    /**
     * Counts the sessions that have this entry. [index-2]
     *
     * @param entry the index and its value
     * @param now the moment that decides which sessions are expired
     * @return how many
     * @throws io.geniesession.SessionStoreException if the store could not be asked
     */
    long count(IndexEntry entry, Instant now);

    /**
     * Ends the sessions that have this entry, for good. [index-5]
     *
     * @param entry the index and its value
     * @param except sessions to be left alone
     * @param now the moment that decides which sessions are expired; those are left to the sweep
     * @param detail whether the ended sessions carry their attributes
     * @return the sessions that ended by this call
     * @throws io.geniesession.SessionStoreException if the store could not be asked; some of the sessions may have ended
     */
    List<EndedSession> deleteAll(IndexEntry entry, Set<SessionKey> except, Instant now, SessionAdapter.Detail detail);
}
