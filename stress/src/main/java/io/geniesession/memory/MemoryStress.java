package io.geniesession.memory;

import static io.geniesession.spi.SessionAdapter.Detail.METADATA;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.geniesession.Expiry;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import io.geniesession.tck.TestValue;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The store in memory, a session each time. */
public final class MemoryStress {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Expiry EXPIRY = Expiry.idle(Duration.ofMinutes(30), Duration.ZERO);
    private static final AttributeValue ZERO = TestValue.of("0");
    private static final AttributeValue ONE = TestValue.of("1");
    private static final MemorySessionAdapter STORE =
            MemorySessionAdapter.open(new TestContext(SettableClock.at(START), Map.of()));

    private MemoryStress() {}

    private static SessionRecord stored(Map<String, String> indexes) {
        return STORE.create(new NewSession(
                        SessionKey.generate(START),
                        SessionId.generate(),
                        START,
                        EXPIRY,
                        Map.of("a", ZERO, "b", ZERO),
                        indexes))
                .orElseThrow();
    }

    private static SessionChanges set(String name) {
        return SessionChanges.at(START).withSet(Map.of(name, ONE));
    }

    /** Makes room: the number of sessions is bounded. */
    private static void end(SessionRecord base) {
        STORE.delete(base.info().key(), START, METADATA);
    }

    private static boolean isSaved(PersistResult result) {
        return result instanceof PersistResult.Saved;
    }

    private static int number(SessionRecord record, String name) {
        return Integer.parseInt(TestValue.text(record.attribute(name).orElse(ZERO)));
    }

    /** [persist-6] */
    @JCStressTest
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "One of two strict persists.")
    @State
    public static class TwoStrictPersists {
        private final SessionRecord base = stored(Map.of());

        @Actor
        public void one(ZZ_Result r) {
            r.r1 = isSaved(STORE.persist(base, set("a").strictly()));
        }

        @Actor
        public void other(ZZ_Result r) {
            r.r2 = isSaved(STORE.persist(base, set("b").strictly()));
        }

        @Arbiter
        public void after(ZZ_Result r) {
            end(base);
        }
    }

    /** [persist-1] */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "All or nothing.")
    @State
    public static class ReaderOfAPersist {
        private final SessionRecord base = stored(Map.of());

        @Actor
        public void writer() {
            STORE.persist(base, SessionChanges.at(START).withSet(Map.of("a", ONE, "b", ONE)));
        }

        @Actor
        public void reader(II_Result r) {
            STORE.reload(base.info().key(), START).ifPresent(record -> {
                r.r1 = number(record, "a");
                r.r2 = number(record, "b");
            });
        }

        @Arbiter
        public void after(II_Result r) {
            end(base);
        }
    }

    /** [renew-2] */
    @JCStressTest
    @Outcome(
            id = {"false, true", "false, false", "true, false"},
            expect = ACCEPTABLE,
            desc = "Once the new id opens the session, the old one does not.")
    @State
    public static class ReaderOfARenewal {
        private final SessionId from = SessionId.generate();
        private final SessionId to = SessionId.generate();
        private final SessionRecord base = STORE.create(
                        new NewSession(SessionKey.generate(START), from, START, EXPIRY, Map.of(), Map.of()))
                .orElseThrow();

        @Actor
        public void writer() {
            STORE.persist(base, SessionChanges.at(START).withRenewal(new Renewal(to, START)));
        }

        @Actor
        public void reader(ZZ_Result r) {
            r.r1 = STORE.load(to, START).isPresent();
            r.r2 = STORE.load(from, START).isPresent();
        }

        @Arbiter
        public void after(ZZ_Result r) {
            end(base);
        }
    }

    /** [persist-3, delete-1] */
    @JCStressTest
    @Outcome(
            id = {"true, true, false", "false, true, false"},
            expect = ACCEPTABLE,
            desc = "Saved before the end or gone after it, and not there.")
    @State
    public static class PersistAndDelete {
        private final SessionRecord base = stored(Map.of());

        @Actor
        public void writer(ZZZ_Result r) {
            r.r1 = isSaved(STORE.persist(base, set("a")));
        }

        @Actor
        public void deleter(ZZZ_Result r) {
            r.r2 = STORE.delete(base.info().key(), START, METADATA).isPresent();
        }

        @Arbiter
        public void after(ZZZ_Result r) {
            r.r3 = STORE.reload(base.info().key(), START).isPresent();
        }
    }

    /** [index-5], also while the entry moves within its listing. */
    @JCStressTest
    @Outcome(
            id = {"true, true, false", "false, true, false"},
            expect = ACCEPTABLE,
            desc = "Ended, whether the entry was set again or not.")
    @State
    public static class DeleteAllWhileTheEntryIsSetAgain {
        private final IndexEntry entry =
                new IndexEntry(Session.PRINCIPAL, SessionKey.generate(START).toString());
        private final SessionRecord base = stored(Map.of(entry.name(), entry.value()));

        @Actor
        public void writer(ZZZ_Result r) {
            r.r1 = isSaved(STORE.persist(
                    base,
                    SessionChanges.at(START.plusMillis(1))
                            .withIndexes(Map.of(entry.name(), Optional.of(entry.value())))));
        }

        @Actor
        public void deleter(ZZZ_Result r) {
            r.r2 = !STORE.deleteAll(entry, Set.of(), START, METADATA).isEmpty();
        }

        @Arbiter
        public void after(ZZZ_Result r) {
            r.r3 = STORE.reload(base.info().key(), START).isPresent();
        }
    }
}
