package io.geniesession.jdbc;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What requests do all the time. Safe for use by several threads. */
interface Requests {

    // What could not be done, for messages.
    String CREATE = "create a session";
    String LOAD = "load a session";
    String PERSIST = "persist a session";
    String TOUCH = "touch a session";

    /** Stores a session, with names and values of its index entries. */
    record Creation(SessionRow row, List<String> indexes, List<String> values) {}

    /** Looks for the session that an id opens. Nobody changes the array. */
    @SuppressWarnings("ArrayRecordComponent") // carries bytes from one method to the next, is never compared
    record Load(byte[] digest, long now) {}

    /** Moves last access forward. */
    record Touch(UUID key, long accessed) {}

    /** Stores a session; false if its key or its id is in use, which may be by itself if it was sent again. */
    boolean create(Creation creation);

    /** Returns the session that an id opens. */
    Optional<SessionRow> load(Load load);

    /** Changes a session. */
    RowOutcome change(RowChange change);

    /** Moves last access forward; false if the session is gone. */
    boolean touch(Touch touch);
}
