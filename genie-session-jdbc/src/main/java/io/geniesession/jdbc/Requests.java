package io.geniesession.jdbc;

import java.util.Optional;
import java.util.UUID;

/** What requests do all the time. Safe for use by several threads. */
interface Requests {

    // What could not be done, for messages.
    String LOAD = "load a session";
    String PERSIST = "persist a session";
    String TOUCH = "touch a session";

    /** Looks for the session that an id opens. Nobody changes the array. */
    @SuppressWarnings("ArrayRecordComponent") // carries bytes from one method to the next, is never compared
    record Load(byte[] digest, long now) {}

    /** Moves last access forward. */
    record Touch(UUID key, long accessed) {}

    /** Returns the session that an id opens. */
    Optional<SessionRow> load(Load load);

    /** Changes a session. */
    RowOutcome change(RowChange change);

    /** Moves last access forward; false if the session is gone. */
    boolean touch(Touch touch);
}
