package io.geniesession.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.Sessions;
import io.geniesession.memory.MemorySessionAdapterProvider;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The session object of one request, used by two of its threads. */
public final class SessionStress {
    private static final Sessions SESSIONS = Sessions.builder()
            .adapter(new MemorySessionAdapterProvider())
            .set("genie.session.sweep", "false")
            .open();

    private SessionStress() {}

    private static Session stored() {
        Session session = SESSIONS.create().set("a", 0).set("b", 0);
        session.persist();
        return session;
    }

    private static int stored(Session session, String name) {
        return SESSIONS.peek(session.key()).map(found -> found.get(name, -1)).orElse(-2);
    }

    /** Whichever of the two persists takes a change along, both changes are stored in the end. */
    @JCStressTest
    @Outcome(
            id = {"1, 1, 1, 2", "0, 1, 1, 2", "1, 0, 1, 2"},
            expect = ACCEPTABLE,
            desc = "Both are stored, by one of them or by each.")
    @State
    public static class TwoSetAndPersist {
        private final Session session = stored();

        @Actor
        public void one(IIII_Result r) {
            r.r1 = set("a", 1);
        }

        @Actor
        public void other(IIII_Result r) {
            r.r2 = set("b", 2);
        }

        private int set(String name, int value) {
            session.set(name, value);
            PersistOutcome outcome = session.persist();
            return outcome == PersistOutcome.SAVED ? 1 : outcome == PersistOutcome.UNCHANGED ? 0 : -1;
        }

        @Arbiter
        public void after(IIII_Result r) {
            r.r3 = stored(session, "a");
            r.r4 = stored(session, "b");
            SESSIONS.end(session.key());
        }
    }

    /** A reader never sees a value that nobody set, nor none, while another thread sets and persists. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 1", "1, 1"},
            expect = ACCEPTABLE,
            desc = "Old, then new.")
    @State
    public static class ReadWhileSetAndPersisted {
        private final Session session = stored();

        @Actor
        public void writer() {
            session.set("a", 1);
            session.persist();
        }

        @Actor
        public void reader(II_Result r) {
            r.r1 = session.get("a", -1);
            r.r2 = session.get("a", -1);
        }

        @Arbiter
        public void after(II_Result r) {
            SESSIONS.end(session.key());
        }
    }

    /** Updates by two threads of one request count like those of two requests. */
    @JCStressTest
    @Outcome(
            id = {"1, 2", "2, 1"},
            expect = ACCEPTABLE,
            desc = "One after the other.")
    @State
    public static class TwoUpdates {
        private final Session session = stored();

        @Actor
        public void one(II_Result r) {
            r.r1 = increment();
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = increment();
        }

        private int increment() {
            return session.update("a", Integer.class, a -> a.map(n -> n + 1)).orElse(-1);
        }

        @Arbiter
        public void after(II_Result r) {
            SESSIONS.end(session.key());
        }
    }
}
