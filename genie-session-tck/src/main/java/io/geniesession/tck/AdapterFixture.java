package io.geniesession.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Expiry;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * What the contracts have in common: an adapter's test class extends a contract, implements {@link #open} and overrides of
 * the other methods what is different in its store.
 *
 * <p>Each test begins with a new instance of the test class and opens the adapter when it needs it, after all of the class's
 * own {@code @BeforeEach} methods. The store has to be empty then.
 *
 * <p>Belongs to one test and is safe for its threads.
 */
public abstract class AdapterFixture {
    /** What the clock shows when a test begins. */
    protected static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    /** The idle timeout of sessions whose expiry does not matter. */
    protected static final Duration IDLE = Duration.ofMinutes(30);

    /** The quantum of sessions whose expiry does not matter. */
    protected static final Duration QUANTUM = Duration.ofMinutes(1);

    /** The clock of all nodes. */
    protected final SettableClock clock = SettableClock.at(START);

    private final Queue<NewSession> prepared = new ConcurrentLinkedQueue<>();
    private final List<SessionAdapter> opened = new ArrayList<>();
    private @Nullable SessionAdapter first;
    private @Nullable SessionAdapter second;

    /** Creates the fixture of one test. */
    protected AdapterFixture() {}

    /**
     * Opens the adapter under test. Called once for each node of a test; the second node works on the store of the first.
     *
     * @param context what the core lends, with the clock of the test and {@link #settings()}
     * @return the adapter, which the kit closes
     */
    protected abstract SessionAdapter open(AdapterContext context);

    /**
     * Returns the settings that the context shows the adapter.
     *
     * @return texts by full name; none, unless overridden
     */
    protected Map<String, String> settings() {
        return Map.of();
    }

    /**
     * Tells whether two adapters opened by one test work on the same store. If not, as with a store of one process, one
     * adapter serves as both nodes, and tests that make sense with two only are skipped.
     *
     * @return true, unless overridden
     */
    protected boolean sharesStoreBetweenNodes() {
        return true;
    }

    /**
     * Returns how long after its expiry a sweep may still leave a session in the store.
     *
     * @return zero, unless overridden
     */
    protected Duration sweepDelay() {
        return Duration.ZERO;
    }

    /**
     * Applies several changes of one session in one step of the store, adding as many versions, as an adapter does that
     * combines what several requests persist at the same time.
     *
     * @param node the adapter
     * @param base the record that all of them are based on
     * @param changes the changes, none of them strict or with a renewal
     * @return false if the adapter has no such step, which is so unless overridden; nothing is stored then
     */
    protected boolean persistMerged(SessionAdapter node, SessionRecord base, List<SessionChanges> changes) {
        return false;
    }

    /**
     * Holds a session as a request does that is just writing it, for instance by a lock on its row from a connection of the
     * test's own.
     *
     * @param key the session's key
     * @return what ends the hold; empty if the store has nothing of the kind, which is so unless overridden
     */
    protected Optional<AutoCloseable> hold(SessionKey key) {
        return Optional.empty();
    }

    /**
     * Checks, after each test and after all nodes have been closed, that the adapter has given back what it held:
     * connections, threads, files. Does nothing, unless overridden.
     */
    protected void checkNothingLeaked() {}

    /**
     * Returns the adapter under test.
     *
     * @return the first node, opened by the first call
     */
    protected final synchronized SessionAdapter node() {
        if (first == null) {
            first = openNode();
        }
        return first;
    }

    /**
     * Returns an adapter on the same store.
     *
     * @return the second node; the first one, if a second cannot share its store
     */
    protected final synchronized SessionAdapter otherNode() {
        SessionAdapter one = node();
        if (!sharesStoreBetweenNodes()) {
            return one;
        }
        if (second == null) {
            second = openNode();
        }
        return second;
    }

    private SessionAdapter openNode() {
        SessionAdapter node = open(new TestContext(clock, settings()));
        opened.add(node);
        return node;
    }

    /** Checks what is true after every test, then closes the nodes. */
    @AfterEach
    final void checkInvariantsAndClose() {
        try {
            for (NewSession session : prepared) {
                checkInvariants(session);
            }
        } finally {
            opened.forEach(SessionAdapter::close);
        }
        checkNothingLeaked();
    }

