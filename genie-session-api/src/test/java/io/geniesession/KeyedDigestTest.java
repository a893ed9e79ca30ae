package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Digests of ids under keys that change, on a store that keeps bytes. */
class KeyedDigestTest {
    private static final String OLD = "old:" + EncryptionTest.key(1);
    private static final String NEW = "new:" + EncryptionTest.key(2);

    private final SettableTime time = new SettableTime();
    private final BytesAdapter store = new BytesAdapter();
    private final List<Sessions> open = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    /** Whether requests that overlap share a view. */
    String view() {
        return "request";
    }

    private final class Recorder implements SessionListener {
        @Override
        public void renewed(SessionInfo session, String formerPublicId) {
            events.add("renewed " + formerPublicId + " " + session.publicId());
        }

        @Override
        public void formerIdRefused(SessionInfo session, String formerPublicId) {
            events.add("refused");
        }

        @Override
        public void changesLost(SessionInfo session) {
            events.add("lost");
        }
    }

    private Sessions keyed(String keys, String active) {
        return open(Map.of("keys", keys, "key", active));
    }

    private Sessions open(Map<String, String> digest) {
        Sessions.Builder builder = Sessions.builder()
                .adapter(store)
                .clock(time)
                .set("genie.session.sweep", "false")
                .set("genie.session.view", view())
                .listener(new Recorder());
        digest.forEach((name, value) -> builder.set("genie.session.id-digest." + name, value));
        Sessions opened = builder.open();
        open.add(opened);
        return opened;
    }

    @AfterEach
    void close() {
        open.forEach(Sessions::close);
    }

    private static TestExchange stored(Sessions sessions) {
        TestExchange exchange = TestExchange.with();
        sessions.start(exchange).set("cart", "tea").persist();
        return exchange.next();
    }

    private static SessionId secret(TestExchange exchange) {
        return SessionId.parse(exchange.cookies("__geniesid").get(0)).orElseThrow();
    }

    private static Object cart(Sessions sessions, TestExchange exchange) {
        return sessions.start(exchange).get("cart").orElse("nothing");
    }

    @Test
    void theStoreKnowsTheKeyedDigestOnly() {
        Sessions sessions = keyed(OLD, "old");
        TestExchange browser = stored(sessions);
        SessionId secret = secret(browser);

        Session session = sessions.start(browser);
        assertThat(session.id())
                .isEqualTo(sessions.publicIds(secret).get(0))
                .isEqualTo(sessions.id(browser).publicId())
                .isEqualTo(session.info().orElseThrow().publicId())
                .isNotEqualTo(secret.publicId());
        assertThat(sessions.load(secret)).isPresent();
        assertThat(cart(open(Map.of()), browser.next())).as("without the key").isEqualTo("nothing");
    }

    @Test
    void sessionsOfBeforeGetTheKeyWithTheirFirstRequest() {
        TestExchange browser = stored(open(Map.of()));
        String before = secret(browser).publicId();
        Sessions prepared = keyed(OLD, "none");
        Sessions keyed = keyed(OLD, "old");

        assertThat(cart(prepared, browser.next())).isEqualTo("tea");
        TestExchange first = browser.next();
        Session session = keyed.start(first);
        assertThat(session.id()).isEqualTo(before);
        assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);

