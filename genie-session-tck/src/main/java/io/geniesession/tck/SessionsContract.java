package io.geniesession.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.geniesession.EndReason;
import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.SessionConflictException;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.Sessions;
import io.geniesession.spi.Setting;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What an application relies on, over an adapter: the same promises whatever the store. The adapter's own rules are in
 * {@link SessionAdapterContract}; this contract shows that core and adapter keep the promises together.
 *
 * <p>Belongs to one test and is safe for its threads.
 */
public abstract class SessionsContract extends AdapterFixture {
    private static final String COOKIE = "__geniesid";
    private static final Duration SWEEP_MARGIN = TestNodes.SWEEP_MARGIN;

    private final TestEvents events = new TestEvents();
    private final TestNodes nodes = new TestNodes(events);
    private @Nullable Sessions here;
    private @Nullable Sessions there;

    /** Creates the contract for one test. */
    protected SessionsContract() {}

    /**
     * Returns the settings that the adapter's provider declares, which {@link #settings()} may then use.
     *
     * @return the declarations; none, unless overridden
     */
    protected List<Setting<?>> declaredSettings() {
        return List.of();
    }

    /**
     * Tells whether the store knows ids by {@link SessionId#digest()} alone, as every store outside the process does.
     *
     * @return true, unless overridden
     */
    protected boolean knowsIdsByDigest() {
        return true;
    }

    private Sessions sessions() {
        if (here == null) {
            here = openSessions(Map.of());
        }
        return here;
    }

    private Sessions otherSessions() {
        if (there == null) {
            sessions();
            there = openSessions(Map.of());
        }
        return there;
    }

    private Sessions openSessions(Map<String, String> more) {
        return nodes.open(this, declaredSettings(), more);
    }

    @AfterEach
    final void closeSessions() {
        nodes.close();
    }

    /** Stores a session with one attribute, as a request without a cookie does, and returns the exchange of that request. */
    private TestExchange stored(String name, Object value) {
        return stored(sessions(), name, value);
    }

    private static TestExchange stored(Sessions sessions, String name, Object value) {
        TestExchange exchange = new TestExchange();
        assertThat(sessions.start(exchange).set(name, value).persist()).isEqualTo(PersistOutcome.SAVED);
        return exchange;
    }

    private static Session attached(TestExchange exchange) {
        return exchange.attached().orElseThrow();
    }

    private TestExchange signedIn(Sessions sessions, String principal) {
        TestExchange exchange = new TestExchange();
        sessions.start(exchange).setPrincipal(principal).persist();
        return exchange;
    }

    private static SessionInfo info(Session session) {
        return session.info().orElseThrow();
    }

    private SessionInfo infoNow(Session session) {
        return info(sessions().peek(session.key()).orElseThrow());
    }

    private void assumeIndexed() {
        sessions();
        assumeTrue(nodes.find().indexed().isPresent(), "the adapter finds no sessions by index");
    }

    // beginning

    @Test
    @DisplayName("[start] nothing is stored and no cookie set before something is put in")
    final void untouchedSessionIsNotStored() {
        TestExchange exchange = new TestExchange();
        Session session = sessions().start(exchange);
        session.get("cart");
        session.names();

        assertThat(session.persist()).isEqualTo(PersistOutcome.UNCHANGED);

        assertThat(session.isNew()).isTrue();
        assertThat(session.isStored()).isFalse();
        assertThat(exchange.header(COOKIE)).isEmpty();
        assertThat(sessions().count()).isZero();
        assertThat(events.told()).isEmpty();
    }

    @Test
    @DisplayName("[start] the cookie of a stored session opens it with the next request, on any node")
    final void cookieOpensTheSession() {
        TestExchange first = stored("cart", "tea");
        assertThat(first.header(COOKIE)).isPresent();

        Session session = otherSessions().start(first.next());

        assertThat(session.isNew()).isFalse();
        assertThat(session.key()).isEqualTo(attached(first).key());
        assertThat(session.id()).isEqualTo(attached(first).id());
        assertThat(session.get("cart", String.class)).contains("tea");
    }

