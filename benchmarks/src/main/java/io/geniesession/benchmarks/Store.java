package io.geniesession.benchmarks;

import java.io.Closeable;
import java.util.Map;

/**
 * What a request needs of a library that keeps sessions. Each method stands for one request and returns when that library holds
 * the request to be over: what it answers by then is as durable as the library makes it.
 *
 * <p>A method fails with an exception rather than do less than it says, so that nobody measures an error.
 *
 * <p>Safe for use by several threads.
 */
public interface Store extends Closeable {
    /**
     * Begins a session: the first request of a visitor.
     *
     * @param attributes names and values to put into it
     * @return the new session's id, as a cookie would carry it
     */
    String create(Map<String, String> attributes);

    /**
     * Stores a session of a visitor who never came back: it has expired when this returns, and {@link #sweep()} finds it. For
     * the set-up of measurements, when no other method runs.
     *
     * @param attributes names and values to put into it
     * @throws UnsupportedOperationException if the library has no sweep, see {@link Contestant#sweeps()}
     */
    default void createExpired(Map<String, String> attributes) {
        throw new UnsupportedOperationException("Nothing to sweep");
    }

    /**
     * Loads a session and nothing else: no attribute is read, the request does not end.
     *
     * @param id the session's id
     * @throws IllegalStateException if there is no such session
     */
    void load(String id);

    /**
     * Loads a session, reads one attribute and ends the request as the library does if nothing has changed. Where a library
     * writes the time of the access at the end of each request, that write is part of it.
     *
     * @param id the session's id
     * @param name the attribute
     * @return its value
     * @throws IllegalStateException if there is no such session or attribute
     */
    String read(String id, String name);

    /**
     * Loads a session, sets one attribute and persists it.
     *
     * @param id the session's id
     * @param name the attribute
     * @param value its value
     * @throws IllegalStateException if there is no such session
     */
    default void write(String id, String name, String value) {
        write(id, Map.of(name, value));
    }

    /**
     * Loads a session, sets attributes and persists it, once for all of them.
     *
     * @param id the session's id
     * @param changes names and values
     * @throws IllegalStateException if there is no such session
     */
    void write(String id, Map<String, String> changes);

    /**
     * Loads a session, gives it a new id, notes who signed in and persists it. The old id opens nothing from then on.
     *
     * @param id the session's id
     * @param principal who signs in
     * @return the new id
     * @throws IllegalStateException if there is no such session
     */
    String login(String id, String principal);

    /**
     * Removes what has expired.
     *
     * @return how many sessions were removed
     * @throws UnsupportedOperationException if the library has no sweep, see {@link Contestant#sweeps()}
     */
    default int sweep() {
        throw new UnsupportedOperationException("No sweep");
    }
}