        String after = keyed.publicIds(secret(browser)).get(0);
        assertThat(session.id()).isEqualTo(after).isNotEqualTo(before);
        assertThat(first.setCookie()).as("the secret stays").isEmpty();
        assertThat(events).containsExactly("renewed " + before + " " + after);
        Sessions strict = open(Map.of("keys", OLD, "unkeyed", "refuse"));
        assertThat(cart(strict, browser.next())).isEqualTo("tea");
        assertThat(cart(prepared, browser.next())).isEqualTo("tea");
        assertThat(keyed.start(browser.next()).persist()).as("once").isEqualTo(PersistOutcome.UNCHANGED);
    }

    @Test
    void keysAreWipedWhenTheSessionsAreClosed() {
        Sessions sessions = keyed(OLD, "old");
        SessionId id = SessionId.generate();
        List<String> before = sessions.publicIds(id);
        assertThat(sessions.publicIds(id)).isEqualTo(before);
        sessions.close();
        assertThat(sessions.publicIds(id)).isNotEqualTo(before);
    }

    @Test
    void unkeyedDigestsCanBeRefused() {
        TestExchange browser = stored(open(Map.of()));
        assertThat(cart(open(Map.of("keys", OLD, "unkeyed", "refuse")), browser))
                .isEqualTo("nothing");
    }

    @Test
    void keysAreChangedWithoutSigningAnybodyOut() {
        TestExchange browser = stored(keyed(OLD, "old"));
        Sessions prepared = keyed(NEW + "," + OLD, "old");
        Sessions switched = keyed(NEW + "," + OLD, "new");

        assertThat(cart(prepared, browser)).isEqualTo("tea");
        switched.start(browser.next()).persist();
        Session session = prepared.start(browser.next());
        assertThat(session.get("cart")).contains("tea");
        assertThat(session.persist())
                .as("a node that is behind leaves it alone")
                .isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(cart(keyed(NEW, "new"), browser.next()))
                .as("without the old key")
                .isEqualTo("tea");
    }

    @Test
    void aPassiveRequestChangesNoDigest() {
        TestExchange browser = stored(open(Map.of()));
        Session session = keyed(OLD, "old").start(browser.next().passive());
        assertThat(session.get("cart")).contains("tea");
        assertThat(session.persist()).isEqualTo(PersistOutcome.UNCHANGED);
    }

    @Test
    void aRequestThatAskedTooEarlyFindsTheSession() {
        TestExchange browser = stored(open(Map.of()));
        Sessions keyed = keyed(OLD, "old");
        store.beforeLoad = (id, number) -> {
            if (number == 2) {
                store.beforeLoad = BytesAdapter.NOTHING;
                keyed.start(browser.next()).persist();
            }
        };

        TestExchange late = browser.next();
        Session session = keyed.start(late);
        assertThat(session.get("cart")).contains("tea");
        session.renew().persist();
        assertThat(late.setCookie()).isPresent();
        assertThat(events).hasSize(2).noneMatch("refused"::equals);
        assertThat(cart(keyed, late.next())).isEqualTo("tea");
    }

    @Test
    void aSignInThatRacesWithTheChangeOfTheDigestIsKept() {
        TestExchange browser = stored(open(Map.of()));
        Sessions keyed = keyed(OLD, "old");
        TestExchange login = browser.next();
        Session signingIn = keyed.start(login);
        keyed.start(browser.next()).persist();

        signingIn.setIndex(Session.PRINCIPAL, "ada");
        assertThat(signingIn.persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(keyed.start(login.next()).index(Session.PRINCIPAL)).contains("ada");
        assertThat(keyed.load(secret(browser))).as("the id of before").isEmpty();
    }

    @Test
    void aChangeOfTheDigestThatRacesWithASignInGivesWay() {
        TestExchange browser = stored(open(Map.of()));
        Sessions keyed = keyed(OLD, "old");
        Session slow = keyed.start(browser.next());
        TestExchange login = browser.next();
        keyed.start(login).setIndex(Session.PRINCIPAL, "ada").persist();

        assertThat(slow.set("note", "n").persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(keyed.load(secret(browser))).as("the id of before").isEmpty();
        assertThat(keyed.start(login.next()).get("note")).contains("n");
        assertThat(events).noneMatch("lost"::equals);
    }

    @Test
    void aRenewalNeedsNoSecondWriteForTheDigest() {
        TestExchange browser = stored(open(Map.of()));
        Sessions keyed = keyed(OLD, "old");
        TestExchange login = browser.next();
        keyed.start(login).setIndex(Session.PRINCIPAL, "ada").persist();
        assertThat(store.persists).isEqualTo(1);
        assertThat(secret(login.next())).isNotEqualTo(secret(browser));
        assertThat(keyed.start(login.next()).persist()).isEqualTo(PersistOutcome.UNCHANGED);
    }

    @Test
    void theAnswerToAChangeOfTheDigestMayBeLost() {
        TestExchange browser = stored(open(Map.of()));
        Sessions keyed = keyed(OLD, "old");
        Session session = keyed.start(browser.next());
        store.loseNextAnswer = true;
        try {
            session.persist();
        } catch (SessionStoreException e) {
            assertThat(e.outcomeUnknown()).isTrue();
        }
        assertThat(session.persist()).isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(session.id()).isEqualTo(keyed.publicIds(secret(browser)).get(0));
        assertThat(events).hasSize(1);
        assertThat(cart(keyed, browser.next())).isEqualTo("tea");
    }

    @Test
    void theResponseMayBeOnItsWay() {
        TestExchange browser = stored(open(Map.of()));
        Sessions keyed = keyed(OLD, "old");
        assertThat(keyed.start(browser.next().committed()).persist()).isEqualTo(PersistOutcome.SAVED);
    }

    @Test
    void formerIdsOfRotationsAreFoundByEachDigest() {
        Sessions before = open(Map.of());
        TestExchange browser = stored(before);
        TestExchange rotating = browser.next();
        before.start(rotating).rotate(Duration.ofSeconds(30)).persist();

        Sessions keyed = keyed(OLD, "old");
        assertThat(cart(keyed, browser.next())).as("within the grace").isEqualTo("tea");
        time.advance(Duration.ofSeconds(30));
        assertThat(cart(keyed, browser.next())).as("after it").isEqualTo("nothing");
        assertThat(events).contains("refused");
        assertThat(cart(keyed, rotating.next())).isEqualTo("tea");
    }

    @Test
    void anIdGivenToStartSetsTheCookieOfAClientThatLacksIt() {
        TestExchange browser = stored(open(Map.of()));
        Sessions keyed = keyed(OLD, "old");
        TestExchange other = TestExchange.with();
        assertThat(keyed.start(secret(browser), other).get("cart")).contains("tea");
        assertThat(other.next().cookies("__geniesid"))
                .containsExactly(secret(browser).value());
    }
}
