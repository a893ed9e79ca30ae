package io.geniesession;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * One visitor's state during one request: the attributes as they were loaded, and this request's own changes.
 *
 * <p>Changes are sent to the store by {@link #persist()}, and changes only: requests that change different attributes at the
 * same time both keep theirs; of the same attribute, the later commit wins. A value changed in place (a list that was read
 * and then added to) counts as changed. The servlet binding persists before the response is committed.
 *
 * <p>Nothing is stored and no cookie is sent until something is put into a session. Once it has ended, here or elsewhere, it
 * is never revived; methods that say so throw {@link IllegalStateException} from then on.
 *
 * <p>Belongs to one request and is safe for its threads. Values are shared as they are; a value that can change needs its own
 * protection if several threads of the request use it. Not implemented by applications.
 */
public interface Session {
    /** The name of the index that holds who is signed in. */
    String PRINCIPAL = "principal";

    /**
     * Returns the public id: safe to print, useless as a cookie. A renewal changes it at once, before it is persisted.
     *
     * @return 43 characters of base64url, see {@link SessionId#publicId()}
     */
    String id();

    /**
     * Returns the name that never changes.
     *
     * @return the key
     */
    SessionKey key();

    /**
     * Tells whether the client has not joined the session yet: the request did not come with its id.
     *
     * @return true during the request that begins the session
     */
    boolean isNew();

    /**
     * Tells whether the session has not ended as far as this request knows.
     *
     * @return false after {@link #invalidate()}, and after a persist found the session gone
     */
    boolean isValid();

    /**
     * Tells whether the store holds the session.
     *
     * @return false for a new session that nothing was persisted to, and for one that ended
     */
    boolean isStored();

    /**
     * Returns when the session was created.
     *
     * @return the time in milliseconds; for a new session that of this request
     */
    Instant createdAt();

    /**
     * Returns when the session was last accessed before this request, as stored: it may be older than the truth by the quantum
     * (see {@link Expiry}).
     *
     * @return the time in milliseconds; for a new session that of this request
     */
    Instant lastAccessedAt();

    /**
     * Returns the access of this request, by which its changes are judged.
     *
     * @return the time in milliseconds
     */
    Instant accessedAt();

    /**
     * Returns the facts as they were loaded or last persisted.
     *
     * @return the facts, or empty for a session that is not stored
     */
    Optional<SessionInfo> info();

    /**
     * Returns the value of an attribute.
     *
     * @param name the attribute's name
     * @return the same object each time during a request; empty if there is none, or if it cannot be decoded and the setting
     *     {@code genie.session.undecodable} is {@code absent}
     * @throws SessionCodecException if it cannot be decoded and the setting is {@code fail}
     * @throws IllegalStateException if the session has ended
     */
    Optional<Object> get(String name);

    /**
     * Returns the value of an attribute of a known type; otherwise as {@link #get(String)}.
     *
     * @param name the attribute's name
     * @param type what the value must be an instance of
     * @param <T> the type
     * @return the value, or empty
     * @throws ClassCastException if the value is of another type; the message names both types
     * @throws IllegalStateException if the session has ended
     */
    <T> Optional<T> get(String name, Class<T> type);

    /**
     * Returns the value of an attribute, or a default.
     *
     * @param name the attribute's name
     * @param defaultValue what is returned if there is no such attribute; it is not stored
     * @param <T> the type; the value must be an instance of the default's class, or of one that both extend in the case of
     *     collections, and is checked where the caller uses it
     * @return the value or the default
     * @throws IllegalStateException if the session has ended
     */
    <T> T get(String name, T defaultValue);

    /**
     * Returns the value of an attribute by its typed key; otherwise as {@link #get(String, Class)}.
     *
     * @param key the name and the type
     * @param <T> the type
     * @return the value, or empty
     * @throws ClassCastException if the value is of another type
     * @throws IllegalStateException if the session has ended
     */
    default <T> Optional<T> get(AttributeKey<T> key) {
        return get(key.name(), key.type());
    }

    /**
     * Sets an attribute. The whole value is checked now: a store that keeps bytes refuses what it could not read back.
     *
     * <p>Where the store keeps bytes, the very object that {@link #get} returned, if it is one that can change in place, counts as
     * a change only if it has changed: set again as it was, it undoes nothing that another request has made of the attribute
     * meanwhile.
     *
     * @param name the attribute's name: not empty, at most 255 characters, well-formed Unicode
     * @param value the value, not null; {@link #unset} removes
     * @return this
     * @throws SessionCodecException if the value cannot be stored; the message names the type and the setting to change
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IllegalStateException if the session has ended
     */
    Session set(String name, Object value);

    /**
     * Sets an attribute by its typed key; otherwise as {@link #set(String, Object)}.
     *
     * @param key the name and the type
     * @param value the value
     * @param <T> the type
     * @return this
     * @throws SessionCodecException if the value cannot be stored
     * @throws IllegalStateException if the session has ended
     */
    default <T> Session set(AttributeKey<T> key, T value) {
        return set(key.name(), key.type().cast(value));
    }

    /**
     * Removes an attribute. Quiet if there is none.
     *
     * @param name the attribute's name
     * @return this
     * @throws IllegalArgumentException if the name is one of those reserved for {@link #flash()}
     * @throws IllegalStateException if the session has ended
     */
    Session unset(String name);

    /**
     * Sets an attribute and returns what was there, in one step for all requests that share the view; otherwise as
     * {@link #set(String, Object)}.
     *
     * @param name the attribute's name
     * @param value the value, not null
     * @return the value that was replaced; empty if there was none, or if it cannot be decoded
     * @throws SessionCodecException if the value cannot be stored
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IllegalStateException if the session has ended
     */
    Optional<Object> replace(String name, Object value);

    /**
     * Removes an attribute and returns what was there, in one step for all requests that share the view; otherwise as
     * {@link #unset(String)}.
     *
     * @param name the attribute's name
     * @return the value that was removed; empty if there was none, or if it cannot be decoded
     * @throws IllegalArgumentException if the name is one of those reserved for {@link #flash()}
     * @throws IllegalStateException if the session has ended
     */
    Optional<Object> remove(String name);

    /**
     * Tells whether there is an attribute of this name. It is not decoded.
     *
     * @param name the attribute's name
     * @return true if there is one
     * @throws IllegalStateException if the session has ended
     */
    boolean isSet(String name);

    /**
     * Returns the names of all attributes, without decoding them.
     *
     * @return an unmodifiable set, as of now
     * @throws IllegalStateException if the session has ended
     */
    Set<String> names();

    /**
     * Changes one attribute atomically, across threads, requests and nodes, and stores it at once.
     *
     * <p>The function gets the stored value and may be called several times, until no other writer came between; it must not
     * have side effects or change its argument. Only this attribute is stored; other changes of the request stay pending.
     * If this request has changed the attribute before without persisting it, the function gets the request's own value. For a
     * session that is not stored yet the change is pending like that of {@link #set}.
     *
     * <p>Updates of one node queue fairly per session; across nodes they are optimistic, with jitter, until the deadline
     * {@code genie.session.update-deadline}.
     *
     * @param name the attribute's name
     * @param type what values must be instances of
     * @param function gets the value or empty, returns the new value or empty to remove it
     * @param <T> the type
     * @return what the function returned last
     * @throws SessionConflictException if other writers kept this one from its turn until the deadline
     * @throws SessionCodecException if the new value cannot be stored
     * @throws ClassCastException if the value is of another type
     * @throws IllegalStateException if the session has ended, here or elsewhere
     */
    <T> Optional<T> update(String name, Class<T> type, Function<Optional<T>, Optional<T>> function);

    /**
     * Changes one attribute atomically, beginning with an initial value; otherwise as
     * {@link #update(String, Class, Function)}.
     *
     * @param key the name and the type
     * @param initial what the function gets if there is no such attribute
     * @param function gets the value, returns the new one
     * @param <T> the type
     * @return what the function returned last
     * @throws SessionConflictException if other writers kept this one from its turn until the deadline
     * @throws IllegalStateException if the session has ended, here or elsewhere
     */
    default <T> T update(AttributeKey<T> key, T initial, UnaryOperator<T> function) {
        return update(key.name(), key.type(), old -> Optional.of(function.apply(old.orElse(initial))))
                .orElseThrow();
    }

    /**
     * Returns the values for the next request.
     *
     * @return the flash of this session
     */
    Flash flash();

    /**
     * Returns who is signed in.
     *
     * @return the principal, or empty for an anonymous session
     * @throws IllegalStateException if the session has ended
     */
    default Optional<String> principal() {
        return index(PRINCIPAL);
    }

    /**
     * Signs somebody in, or out with {@link #clearPrincipal()}. It always carries a renewal of the id (OWASP: "Renew the Session
     * ID After Any Privilege Level Change"), also for the same principal; both take effect in one step with the persist. If the
     * number of sessions per principal is limited, the sessions signed in first end then.
     *
     * @param principal who it is: 1 to 255 characters
     * @return this
     * @throws IllegalArgumentException if the principal is empty or too long
     * @throws IllegalStateException if the session has ended
     */
    default Session setPrincipal(String principal) {
        return setIndex(PRINCIPAL, principal);
    }

    /**
     * Makes the session anonymous and renews its id; the attributes stay. To sign out use {@link #invalidate()}.
     *
     * @return this
     * @throws IllegalStateException if the session has ended
     */
    default Session clearPrincipal() {
        return clearIndex(PRINCIPAL);
    }

    /**
     * Returns the value of a named index.
     *
     * @param name the index
     * @return its value, with this request's own changes
     * @throws IllegalStateException if the session has ended
     */
    Optional<String> index(String name);

    /**
     * Sets a named index, by which the session can be found, counted and ended. Setting {@link #PRINCIPAL} is
     * {@link #setPrincipal}.
     *
     * @param name the index: 1 to 64 characters from {@code A-Z a-z 0-9 . _ -}
     * @param value the value: 1 to 255 characters
     * @return this
     * @throws IllegalArgumentException if the name or the value is not allowed
     * @throws IllegalStateException if the session has ended
     */
    Session setIndex(String name, String value);

    /**
     * Removes a named index. Quiet if there is none.
     *
     * @param name the index
     * @return this
     * @throws IllegalStateException if the session has ended
     */
    Session clearIndex(String name);

    /**
     * Gives the session a new id with the next persist. The old one stops working then, without a grace.
     *
     * @return this
     * @throws IllegalStateException if the session has ended
     */
    Session renew();

    /**
     * Gives the session a new id as a periodic measure. Requests that are on their way with the old one may use it for a little
     * longer. If the same persist carries {@link #renew()} or a change of the principal, there is no grace.
     *
     * <p>If another request renews the id first, its id stands, and the other changes of this request are stored all the same.
     *
     * @param grace for how long the old id still works, from this request's access on; zero or more, at most 5 minutes
     * @return this
     * @throws IllegalArgumentException if the grace is out of range
     * @throws IllegalStateException if the session has ended
     */
    Session rotate(Duration grace);

    /**
     * Returns the idle timeout.
     *
     * @return the timeout; zero: never
     * @throws IllegalStateException if the session has ended
     */
    Duration idleTimeout();

    /**
     * Changes the idle timeout of this session, shorter or longer, from this request's access on.
     *
     * @param timeout the timeout; zero or negative: never
     * @return this
     * @throws IllegalArgumentException if it is above {@link Expiry#MAX}
     * @throws IllegalStateException if the session has ended
     */
    Session setIdleTimeout(Duration timeout);

    /**
     * Makes sure that the session is stored even if nothing is put into it.
     *
     * @return this
     * @throws IllegalStateException if the session has ended
     */
    Session keep();

    /**
     * Sends this request's changes to the store. Without changes the stored access is refreshed if it is older than the quantum,
     * and nothing is written otherwise.
     *
     * <p>When it stores a session for the first time or renews its id, the cookie is set on the exchange that the session
     * belongs to, after the store has answered. If it throws, the changes stay pending.
     *
     * @return what came of it
     * @throws SessionCodecException if a value changed in place cannot be stored any more
     * @throws SessionStoreException if the store could not be asked
     * @throws IllegalStateException if the session was to be created or its id renewed and the response is already on its way,
     *     so that the client would never learn the id; nothing is stored and the changes stay pending
     */
    PersistOutcome persist();

    /**
     * Sends this request's changes to the store, unless anybody else changed the session since it was loaded.
     *
     * @return what came of it; never {@link PersistOutcome#CONFLICT}
     * @throws SessionConflictException if another writer changed the session; nothing is stored and the changes stay pending
     * @throws SessionCodecException if a value changed in place cannot be stored any more
     * @throws SessionStoreException if the store could not be asked
     */
    PersistOutcome persistStrictly();

    /**
     * Loads the stored state again and drops this request's pending changes.
     *
     * @return false if the session has ended meanwhile
     * @throws IllegalStateException if the session has ended before
     * @throws SessionStoreException if the store could not be asked
     */
    boolean refresh();

    /**
     * Ends the session, for good and at once. The cookie is removed on the exchange that the session belongs to.
     *
     * @throws IllegalStateException if the session has ended before, as far as this request knows
     * @throws SessionStoreException if the store could not be asked; the session may still be there
     */
    void invalidate();
}