    @Test
    @DisplayName("[start] an id that is unknown or malformed is never adopted")
    final void foreignIdIsNeverAdopted() {
        SessionId foreign = SessionId.generate();
        for (String value : List.of(foreign.value(), "x", "", foreign.value() + "A")) {
            TestExchange exchange = new TestExchange().withCookie(COOKIE, value);
            Session session = sessions().start(exchange).set("cart", "tea");
            session.persist();

            assertThat(session.isNew()).isTrue();
            assertThat(exchange.header(COOKIE).orElseThrow()).doesNotContain(foreign.value());
            assertThat(sessions().load(foreign)).isEmpty();
        }
    }

    @Test
    @DisplayName("[start] of several cookies of the same name the one that opens a session is used")
    final void validCookieOfSeveralIsUsed() {
        TestExchange first = stored("cart", "tea");
        TestExchange exchange =
                new TestExchange().withCookie(COOKIE, SessionId.generate().value());
        first.next().cookies(COOKIE).forEach(value -> exchange.withCookie(COOKIE, value));

        assertThat(sessions().start(exchange).get("cart", String.class)).contains("tea");
    }

    // values

    @Test
    @DisplayName("[values] values of the JDK come back equal")
    final void valuesComeBackEqual() {
        Map<String, Object> values = Map.of(
                "text",
                "\uD83D\uDED2 \u0633\u0644\u0629 \u0000",
                "int",
                42,
                "long",
                Long.MIN_VALUE,
                "double",
                -0.0,
                "decimal",
                new BigDecimal("12.340"),
                "instant",
                Instant.parse("2026-03-01T12:00:00.123456789Z"),
                "uuid",
                new UUID(1, 2),
                "list",
                List.of("a", List.of(1, 2)),
                "map",
                Map.of("k", Set.of(true)),
                "large",
                "x".repeat(1 << 20));
        TestExchange exchange = new TestExchange();
        Session session = sessions().start(exchange);
        values.forEach(session::set);
        session.persist();

        Session next = otherSessions().start(exchange.next());

        assertThat(next.names()).isEqualTo(values.keySet());
        values.forEach((name, value) -> assertThat(next.get(name)).as(name).contains(value));
    }

    @Test
    @DisplayName("[in-place] a value that was read and changed in place is saved")
    final void changeInPlaceIsSaved() {
        TestExchange first = stored("cart", new ArrayList<>(List.of("tea")));
        Session second = sessions().start(first.next());
        addTo(second, "cake");
        second.persist();
        Session third = sessions().start(first.next());
        assertThat(third.get("cart")).contains(List.of("tea", "cake"));
        addTo(third, "milk");
        third.persist();

        assertThat(sessions().start(first.next()).get("cart")).contains(List.of("tea", "cake", "milk"));
    }

    @SuppressWarnings("unchecked")
    private static void addTo(Session session, String item) {
        ((List<String>) session.get("cart").orElseThrow()).add(item);
    }

    @Test
    @DisplayName(
            "[in-place] to set a value again that was read and has not changed undoes nothing; if it has, it is saved")
    final void settingWhatWasReadIsNoChange() {
        TestExchange first = stored("cart", new ArrayList<>(List.of("tea")));
        Session slow = sessions().start(first.next());
        Object cart = slow.get("cart").orElseThrow();
        Session quick = otherSessions().start(first.next());
        addTo(quick, "cake");
        quick.persist();

        slow.set("cart", cart);
        slow.persist();
        assertThat(sessions().start(first.next()).get("cart")).contains(List.of("tea", "cake"));

        Session last = sessions().start(first.next());
        Object same = last.get("cart").orElseThrow();
        last.set("cart", same);
        addTo(last, "milk");
        last.set("cart", same);
        last.persist();
        assertThat(otherSessions().start(first.next()).get("cart")).contains(List.of("tea", "cake", "milk"));
    }

    @Test
    @DisplayName(
            "[in-place] a value that is changed in place after it was set, and before the persist, is saved as it is"
                    + " then")
    final void changeBetweenSetAndPersistIsSaved() {
        TestExchange exchange = new TestExchange();
        Session session = sessions().start(exchange).set("cart", new ArrayList<>(List.of("tea")));
        addTo(session, "cake");
        session.persist();

        assertThat(otherSessions().start(exchange.next()).get("cart")).contains(List.of("tea", "cake"));
    }

    @Test
    @DisplayName(
            "[quantum] reading a HashMap and a HashSet of 1 000 strings 50 times writes nothing inside the quantum")
    final void readingWritesNothing() {
        Map<String, String> map = new HashMap<>();
        Set<String> set = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            map.put("key " + i * 7919, "value " + i);
            set.add("element " + i * 104729);
        }
        TestExchange first = stored("map", map);
        Session session = attached(first).set("set", set);
        session.persist();
        SessionInfo before = infoNow(session);
        int writes = events.writes();

