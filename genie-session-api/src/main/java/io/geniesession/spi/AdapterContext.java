package io.geniesession.spi;

import java.time.Clock;

/** What the core lends an adapter for as long as the adapter is open. Safe for use by several threads. */
public interface AdapterContext {
    /**
     * Returns the settings, with those that the adapter's provider declared.
     *
     * @return the settings, checked
     */
    Settings settings();

    /**
     * Returns the one clock that writes and judges times. Adapters that get an instant handed in use that instead.
     *
     * @return the clock
     */
    Clock clock();

    /**
     * Makes a value from bytes that {@link AttributeValue#encoded()} returned, here or on another node, without looking into
     * them.
     *
     * @param encoded the bytes, which the caller does not change afterwards
     * @return the value
     */
    AttributeValue valueOf(byte[] encoded);

    /**
     * Reports a session that the store ended on its own, for instance to make room. Sessions that an adapter's method returns
     * are not reported here.
     *
     * @param session the session, already removed, never to be returned by any other call
     */
    void ended(EndedSession session);

    /**
     * Tells how much a session reported through {@link #ended} should carry.
     *
     * @return {@link SessionAdapter.Detail#ATTRIBUTES} if somebody listens to the attributes of ended sessions
     */
    SessionAdapter.Detail endedDetail();

    /**
     * Reports that the store stopped answering, so that calls fail at once from now on, or that it answers again. Told once for
     * each change, in order; at the start a store counts as available.
     *
     * @param available whether it answers
     */
    void available(boolean available);
}
