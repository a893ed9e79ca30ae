package io.geniesession.benchmarks;

import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.Sessions;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Genie Session through its public API, at its defaults, without the background sweep, so that nothing else runs while something
 * is measured. Safe for use by several threads.
 */
final class GenieStore implements Store {
    private final Sessions sessions;
    private final SetBackClock clock;
    private final Duration idleTimeout;
    private final Closeable cleanUp;

    private GenieStore(Sessions.Builder builder, Duration idleTimeout, Closeable cleanUp) {
        this.clock = new SetBackClock();
        this.idleTimeout = idleTimeout;
        this.cleanUp = cleanUp;
        this.sessions = builder.idleTimeout(idleTimeout)
                .clock(clock)
                .set("genie.session.sweep", "false")
                .open();
    }

    static GenieStore memory(Duration idleTimeout) {
        Sessions.Builder builder =
                Sessions.builder().adapter("memory").set("genie.session.memory.max-sessions", "100000000");
        return new GenieStore(builder, idleTimeout, () -> {});
    }

    static GenieStore jdbc(Database database, Duration idleTimeout) {
        Sessions.Builder builder = Sessions.builder()
                .adapter("jdbc")
                .set("genie.session.jdbc.url", database.url())
                .set("genie.session.jdbc.user", database.user())
                .set("genie.session.jdbc.pool-size", Integer.toString(Database.POOL_SIZE));
        return new GenieStore(builder, idleTimeout, database);
    }

    @Override
    public String create(Map<String, String> attributes) {
        Visit visit = Visit.first();
        Session session = sessions.start(visit);
        attributes.forEach(session::set);
        persist(session, PersistOutcome.SAVED);
        return sessions.id(visit).value();
    }

    @Override
    public void createExpired(Map<String, String> attributes) {
        // The store may keep what is expired for some time more, so it expired long ago.
        clock.ago(idleTimeout.multipliedBy(2).plusHours(2), () -> create(attributes));
    }

    @Override
    public void load(String id) {
        find(id);
    }

    @Override
    public String read(String id, String name) {
        Session session = find(id);
        String value = session.get(name, String.class).orElseThrow(() -> new IllegalStateException("No " + name));
        persist(session, PersistOutcome.UNCHANGED);
        return value;
    }

    @Override
    public void write(String id, String name, String value) {
        Session session = find(id);
        session.set(name, value);
        persist(session, PersistOutcome.SAVED);
    }

    @Override
    public void write(String id, Map<String, String> changes) {
        Session session = find(id);
        changes.forEach(session::set);
        persist(session, PersistOutcome.SAVED);
    }

    @Override
    public String login(String id, String principal) {
        Visit visit = Visit.with(id);
        Session session = sessions.start(visit);
        if (!session.isStored()) {
            throw new IllegalStateException("There is no such session");
        }
        session.setPrincipal(principal);
        persist(session, PersistOutcome.SAVED);
        return sessions.id(visit).value();
    }

    @Override
    public int sweep() {
        return sessions.sweep();
    }

    private Session find(String id) {
        return SessionId.parse(id)
                .flatMap(sessions::load)
                .orElseThrow(() -> new IllegalStateException("There is no such session"));
    }

    private static void persist(Session session, PersistOutcome expected) {
        PersistOutcome outcome = session.persist();
        if (outcome != expected) {
            throw new IllegalStateException("The persist answered " + outcome + " instead of " + expected);
        }
    }

    @Override
    public void close() throws IOException {
        sessions.close();
        cleanUp.close();
    }
}