        for (int i = 0; i < 50; i++) {
            clock.advance(Duration.ofSeconds(1));
            Session reading = sessions().start(first.next());
            assertThat(reading.get("map")).contains(map);
            assertThat(reading.get("set")).contains(set);
            assertThat(reading.persist()).isEqualTo(PersistOutcome.UNCHANGED);
        }

        assertThat(events.writes()).isEqualTo(writes);
        assertThat(infoNow(session)).isEqualTo(before);
    }

    @Test
    @DisplayName("[quantum] reading after the quantum moves the stored access once")
    final void readingAfterTheQuantumTouches() {
        TestExchange first = stored("cart", "tea");
        clock.advance(info(attached(first)).expiry().touchEvery().plusMillis(1));

        for (int i = 0; i < 3; i++) {
            sessions().start(first.next()).persist();
        }

        assertThat(events.count("touched")).isEqualTo(1);
        assertThat(infoNow(attached(first)).lastAccessedAt()).isEqualTo(clock.instant());
        assertThat(infoNow(attached(first)).version()).isEqualTo(1);
    }

    @Test
    @DisplayName("[quantum] peeking is no access")
    final void peekingIsNoAccess() {
        TestExchange first = stored("cart", "tea");
        clock.advance(Duration.ofMinutes(20));

        Session peeked = sessions().peek(attached(first).key()).orElseThrow();
        assertThat(peeked.get("cart", String.class)).contains("tea");
        peeked.persist();

        assertThat(events.count("touched")).isZero();
        assertThat(infoNow(attached(first)).lastAccessedAt()).isEqualTo(START);
    }

    // persisting

    @Test
    @DisplayName("[persist] requests that change different attributes at the same time both keep theirs")
    final void differentAttributesBothSurvive() {
        TestExchange first = stored("cart", "tea");
        Session one = sessions().start(first.next());
        Session two = otherSessions().start(first.next());
        one.set("a", 1);
        two.set("b", 2).unset("cart");

        assertThat(one.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(two.persist()).isEqualTo(PersistOutcome.SAVED);

        Session after = sessions().start(first.next());
        assertThat(after.names()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    @DisplayName("[persist] saving to a session that ended is a defined outcome and no revival")
    final void savingAfterTheEndIsGone() {
        TestExchange first = stored("cart", "tea");
        Session slow = sessions().start(first.next()).set("cart", "cake");
        otherSessions().start(first.next()).invalidate();
        events.told();

        assertThat(slow.persist()).isEqualTo(PersistOutcome.GONE);

        assertThat(slow.isValid()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> slow.set("cart", "milk"));
        assertThat(sessions().peek(slow.key())).isEmpty();
        assertThat(events.told()).containsExactly(TestEvents.changesLost(slow.key()));
        assertThat(sessions().start(first.next()).isNew()).isTrue();
    }

    @Test
    @DisplayName("[persist] a strict persist fails if anybody else changed the session, and its changes stay pending")
    final void strictPersistFailsOnConflict() {
        TestExchange first = stored("cart", "tea");
        Session one = sessions().start(first.next());
        Session two = otherSessions().start(first.next());
        two.set("b", 2).persist();
        one.set("a", 1);

        assertThatExceptionOfType(SessionConflictException.class).isThrownBy(one::persistStrictly);
        assertThat(one.get("a")).contains(1);

        assertThat(one.refresh()).isTrue();
        assertThat(one.get("b")).contains(2);
        one.set("a", 1);
        assertThat(one.persistStrictly()).isEqualTo(PersistOutcome.SAVED);
        assertThat(sessions().start(first.next()).names()).containsExactlyInAnyOrder("cart", "a", "b");
    }

    @Test
    @DisplayName("[persist] several persists of one request are strict against others, not against each other")
    final void ownPersistsDoNotConflict() {
        Session session = attached(stored("cart", "tea"));

        assertThat(session.set("a", 1).persistStrictly()).isEqualTo(PersistOutcome.SAVED);
        assertThat(session.set("b", 2).persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(session.set("c", 3).persistStrictly()).isEqualTo(PersistOutcome.SAVED);
    }

    @Test
    @DisplayName("[update] atomic updates on two nodes are never lost")
    final void updatesAreNeverLost() throws Exception {
        int threads = 6;
        int steps = 25;
        TestExchange first = stored("n", 0);
        otherSessions();
        List<Callable<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Sessions node = i % 2 == 0 ? sessions() : otherSessions();
            Session session = node.start(first.next());
            all.add(() -> {
                for (int step = 0; step < steps; step++) {
                    session.update("n", Integer.class, n -> Optional.of(n.orElseThrow() + 1));
                }
                return true;
            });
        }

        Race.run(all);

        assertThat(sessions().start(first.next()).get("n")).contains(threads * steps);
    }

    @Test
    @DisplayName("[update] an update stores its own attribute, and other changes stay pending")
    final void updateStoresItsOwnAttributeOnly() {
        TestExchange first = stored("n", 1);
        Session session = sessions().start(first.next()).set("cart", "tea");

        assertThat(session.update("n", Integer.class, n -> n.map(value -> value + 1)))
                .contains(2);

        Session other = otherSessions().start(first.next());
        assertThat(other.get("n")).contains(2);
        assertThat(other.isSet("cart")).isFalse();
        session.persist();
        assertThat(otherSessions().start(first.next()).get("cart")).contains("tea");
    }

    // identity

    @Test
    @DisplayName("[principal] signing in renews the id; the old one opens nothing and disturbs nothing")
    final void signingInRenewsTheId() {
        TestExchange before = stored("cart", "tea");
        String oldId = attached(before).id();
        TestExchange signIn = before.next();
        Session session = sessions().start(signIn);
        session.setPrincipal("anna").persist();
        events.told();

        assertThat(session.id()).isNotEqualTo(oldId);
        assertThat(signIn.header(COOKIE)).isPresent();
        Session after = otherSessions().start(signIn.next());
        assertThat(after.principal()).contains("anna");
        assertThat(after.get("cart")).contains("tea");

        TestExchange late = before.next();
        Session refused = otherSessions().start(late).set("cart", "cake");
        assertThat(refused.key()).isNotEqualTo(session.key());
        assertThat(refused.persist()).isEqualTo(PersistOutcome.UNSTORED);
        assertThat(late.header(COOKIE)).isEmpty();
        assertThat(events.told()).containsExactly(TestEvents.formerIdRefused(session.key()));
    }

    @Test
    @DisplayName(
            "[principal] a slow request of before the sign-in undoes neither id nor principal, and its changes arrive")
    final void slowRequestUndoesNothing() {
        TestExchange before = stored("cart", "tea");
        Session slow = otherSessions().start(before.next()).set("size", "L");
        TestExchange signIn = before.next();
        sessions().start(signIn).setPrincipal("anna").persist();

        assertThat(slow.persist()).isEqualTo(PersistOutcome.SAVED);

        Session after = sessions().start(signIn.next());
        assertThat(after.principal()).contains("anna");
        assertThat(after.get("size")).contains("L");
        assertThat(after.get("cart")).contains("tea");
    }

    @Test
    @DisplayName(
            "[principal] of two sign-ins at the same time one is stored, the other conflicts with all of its changes")
    final void secondSignInConflicts() {
        TestExchange before = stored("cart", "tea");
        TestExchange oneExchange = before.next();
        Session one = sessions().start(oneExchange).setPrincipal("anna");
        Session two = otherSessions().start(before.next()).setPrincipal("bert").set("cart", "cake");

        assertThat(one.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(two.persist()).isEqualTo(PersistOutcome.CONFLICT);

        Session after = sessions().start(oneExchange.next());
        assertThat(after.principal()).contains("anna");
        assertThat(after.get("cart")).contains("tea");
    }

    @Test
    @DisplayName("[rotate] after a rotation the old id works until the grace is over")
    final void oldIdWorksDuringTheGrace() {
        TestExchange before = stored("cart", "tea");
        TestExchange rotating = before.next();
        sessions().start(rotating).rotate(Duration.ofSeconds(30)).persist();

        clock.advance(Duration.ofMillis(29_999));
        assertThat(otherSessions().start(before.next()).get("cart")).contains("tea");
        clock.advance(Duration.ofMillis(1));
        assertThat(otherSessions().start(before.next()).isSet("cart")).isFalse();
        assertThat(otherSessions().start(rotating.next()).get("cart")).contains("tea");
    }

    @Test
    @DisplayName("[principal] the sessions of a principal are listed, counted and ended")
    final void sessionsOfAPrincipal() {
        assumeIndexed();
        Session one = attached(signedIn(sessions(), "anna"));
        clock.advance(Duration.ofSeconds(1));
        Session two = attached(signedIn(otherSessions(), "anna"));
        Session other = attached(signedIn(sessions(), "bert"));

        assertThat(sessions().ofPrincipal("anna")).extracting(SessionInfo::key).containsExactly(one.key(), two.key());
        assertThat(sessions().count(Session.PRINCIPAL, "anna")).isEqualTo(2);
        assertThat(otherSessions().endAll(Session.PRINCIPAL, "anna", two.key())).isEqualTo(1);
        assertThat(sessions().ofPrincipal("anna")).extracting(SessionInfo::key).containsExactly(two.key());
        assertThat(sessions().end(two.key())).isTrue();
        assertThat(sessions().end(two.key())).isFalse();
        assertThat(sessions().peek(other.key())).isPresent();
    }

    @Test
    @DisplayName("[limit] more sessions of a principal than the limit end the one signed in first")
    final void limitPerPrincipal() {
        assumeIndexed();
        Sessions limited = openSessions(Map.of("genie.session.max-sessions-per-principal", "2"));
        List<Session> signedIn = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofSeconds(1));
            signedIn.add(attached(signedIn(limited, "anna")));
        }

        assertThat(limited.ofPrincipal("anna"))
                .extracting(SessionInfo::key)
                .containsExactly(signedIn.get(1).key(), signedIn.get(2).key());
        assertThat(events.told()).contains(TestEvents.ended(signedIn.get(0).key(), EndReason.DELETED));
    }

    @Test
    @DisplayName("[limit] the limit holds when a principal signs in on two nodes at the same time")
    final void limitHoldsUnderConcurrentSignIns() throws Exception {
        assumeIndexed();
        Map<String, String> limit = Map.of("genie.session.max-sessions-per-principal", "3");
        List<Sessions> nodes = List.of(openSessions(limit), openSessions(limit));
        List<Callable<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Sessions node = nodes.get(i % 2);
            all.add(() -> {
                for (int step = 0; step < 5; step++) {
                    signedIn(node, "anna");
                }
                return true;
            });
        }

        Race.run(all);

        assertThat(nodes.get(0).ofPrincipal("anna")).hasSize(3);
    }

    // keys

    /** As {@code genie.session.encryption} or {@code genie.session.id-digest} on one node. */
    private Sessions withKeys(String group, String active) {
        return openSessions(
                Map.of("genie.session." + group + ".keys", TestNodes.KEYS, "genie.session." + group + ".key", active));
    }

    private void assumeByBytes() {
        assumeFalse(sessions().keepsReferences(), "the adapter keeps references");
    }

    private void assumeByDigest() {
        assumeByBytes();
        assumeTrue(knowsIdsByDigest(), "the adapter knows ids themselves");
    }

    @Test
    @DisplayName("[encryption] nodes that write with different keys, or none, read each other's values")
    final void keysDifferBetweenNodes() {
        assumeByBytes();
        TestExchange first = stored("clear", List.of("tea"));
        Map<String, Sessions> nodes = new HashMap<>();
        for (String active : List.of("none", "old", "new")) {
            nodes.put(active, withKeys("encryption", active));
        }
        nodes.forEach(
                (active, node) -> node.start(first.next()).set(active, active).persist());

        for (Sessions node : nodes.values()) {
            Session session = node.start(first.next());
            assertThat(session.get("clear")).contains(List.of("tea"));
            for (String active : nodes.keySet()) {
                assertThat(session.get(active)).contains(active);
            }
            assertThat(session.persist()).isEqualTo(PersistOutcome.UNCHANGED);
        }
        Session without = sessions().start(first.next());
        assertThat(without.get("clear")).contains(List.of("tea"));
        assertThat(without.get("old")).as("without the keys").isEmpty();
        assertThat(without.set("clear", "cake").persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(withKeys("encryption", "new").start(first.next()).get("old"))
                .as("its bytes are kept")
                .contains("old");
    }

    @Test
    @DisplayName("[encryption] atomic updates on nodes with different keys are never lost")
    final void updatesUnderDifferentKeys() throws Exception {
        assumeByBytes();
        TestExchange first = stored("n", 0);
        List<Callable<Boolean>> all = new ArrayList<>();
        for (String active : List.of("old", "new")) {
            Session session = withKeys("encryption", active).start(first.next());
            all.add(() -> {
                for (int step = 0; step < 20; step++) {
                    session.update("n", Integer.class, n -> Optional.of(n.orElseThrow() + 1));
                }
                return true;
            });
        }

        Race.run(all);

        assertThat(withKeys("encryption", "new").start(first.next()).get("n")).contains(40);
    }

    @Test
    @DisplayName("[id-digest] a session is found while the key of its digest is changed, and signs nobody out")
    final void digestKeysChange() {
        assumeByDigest();
        TestExchange first = stored("cart", "tea");
        Sessions prepared = withKeys("id-digest", "none");
        Sessions old = withKeys("id-digest", "old");
        Sessions changed = withKeys("id-digest", "new");

        for (Sessions node : List.of(prepared, old, prepared, changed, old, prepared)) {
            Session session = node.start(first.next());
            assertThat(session.get("cart")).contains("tea");
            session.persist();
        }

        assertThat(changed.start(first.next()).id())
                .isEqualTo(changed.publicIds(SessionId.parse(cookieOf(first)).orElseThrow())
                        .get(0));
        assertThat(sessions().start(first.next()).isSet("cart"))
                .as("without the keys")
                .isFalse();
    }

    private static String cookieOf(TestExchange exchange) {
        return exchange.next().cookies(COOKIE).get(0);
    }

    @Test
    @DisplayName("[id-digest] requests of one session on two nodes all find it while its digest gets another key")
    final void digestKeyChangesUnderRequests() throws Exception {
        assumeByDigest();
        Sessions before = withKeys("id-digest", "old");
        List<Sessions> nodes = List.of(withKeys("id-digest", "new"), withKeys("id-digest", "new"), before);
        for (int round = 0; round < 5; round++) {
            TestExchange first = stored(before, "cart", "tea");
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Sessions node = nodes.get(i % nodes.size());
                TestExchange exchange = first.next();
                String name = "from " + i;
                all.add(() -> {
                    Session session = node.start(exchange);
                    boolean found = session.isSet("cart");
                    return session.set(name, true).persist() == PersistOutcome.SAVED && found;
                });
            }

            assertThat(Race.run(all)).containsOnly(true);

            assertThat(before.start(first.next()).names()).hasSize(7);
        }
    }

    // flash

    @Test
    @DisplayName("[flash] a flash value lives until the next request that reads it")
    final void flashLivesUntilItIsRead() {
        TestExchange first = stored("cart", "tea");
        Session putting = sessions().start(first.next());
        putting.flash().put("message", "saved");
        putting.persist();

        sessions().start(first.next()).persist();
        Session reading = otherSessions().start(first.next());
        assertThat(reading.flash().get("message")).contains("saved");
        reading.persist();

        assertThat(sessions().start(first.next()).flash().get("message")).isEmpty();
        assertThat(reading.names()).containsExactly("cart");
    }

    @Test
    @DisplayName("[flash] of several requests that take a flash value one gets it")
    final void oneRequestTakesAFlashValue() throws Exception {
        TestExchange first = stored("cart", "tea");
        for (int round = 0; round < 10; round++) {
            Session putting = sessions().start(first.next());
            putting.flash().put("message", "saved");
            putting.persist();
            Session one = sessions().start(first.next());
            Session two = otherSessions().start(first.next());

            List<Optional<String>> taken = Race.run(List.of(
                    () -> one.flash().take("message", String.class),
                    () -> two.flash().take("message", String.class)));

            assertThat(taken.stream().flatMap(Optional::stream)).containsExactly("saved");
        }
    }

    // the end

    @Test
    @DisplayName("[expiry] a request that began before the expiry is saved after it")
    final void longRequestIsSavedAcrossTheExpiry() {
        TestExchange first = stored("cart", "tea");
        Instant expiresAt = info(attached(first)).expiresAt();
        clock.set(expiresAt.minusMillis(1));
        Session slow = sessions().start(first.next()).set("cart", "cake");
        clock.set(expiresAt.plusSeconds(30));

        assertThat(slow.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(sessions().start(first.next()).get("cart")).contains("cake");
    }

    @Test
    @DisplayName("[expiry] a session that is not used is over with its timeout, and begins anew under another id")
    final void idleSessionIsOver() {
        TestExchange first = stored("cart", "tea");
        clock.set(info(attached(first)).expiresAt());

        Session next = sessions().start(first.next());

        assertThat(next.isNew()).isTrue();
        assertThat(next.id()).isNotEqualTo(attached(first).id());
        assertThat(next.isSet("cart")).isFalse();
    }

    @Test
    @DisplayName("[expiry] a timeout can be shortened and taken off")
    final void timeoutCanBeChanged() {
        TestExchange shorter = stored("cart", "tea");
        attached(shorter).setIdleTimeout(Duration.ofMinutes(3)).persist();
        TestExchange never = stored("cart", "tea");
        attached(never).setIdleTimeout(Duration.ZERO).persist();

        clock.advance(Duration.ofMinutes(5));
        assertThat(sessions().peek(attached(shorter).key())).isEmpty();
        clock.advance(Duration.ofDays(1_000));
        assertThat(sessions().peek(attached(never).key())).isPresent();
        assertThat(sessions().end(attached(never).key())).isTrue();
    }

    @Test
    @DisplayName("[expiry] the lifetime ends a session that is in use")
    final void lifetimeEndsASessionInUse() {
        Sessions limited = openSessions(Map.of("genie.session.lifetime", "2h"));
        TestExchange first = stored(limited, "cart", "tea");
        for (int i = 0; i < 11; i++) {
            clock.advance(Duration.ofMinutes(10));
            Session session = limited.start(first.next());
            assertThat(session.get("cart")).as("after %d minutes", (i + 1) * 10).contains("tea");
            session.persist();
        }
        clock.advance(Duration.ofMinutes(10));

        assertThat(limited.start(first.next()).isNew()).isTrue();
        clock.advance(SWEEP_MARGIN.plus(sweepDelay()));
        events.told();
        assertThat(limited.sweep()).isEqualTo(1);
        assertThat(events.told())
                .containsExactly(TestEvents.ended(attached(first).key(), EndReason.LIFETIME));
    }

    // events and counters

    @Test
    @DisplayName("[events] beginning, renewal and end are told once across nodes")
    final void eventsAreToldOnce() {
        TestExchange first = stored("cart", "tea");
        Session session = attached(first);
        assertThat(events.told()).containsExactly(TestEvents.created(session.key()));

        session.renew().persist();
        assertThat(events.told()).containsExactly(TestEvents.renewed(session.key()));

        assertThat(otherSessions().end(session.key())).isTrue();
        assertThat(sessions().end(session.key())).isFalse();
        assertThat(events.told()).containsExactly(TestEvents.ended(session.key(), EndReason.DELETED));
    }

    @Test
    @DisplayName("[events] the expiry of each session is told by one of several sweeping nodes")
    final void expiryIsToldOnce() throws Exception {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            expected.add(TestEvents.ended(attached(stored("cart", "tea")).key(), EndReason.IDLE));
        }
        clock.advance(Duration.ofHours(1).plus(SWEEP_MARGIN).plus(sweepDelay()));
        otherSessions();
        events.told();

        Race.run(List.of(() -> sessions().sweep(), () -> otherSessions().sweep()));
        sessions().sweep();

        assertThat(events.told()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(sessions().count()).isZero();
    }

    @Test
    @DisplayName("[counters] what sessions cost and what befalls them is counted")
    final void everythingIsCounted() {
        TestExchange first = stored("cart", "tea");
        Session one = sessions().start(first.next()).set("a", 1);
        Session two = otherSessions().start(first.next()).set("b", 2);
        one.persist();
        assertThatExceptionOfType(SessionConflictException.class).isThrownBy(two::persistStrictly);
        sessions()
                .start(new TestExchange()
                        .withCookie(COOKIE, SessionId.generate().value()));
        sessions().end(one.key());
        two.persist();

        assertThat(events.count("created")).isEqualTo(1);
        assertThat(events.count("loaded")).isEqualTo(2);
        assertThat(events.count("missed")).isPositive();
        assertThat(events.count("persisted")).isEqualTo(1);
        assertThat(events.count("conflict")).isEqualTo(1);
        assertThat(events.count("gone")).isEqualTo(1);
        assertThat(events.count("failed")).isZero();
    }
}