    private void checkInvariants(NewSession session) {
        Instant now = clock.instant();
        node().reload(session.key(), now)
                .ifPresent(record -> assertThat(record.info().isExpired(now))
                        .as("[invariant] a session is expired and yet visible")
                        .isFalse());
    }

    /** Returns a node that the test may close; {@link #node()} has to answer until the end. */
    final SessionAdapter nodeToClose() {
        SessionAdapter node = open(new TestContext(clock, settings()));
        opened.add(node);
        return node;
    }

    // What tests are made of

    static Expiry expiry() {
        return Expiry.idle(IDLE, QUANTUM);
    }

    static Expiry never() {
        return Expiry.idle(Duration.ZERO, Duration.ZERO);
    }

    static Expiry idle(Duration timeout) {
        return Expiry.idle(timeout, Duration.ZERO);
    }

    /** Returns a session that is not stored yet, created now under a new key and a new id. */
    final NewSession session(Expiry expiry, Map<String, String> texts, Map<String, String> indexes) {
        Instant now = clock.instant();
        NewSession session =
                new NewSession(SessionKey.generate(now), SessionId.generate(), now, expiry, values(texts), indexes);
        prepared.add(session);
        return session;
    }

    final NewSession session() {
        return session(expiry(), Map.of("color", "red"), Map.of());
    }

    final NewSession session(Expiry expiry) {
        return session(expiry, Map.of("color", "red"), Map.of());
    }

    final NewSession sessionOf(String principal) {
        return session(expiry(), Map.of("color", "red"), Map.of(Session.PRINCIPAL, principal));
    }

    final SessionRecord stored(NewSession session) {
        return node().create(session).orElseThrow(() -> new AssertionError("A new session was refused"));
    }

    final SessionRecord loaded(NewSession session) {
        return node().reload(session.key(), clock.instant())
                .orElseThrow(() -> new AssertionError("The session is not there"));
    }

    final boolean isThere(NewSession session) {
        return node().reload(session.key(), clock.instant()).isPresent();
    }

    static Map<String, AttributeValue> values(Map<String, String> texts) {
        return texts.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> TestValue.of(e.getValue())));
    }

    static Map<String, String> texts(SessionRecord record) {
        return record.attributeNames().stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        name -> TestValue.text(record.attribute(name)
                                .orElseThrow(() -> new AssertionError("A listed attribute is missing")))));
    }

    static Map<String, String> texts(EndedSession ended) {
        return ended.attributes().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> TestValue.text(e.getValue())));
    }

    final SessionChanges nothing() {
        return SessionChanges.at(clock.instant());
    }

    final SessionChanges set(String name, String text) {
        return nothing().withSet(values(Map.of(name, text)));
    }

    /** Returns a renewal without a grace. */
    final Renewal renewal() {
        return renewalTo(SessionId.generate());
    }

    final Renewal renewalTo(SessionId id) {
        return new Renewal(id, clock.instant());
    }

    static SessionRecord saved(PersistResult result) {
        assertThat(result).isInstanceOf(PersistResult.Saved.class);
        return ((PersistResult.Saved) result).next();
    }

    static void assertGone(PersistResult result) {
        assertThat(result).isInstanceOf(PersistResult.Gone.class);
    }

    static void assertConflict(PersistResult result) {
        assertThat(result).isInstanceOf(PersistResult.Conflict.class);
    }

    /** Sweeps until nothing is left that this node finds. */
    static List<EndedSession> sweepAll(SessionAdapter node, Instant before, Detail detail) {
        List<EndedSession> all = new ArrayList<>();
        List<EndedSession> some;
        do {
            some = node.sweep(before, 100, detail);
            all.addAll(some);
        } while (some.size() == 100);
        return all;
    }

    /** Sweeps at the instant at which everything is swept that has expired by now. */
    final List<EndedSession> sweepLate(Detail detail) {
        return sweepAll(node(), clock.instant().plus(sweepDelay()), detail);
    }

    static List<SessionKey> keys(List<EndedSession> ended) {
        return ended.stream().map(session -> session.info().key()).toList();
    }
}
