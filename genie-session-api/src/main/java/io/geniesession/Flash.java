package io.geniesession;

import java.util.Optional;
import java.util.Set;

/**
 * Values for the next request: a message that survives the redirect after a form and is gone once it was shown.
 *
 * <p>A value lives until the next request that reads it. Reading marks it, and the mark takes effect when the session is
 * persisted; requests that run at the same time may both see one value, and {@link #take} decides between them. Flash values
 * are stored with the session's attributes under names of their own and do not show among {@link Session#names()}.
 *
 * <p>Belongs to one request and is safe for its threads.
 */
public interface Flash {
    /**
     * Puts a value for the next request, instead of a present one of the same name.
     *
     * @param name the value's name, not empty
     * @param value the value, as for {@link Session#set}
     * @return this
     * @throws SessionCodecException if the value cannot be stored
     * @throws IllegalStateException if the session has ended
     */
    Flash put(String name, Object value);

    /**
     * Reads a value that an earlier request put; it will be gone after this request. A value that this request itself put is
     * returned and stays for the next one.
     *
     * @param name the value's name
     * @return the value, or empty
     * @throws IllegalStateException if the session has ended
     */
    Optional<Object> get(String name);

    /**
     * Reads a value of a known type; otherwise as {@link #get(String)}.
     *
     * @param name the value's name
     * @param type what the value must be an instance of
     * @param <T> the type
     * @return the value, or empty
     * @throws ClassCastException if the value is of another type
     * @throws IllegalStateException if the session has ended
     */
    <T> Optional<T> get(String name, Class<T> type);

    /**
     * Takes a value away at once: of all requests, on all nodes, one gets it.
     *
     * @param name the value's name
     * @param type what the value must be an instance of
     * @param <T> the type
     * @return the value, or empty if there is none or another request has it
     * @throws ClassCastException if the value is of another type
     * @throws SessionConflictException if other writers kept this one from its turn until the deadline
     * @throws IllegalStateException if the session has ended
     */
    <T> Optional<T> take(String name, Class<T> type);

    /**
     * Keeps a value that was read for one more request.
     *
     * @param name the value's name
     * @return this
     * @throws IllegalStateException if the session has ended
     */
    Flash keep(String name);

    /**
     * Returns the names of the values that are there, without reading them.
     *
     * @return an unmodifiable set
     * @throws IllegalStateException if the session has ended
     */
    Set<String> names();
}
