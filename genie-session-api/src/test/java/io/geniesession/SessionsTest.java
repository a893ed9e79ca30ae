package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.geniesession.spi.EndedSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The session model, on a store that keeps bytes. */
class SessionsTest {
    private final SettableTime time = new SettableTime();
    private final BytesAdapter store = new BytesAdapter();
    private final List<String> events = new ArrayList<>();
    private final List<Sessions> open = new ArrayList<>();
    private final Sessions sessions = open();

    private Sessions open(String... settings) {
        Sessions.Builder builder = Sessions.builder()
                .adapter(store)
                .clock(time)
                .set("genie.session.sweep", "false")
                .listener(new Recorder());
        for (int i = 0; i < settings.length; i += 2) {
            builder.set(settings[i], settings[i + 1]);
        }
        Sessions opened = builder.open();
        open.add(opened);
        return opened;
    }

    private final class Recorder implements SessionListener {
        @Override
        public void created(SessionInfo session) {
            events.add("created");
        }

        @Override
        public void renewed(SessionInfo session, String formerPublicId) {
            events.add("renewed");
        }

        @Override
        public void ended(SessionEnd ended) {
            events.add("ended " + ended.reason());
        }

        @Override
        public void formerIdRefused(SessionInfo session, String formerPublicId) {
            events.add("former id refused");
        }

        @Override
        public void changesLost(SessionInfo session) {
            events.add("changes lost");
        }
    }

    @AfterEach
    void close() {
        open.forEach(Sessions::close);
    }

    /** Stores a session and returns the exchange that answered it. */
    private TestExchange stored(String name, Object value) {
        TestExchange exchange = TestExchange.with();
        sessions.start(exchange).set(name, value).persist();
        return exchange;
    }

    // ---- when something is stored, and the cookie

    @Test
    void untouchedSessionIsNotStoredAndSetsNoCookie() {
        TestExchange exchange = TestExchange.with();
        Session session = sessions.start(exchange);

        assertThat(session.persist()).isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(exchange.setCookie()).isEmpty();
        assertThat(sessions.count()).isZero();
        assertThat(session.isNew()).isTrue();
        assertThat(session.isStored()).isFalse();
    }

    @Test
    void firstAttributeStoresTheSessionAndSetsTheCookie() {
        TestExchange exchange = TestExchange.with();
        Session session = sessions.start(exchange);
        session.set("cart", List.of("tea"));
        assertThat(exchange.setCookie()).as("before the store has answered").isEmpty();

        assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(exchange.setCookie().orElseThrow())
                .startsWith("__geniesid=")
                .contains("; Path=/")
                .contains("; HttpOnly")
                .contains("; SameSite=Lax")
                .doesNotContain("Secure");
        Session next = sessions.start(exchange.next());
        assertThat(next.get("cart")).contains(List.of("tea"));
        assertThat(next.isNew()).isFalse();
        assertThat(next.key()).isEqualTo(session.key());
        assertThat(events).containsExactly("created");
    }

    @Test
    void keptSessionIsStoredEmpty() {
        TestExchange exchange = TestExchange.with();
        assertThat(sessions.start(exchange).keep().persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(exchange.setCookie()).isPresent();
    }

    @Test
    void secureRequestMakesTheCookieSecure() {
        TestExchange exchange = TestExchange.with().secure();
        sessions.start(exchange).set("a", 1).persist();
        assertThat(exchange.setCookie().orElseThrow()).contains("; Secure");
    }

    @Test
    void clientNeverChoosesAnId() {
        SessionId chosen = SessionId.generate();
        TestExchange exchange = TestExchange.with(chosen.value());
        sessions.start(exchange).set("a", 1).persist();

        assertThat(exchange.setCookie().orElseThrow()).doesNotContain(chosen.value());
        assertThat(sessions.load(chosen)).isEmpty();
    }

    @Test
    void malformedCookiesAreNoSession() {
        for (String bogus : List.of("", "x", "a".repeat(42), "a".repeat(44), "!".repeat(43), "a".repeat(100_000))) {
            assertThat(sessions.start(TestExchange.with(bogus)).isNew()).isTrue();
        }
        assertThat(store.loads).isZero();
    }

    @Test
    void ofSeveralCookiesTheOneThatOpensASessionIsUsed() {
        TestExchange first = stored("a", 1);
        String valid = first.next().cookies("__geniesid").get(0);
        TestExchange both = TestExchange.with(SessionId.generate().value(), "bogus", valid);
        assertThat(sessions.start(both).get("a")).contains(1);
    }

    /** A host beside ours can set as many cookies for the whole domain as the browser keeps. */
    @Test
    void noMoreThanFourCookiesAreLookedAt() {
        TestExchange stored = stored("a", 1);
        String valid = stored.next().cookies("__geniesid").get(0);
        List<String> tossed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tossed.add(SessionId.generate().value());
        }
        tossed.add("no id");
        tossed.add(valid);
        assertThat(sessions.start(TestExchange.with(tossed.toArray(new String[0])))
                        .get("a"))
                .contains(1);

        tossed.add(0, SessionId.generate().value());
        store.loads = 0;
        assertThat(sessions.start(TestExchange.with(tossed.toArray(new String[0])))
                        .get("a"))
                .isEmpty();
        assertThat(store.loads).isEqualTo(4);
    }

    @Test
    void cookieThatIsSentTwiceIsLookedAtOnce() {
        String valid = stored("a", 1).next().cookies("__geniesid").get(0);
        String unknown = SessionId.generate().value();
        assertThat(sessions.start(TestExchange.with(unknown, unknown, unknown, unknown, valid))
                        .get("a"))
                .contains(1);
        assertThat(store.loads).isEqualTo(2);
    }

    @Test
    void outageNeitherMintsAnIdNorTouchesTheCookie() {
        TestExchange next = stored("a", 1).next();
        store.failWith(new SessionStoreException("down", "08006", false, null));
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> sessions.start(next));
        assertThat(next.setCookie()).isEmpty();
        assertThat(next.attached()).isEmpty();

        store.failWith(null);
        assertThat(sessions.start(next).get("a")).contains(1);
    }

    @Test
    void failedPersistKeepsTheChangesPending() {
        TestExchange exchange = TestExchange.with();
        Session session = sessions.start(exchange).set("a", 1);
        store.failWith(new SessionStoreException("down", "08006", false, null));
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(session::persist);
        assertThat(exchange.setCookie()).isEmpty();

        store.failWith(null);
        assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(sessions.start(exchange.next()).get("a")).contains(1);
    }

    // ---- reading and writing

    @Test
    void readWritesNothing() {
        Map<String, String> map = new HashMap<>();
        Set<String> set = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            map.put("key " + i * 31, "value " + i);
            set.add("element " + i * 17);
        }
        TestExchange exchange = stored("map", map);
        sessions.start(exchange).set("set", set).persist();
        int before = store.persists;
        for (int i = 0; i < 50; i++) {
            Session session = sessions.start(exchange.next());
            assertThat(session.get("map")).contains(map);
            assertThat(session.get("set")).contains(set);
            assertThat(session.persist()).isEqualTo(PersistOutcome.UNCHANGED);
        }
        assertThat(store.persists).isEqualTo(before);
        assertThat(store.touches).isZero();
    }

    @Test
    void changeInPlaceIsStored() {
        TestExchange exchange = stored("cart", new ArrayList<>(List.of("tea")));
        Session session = sessions.start(exchange.next());
        List<Object> cart = session.get("cart", new ArrayList<>());
        cart.add("cake");
        assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(session.persist()).as("nothing changed since").isEqualTo(PersistOutcome.UNCHANGED);
        cart.add("milk");
        assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(sessions.start(exchange.next()).get("cart")).contains(List.of("tea", "cake", "milk"));
    }

    @Test
    void changeAfterSettingIsStored() {
        List<String> cart = new ArrayList<>();
        TestExchange exchange = TestExchange.with();
        Session session = sessions.start(exchange).set("cart", cart);
        cart.add("tea");
        session.persist();
        assertThat(sessions.start(exchange.next()).get("cart")).contains(List.of("tea"));
    }

    @Test
    void sameObjectIsReadEachTimeInARequest() {
        TestExchange exchange = stored("cart", new ArrayList<>(List.of("tea")));
        Session session = sessions.start(exchange.next());
        assertThat(session.get("cart").orElseThrow())
                .isSameAs(session.get("cart").orElseThrow());
        session.set("a", 1).persist();
        assertThat(session.get("cart").orElseThrow())
                .isSameAs(session.get("cart").orElseThrow());
    }

    @Test
    void requestsThatChangeDifferentAttributesBothKeepTheirs() {
        TestExchange exchange = stored("a", 0);
        Session first = sessions.start(exchange.next());
        Session second = sessions.start(exchange.next());
        first.set("a", 1).persist();
        second.set("b", 2).unset("c").persist();
        Session after = sessions.start(exchange.next());
        assertThat(after.get("a")).contains(1);
        assertThat(after.get("b")).contains(2);
    }

    @Test
    void namesFollowTheRequestsOwnChanges() {
        TestExchange exchange = stored("a", 1);
        Session session = sessions.start(exchange.next());
        session.set("b", 2).unset("a");
        assertThat(session.names()).containsExactly("b");
        assertThat(session.isSet("a")).isFalse();
        assertThat(session.get("a")).isEmpty();
        session.persist();
        assertThat(session.names()).containsExactly("b");
        assertThat(sessions.start(exchange.next()).names()).containsExactly("b");
    }

    @Test
    void valueThatCannotBeStoredIsRefusedWhenItIsSet() {
        Session session = sessions.create();
        Object secret = new Object() {
            @Override
            public String toString() {
                return "SECRET";
            }
        };
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> session.set("thing", secret))
                .withMessageContaining("thing")
                .withMessageContaining(secret.getClass().getName())
                .withMessageNotContaining("SECRET");
        assertThat(session.isSet("thing")).isFalse();
    }

    @Test
    void wrongTypeNamesBothTypesAndNoValue() {
        Session session = sessions.create().set("a", "SECRET");
        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() -> session.get("a", Integer.class))
                .withMessageContaining("java.lang.String")
                .withMessageContaining("java.lang.Integer")
                .withMessageNotContaining("SECRET");
    }

    @Test
    void undecodableAttributeCostsThatAttributeAndKeepsItsBytes() {
        TestExchange exchange = stored("good", 1);
        sessions.start(exchange).set("bad", 2).persist();
        byte[] unknown = {0x0f, 1, 2, 3};
        store.corrupt(sessions.start(exchange).key(), "bad", unknown);

        Session session = sessions.start(exchange.next());
        assertThat(session.get("bad")).isEmpty();
        assertThat(session.get("good")).contains(1);
        session.set("more", 3).persist();
        assertThat(store.bytesOf(session.key(), "bad")).isEqualTo(unknown);

        session.unset("bad").persist();
        assertThat(sessions.start(exchange.next()).names()).containsExactlyInAnyOrder("good", "more");
    }

    @Test
    void undecodableAttributeIsLoggedOnce() {
        TestExchange exchange = stored("bad", 2);
        store.corrupt(sessions.start(exchange).key(), "bad", new byte[] {0x0f});
        try (Warnings warnings = new Warnings()) {
            assertThat(sessions.start(exchange.next()).get("bad")).isEmpty();
            assertThat(sessions.start(exchange.next()).get("bad")).isEmpty();
            assertThat(warnings.messages())
                    .singleElement()
                    .asString()
                    .startsWith("Attribute \"bad\" cannot be decoded and is treated as absent; its bytes stay stored.");
        }
    }

    @Test
    void undecodableAttributeFailsIfSoConfigured() {
        Sessions strict = open("genie.session.undecodable", "fail");
        TestExchange exchange = stored("bad", 2);
        store.corrupt(sessions.start(exchange).key(), "bad", new byte[] {0x0f});
        Session session = strict.start(exchange.next());
        assertThatExceptionOfType(SessionCodecException.class).isThrownBy(() -> session.get("bad"));
    }

    @Test
    void sizeOfASessionIsBounded() {
        Sessions small = open("genie.session.max-attribute-size", "1000B", "genie.session.max-session-size", "2000B");
        TestExchange exchange = TestExchange.with();
        Session session = small.start(exchange);
        session.set("a", "x".repeat(900)).set("b", "x".repeat(900));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> session.set("c", "x".repeat(900)))
                .withMessageContaining("genie.session.max-session-size");
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> session.set("c", "x".repeat(1_100)))
                .withMessageContaining("genie.session.max-attribute-size");
        session.set("b", "y".repeat(900)).persist();
        Session next = small.start(exchange.next());
        next.set("a", "z".repeat(900));
        assertThatExceptionOfType(SessionCodecException.class).isThrownBy(() -> next.set("c", "x".repeat(900)));
        assertThat(next.persist()).isEqualTo(PersistOutcome.SAVED);
    }

    @Test
    void sessionMayBeExactlyAsLargeAsItsBound() {
        Session probe = sessions.create().set("a", "x".repeat(900));
        probe.persist();
        int more = store.bytesOf(probe.key(), "a").length - 900;
        Sessions small = open("genie.session.max-attribute-size", "1000B", "genie.session.max-session-size", "2000B");
        TestExchange exchange = TestExchange.with();
        String full = "x".repeat(1_000 - more);
        small.start(exchange).set("a", full).set("b", full).persist();

        Session next = small.start(exchange.next()).set("b", full);
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> next.set("c", 1))
                .withMessageContaining("genie.session.max-session-size");
        next.set("a", full.substring(2)).set("c", 1);
        assertThat(next.persist()).isEqualTo(PersistOutcome.SAVED);
    }

    @Test
    void objectThatGrowsInPlaceIsBounded() {
        Sessions small = open("genie.session.max-attribute-size", "1000B", "genie.session.max-session-size", "1000B");
        TestExchange exchange = TestExchange.with();
        small.start(exchange)
                .set("a", "x".repeat(900))
                .set("list", new ArrayList<>(List.of("tea")))
                .persist();
        Session next = small.start(exchange.next());
        next.get("list", new ArrayList<String>()).add("y".repeat(100));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(next::persist)
                .withMessageContaining("genie.session.max-session-size");
    }

    @Test
    void replaceAndRemoveAnswerWhatWasThere() {
        TestExchange exchange = stored("a", 1);
        Session session = sessions.start(exchange.next());
        assertThat(session.replace("a", 2)).contains(1);
        assertThat(session.replace("b", 3)).isEmpty();
        assertThat(session.remove("b")).contains(3);
        assertThat(session.remove("b")).isEmpty();
        assertThat(session.remove("a")).contains(2);
        session.persist();
        assertThat(sessions.start(exchange.next()).names()).isEmpty();
    }

    @Test
    void whatCannotBeReadCanBeReplacedAndRemoved() {
        Sessions strict = open("genie.session.undecodable", "fail");
        TestExchange exchange = stored("bad", 2);
        store.corrupt(sessions.start(exchange).key(), "bad", new byte[] {0x0f});
        assertThat(strict.start(exchange.next()).remove("bad")).isEmpty();
        Session session = strict.start(exchange.next());
        assertThat(session.isSet("bad")).isTrue();
        assertThat(session.replace("bad", 3)).isEmpty();
        session.persist();
        assertThat(strict.start(exchange.next()).get("bad")).contains(3);
    }

    @Test
    void namesOfAttributesAreChecked() {
        Session session = sessions.create();
        assertThatIllegalArgumentException().isThrownBy(() -> session.set("", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> session.set("x".repeat(256), 1));
        for (String malformed : List.of("\ud83d", "\ude00", "\ud83dx", "x\ude00", "\ud83d\ud83d\ude00")) {
            assertThatIllegalArgumentException().isThrownBy(() -> session.set(malformed, 1));
        }
        session.set("\ud83d\ude00x\ud83d\ude00", 1).unset("\ud83d\ude00x\ud83d\ude00");
        List<ThrowingCallable> reserved = List.of(
                () -> session.set("genie.flash.x", 1),
                () -> session.replace("genie.flash.x", 1),
                () -> session.unset("genie.flash.x"),
                () -> session.remove("genie.flash.x"));
        for (ThrowingCallable change : reserved) {
            assertThatIllegalArgumentException().isThrownBy(change).withMessageContaining("flash()");
        }
        session.set("x".repeat(255), 1).unset("x".repeat(255));
        assertThatIllegalArgumentException().isThrownBy(() -> session.update("", Integer.class, old -> old));
        Session few =
                open("genie.session.max-attributes", "2").create().set("a", 1).set("b", 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> few.set("c", 3))
                .withMessageContaining("genie.session.max-attributes");
        assertThat(few.update("c", Integer.class, old -> old)).isEmpty();
        few.set("b", 3).unset("a").set("c", 4);
        assertThat(few.names()).containsExactlyInAnyOrder("b", "c");

        few.persist();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> few.update("d", Integer.class, old -> Optional.of(1)))
                .withMessageContaining("genie.session.max-attributes");
        assertThat(few.update("c", Integer.class, old -> Optional.of(5))).contains(5);
    }

    // ---- time

    @Test
    void sessionExpiresAfterItsIdleTimeoutAndQuantum() {
        TestExchange exchange = stored("a", 1);
        time.advance(Duration.ofMinutes(31).minusMillis(1));
        assertThat(sessions.start(exchange.next()).isStored()).isTrue();
        time.advance(Duration.ofMillis(1));
        assertThat(sessions.start(exchange.next()).isStored()).isFalse();
    }

    @Test
    void readBeyondTheQuantumRefreshesTheStoredAccess() {
        TestExchange exchange = stored("a", 1);
        time.advance(Duration.ofMinutes(1));
        assertThat(sessions.start(exchange.next()).persist()).isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(store.touches).isZero();
        time.advance(Duration.ofMillis(1));
        Session session = sessions.start(exchange.next());
        session.persist();
        session.persist();
        assertThat(store.touches).as("once per request").isEqualTo(1);
        time.advance(Duration.ofMinutes(30));
        assertThat(sessions.start(exchange.next()).isStored()).isTrue();
    }

    @Test
    void cookieThatEndsWithTheBrowserIsNotSentAgain() {
        TestExchange next = stored("a", 1).next();
        time.advance(Duration.ofMinutes(2));
        sessions.start(next).persist();
        assertThat(store.touches).isEqualTo(1);
        assertThat(next.setCookie()).isEmpty();
        SessionId id = sessions.id(next);
        TestExchange has = next.next();
        sessions.start(id, has);
        assertThat(has.setCookie()).as("the client has it").isEmpty();
    }

    @Test
    void peekAndPassiveRequestsKeepNothingAlive() {
        TestExchange exchange = stored("a", 1);
        SessionId id = sessions.id(exchange);
        time.advance(Duration.ofMinutes(20));
        assertThat(sessions.peek(id).orElseThrow().persist()).isEqualTo(PersistOutcome.UNCHANGED);
        sessions.start(exchange.next().passive()).persist();
        sessions.peek(sessions.start(exchange.next()).key()).orElseThrow().persist();
        assertThat(store.touches).isZero();
        time.advance(Duration.ofMinutes(20));
        assertThat(sessions.peek(id)).isEmpty();
    }

    @Test
    void loadingByKeyIsAnAccess() {
        SessionKey key = sessions.start(stored("a", 1)).key();
        time.advance(Duration.ofMinutes(20));
        sessions.load(key).orElseThrow().persist();
        assertThat(store.touches).isEqualTo(1);
        time.advance(Duration.ofMinutes(20));
        assertThat(sessions.load(key)).isPresent();
    }

    @Test
    void longRequestAcrossTheExpiryIsSaved() {
        TestExchange exchange = stored("a", 1);
        time.advance(Duration.ofMinutes(29));
        Session slow = sessions.start(exchange.next());
        time.advance(Duration.ofMinutes(10));
        assertThat(slow.set("b", 2).persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(sessions.start(exchange.next()).get("b")).contains(2);
    }

    @Test
    void absoluteLifetimeEndsABusySession() {
        Sessions limited = open("genie.session.lifetime", "1h");
        TestExchange exchange = TestExchange.with();
        limited.start(exchange).set("a", 1).persist();
        for (int i = 0; i < 5; i++) {
            time.advance(Duration.ofMinutes(11));
            assertThat(limited.start(exchange.next()).set("i", i).persist()).isEqualTo(PersistOutcome.SAVED);
        }
        time.advance(Duration.ofMinutes(5));
        assertThat(limited.start(exchange.next()).isStored()).isFalse();
        time.advance(Duration.ofMinutes(2));
        assertThat(limited.sweep()).isEqualTo(1);
        assertThat(events).contains("ended LIFETIME");
    }

    @Test
    void emptySessionGetsTheShortTimeoutUntilSomethingIsPutIn() {
        Sessions bots = open("genie.session.empty-idle-timeout", "2m");
        TestExchange exchange = TestExchange.with();
        bots.start(exchange).keep().persist();
        Session joined = bots.start(exchange.next());
        assertThat(joined.idleTimeout()).isEqualTo(Duration.ofMinutes(2));
        joined.rotate(Duration.ofMinutes(1)).persist();
        assertThat(joined.idleTimeout()).isEqualTo(Duration.ofMinutes(2));
        joined.set("a", 1).persist();
        assertThat(bots.start(exchange.next()).idleTimeout()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void idleTimeoutOfOneSessionCanBeShortenedAndRemoved() {
        TestExchange exchange = stored("a", 1);
        sessions.start(exchange.next()).setIdleTimeout(Duration.ofSeconds(30)).persist();
        time.advance(Duration.ofSeconds(32));
        assertThat(sessions.start(exchange.next()).isStored()).isFalse();

        TestExchange forever = stored("a", 1);
        sessions.start(forever.next()).setIdleTimeout(Duration.ofSeconds(-1)).persist();
        time.advance(Duration.ofDays(10_000));
        assertThat(sessions.start(forever.next()).isStored()).isTrue();
    }

    @Test
    void sweepGoesOnWhenAListenerFails() {
        Sessions broken = Sessions.builder()
                .adapter(store)
                .clock(time)
                .set("genie.session.sweep", "false")
                .listener(new SessionListener() {
                    @Override
                    public void ended(SessionEnd ended) {
                        throw new NoClassDefFoundError("com/example/Gone");
                    }
                })
                .listener(new Recorder())
                .open();
        open.add(broken);
        stored("a", 1);
        stored("a", 1);
        time.advance(Duration.ofMinutes(33));
        try (Warnings warnings = new Warnings()) {
            assertThat(broken.sweep()).isEqualTo(2);
            assertThat(warnings.messages()).hasSize(2).containsOnly("A session listener or meter failed");
        }
        assertThat(events).containsExactly("created", "created", "ended IDLE", "ended IDLE");
    }

    @Test
    void sessionsOfTheUsualTimeoutShareTheirExpiry() {
        Session one = sessions.create().keep();
        Session other = sessions.create().keep();
        Session shorter = sessions.create().keep().setIdleTimeout(Duration.ofMinutes(5));
        one.persist();
        other.persist();
        shorter.persist();

        Expiry shared = one.info().orElseThrow().expiry();
        assertThat(other.info().orElseThrow().expiry()).isSameAs(shared);
        assertThat(shorter.info().orElseThrow().expiry()).isNotEqualTo(shared);
    }

    @Test
    void idleTimeoutAndGraceAreBounded() {
        Session session = sessions.create();
        assertThat(session.setIdleTimeout(Expiry.MAX).idleTimeout()).isEqualTo(Expiry.MAX);
        assertThatIllegalArgumentException().isThrownBy(() -> session.setIdleTimeout(Expiry.MAX.plusNanos(1)));
        session.rotate(Duration.ofMinutes(5)).rotate(Duration.ZERO);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session.rotate(Duration.ofMinutes(5).plusNanos(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> session.rotate(Duration.ofNanos(-1)));
    }

    @Test
    void shortestIdleTimeoutIsNotNever() {
        assertThat(sessions.create().setIdleTimeout(Duration.ofNanos(1)).idleTimeout())
                .isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void sweepRemovesWhatExpiredLongerAgoThanTheMarginAndTellsOnce() {
        stored("a", 1);
        time.advance(Duration.ofMinutes(31));
        assertThat(sessions.sweep()).isZero();
        time.advance(Duration.ofSeconds(60));
        assertThat(sessions.sweep()).isEqualTo(1);
        assertThat(sessions.sweep()).isZero();
        assertThat(events).containsExactly("created", "ended IDLE");
    }

    private void storeExpired(int count) {
        for (int i = 0; i < count; i++) {
            stored("a", i);
        }
        time.advance(Duration.ofMinutes(33));
    }

    @Test
    void interruptEndsASweepAtItsNextRestAndIsKept() {
        storeExpired(120); // more than a batch
        Thread.currentThread().interrupt();
        int removed = sessions.sweep();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(removed).isEqualTo(100);
        assertThat(sessions.sweep()).isEqualTo(20);
    }

    @Test
    void closingEndsASweepAtItsNextRest() {
        storeExpired(120); // more than a batch
        sessions.addListener(new SessionListener() {
            @Override
            public void ended(SessionEnd ended) {
                sessions.close();
            }
        });
        assertThat(sessions.sweep()).isEqualTo(100);
    }

    // ---- id, principal, end

    @Test
    void principalRenewsTheIdWithEverythingElse() {
        TestExchange exchange = stored("a", 1);
        TestExchange login = exchange.next();
        Session session = sessions.start(login);
        String before = session.id();
        session.setPrincipal("anna").set("b", 2);
        assertThat(session.id()).isNotEqualTo(before);
        assertThat(login.setCookie()).isEmpty();

        assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);

        Session after = sessions.start(login.next());
        assertThat(after.id()).isEqualTo(session.id());
        assertThat(after.principal()).contains("anna");
        assertThat(after.get("b")).contains(2);
        assertThat(events).containsExactly("created", "renewed");
    }

    @Test
    void signingInAgainRenewsTheIdAgain() {
        TestExchange exchange = stored("a", 1);
        TestExchange first = exchange.next();
        sessions.start(first).setPrincipal("ada").persist();
        TestExchange again = first.next();
        sessions.start(again).setPrincipal("ada").persist();

        assertThat(again.setCookie()).isPresent();
        assertThat(sessions.load(
                        SessionId.parse(first.next().cookies("__geniesid").get(0))
                                .orElseThrow()))
                .as("the id of the first sign-in")
                .isEmpty();
        assertThat(sessions.start(again.next()).principal()).contains("ada");
    }

    @Test
    void renewalOfASessionThatIsNotStoredChangesItsIdAtOnce() {
        TestExchange exchange = TestExchange.with();
        Session session = sessions.start(exchange).set("a", 1);
        String before = session.id();
        session.renew();
        assertThat(session.id())
                .isNotEqualTo(before)
                .isEqualTo(sessions.id(exchange).publicId());
        String renewed = session.id();
        session.persist();
        assertThat(session.id()).isEqualTo(renewed);
        assertThat(sessions.start(exchange.next()).id()).isEqualTo(renewed);
    }

    @Test
    void secretOfAPendingRenewalIsTheNewOne() {
        TestExchange next = stored("a", 1).next();
        Session session = sessions.start(next).renew();
        assertThat(sessions.id(next).publicId()).isEqualTo(session.id());
    }

    @Test
    void keyThatWasShownOutlivesARefresh() {
        Session session = sessions.create().set("a", 1);
        SessionKey key = session.key();

        assertThat(session.refresh()).isTrue();

        assertThat(session.isSet("a")).isFalse();
        assertThat(session.key()).isEqualTo(key);
        session.keep().persist();
        assertThat(sessions.peek(key)).isPresent();
    }

    @Test
    void givenAdapterIsStrongerThanAName() {
        open("genie.session.adapter", "other").check();
    }

    @Test
    void classesAreThoseOfTheThreadThatOpens() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ClassLoader own = new ClassLoader(before) {};
        try {
            thread.setContextClassLoader(own);
            assertThat(open().config().classLoader()).isSameAs(own);
            assertThat(SessionConfig.builder().build().classLoader()).isSameAs(own);
            thread.setContextClassLoader(null);
            assertThat(open().config().classLoader()).isSameAs(ClassLoader.getSystemClassLoader());
            assertThat(SessionConfig.builder().build().classLoader()).isSameAs(SessionConfig.class.getClassLoader());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void configurationCanBeReadWithoutOpening() {
        SessionConfig config = Sessions.builder()
                .defaults(Map.of("genie.session.idle-timeout", "7m"), "the container")
                .config();
        assertThat(config.idleTimeout()).isEqualTo(Duration.ofMinutes(7));
    }

    @Test
    void requestWithAFormerIdGetsAnUnstoredSessionAndNoCookie() {
        TestExchange old = stored("a", 1).next();
        TestExchange login = TestExchange.with(old.cookies("__geniesid").get(0));
        sessions.start(login).setPrincipal("anna").persist();

        Session late = sessions.start(old);
        assertThat(late.isStored()).isFalse();
        assertThat(late.persist()).as("there is nothing to store").isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(late.keep().persist()).isEqualTo(PersistOutcome.UNSTORED);
        assertThat(late.set("x", 1).persist()).isEqualTo(PersistOutcome.UNSTORED);
        assertThat(old.setCookie()).isEmpty();
        assertThat(sessions.count()).isEqualTo(1);
        assertThat(events).containsExactly("created", "renewed", "former id refused");
    }

    @Test
    void clientThatNeverGotItsNewIdCanBeginAgainAMinuteLater() {
        TestExchange old = stored("a", 1).next();
        sessions.start(TestExchange.with(old.cookies("__geniesid").get(0)))
                .setPrincipal("anna")
                .persist();
        time.advance(Duration.ofMinutes(1).minusMillis(1));
        assertThat(sessions.start(old.next()).set("x", 1).persist()).isEqualTo(PersistOutcome.UNSTORED);
        time.advance(Duration.ofMillis(1));
        TestExchange again = old.next();
        assertThat(sessions.start(again).set("x", 1).persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(again.setCookie()).isPresent();
        assertThat(sessions.start(again.next()).names()).containsExactly("x");
    }

    @Test
    void ofTwoRotationsBothKeepTheirAttributes() {
        TestExchange exchange = stored("a", 1);
        TestExchange first = exchange.next();
        TestExchange second = exchange.next();
        Session winner = sessions.start(first).rotate(Duration.ofSeconds(20));
        Session other = sessions.start(second).rotate(Duration.ofSeconds(20)).set("b", 2);
        winner.persist();
        assertThat(other.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(second.setCookie()).isEmpty();
        assertThat(sessions.start(first.next()).get("b")).contains(2);
    }

    @Test
    void renewalWhoseAnswerWasLostIsNotDoneTwice() {
        TestExchange exchange = stored("a", 1);
        TestExchange login = exchange.next();
        Session session = sessions.start(login).setPrincipal("anna").set("b", 2);
        store.loseNextAnswer = true;
        assertThatExceptionOfType(SessionStoreException.class)
                .isThrownBy(session::persist)
                .matches(SessionStoreException::outcomeUnknown);
        assertThat(login.setCookie()).isEmpty();

        assertThat(session.set("c", 3).persist()).isEqualTo(PersistOutcome.SAVED);
        Session after = sessions.start(login.next());
        assertThat(after.principal()).contains("anna");
        assertThat(after.names()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(events).containsExactly("created", "renewed");
    }

    @Test
    void creationWhoseAnswerWasLostIsNotDoneTwice() {
        TestExchange exchange = TestExchange.with();
        Session session = sessions.start(exchange).set("a", 1);
        store.loseNextAnswer = true;
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(session::persist);

        assertThat(session.set("b", 2).persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(sessions.start(exchange.next()).names()).containsExactlyInAnyOrder("a", "b");
        assertThat(sessions.count()).isEqualTo(1);
        assertThat(events).containsExactly("created");
    }

    @Test
    void sessionRenewedAfterALostCreationTakesItsNewIdWithTheNextPersist() {
        TestExchange exchange = TestExchange.with();
        Session session = sessions.start(exchange).set("a", 1);
        store.loseNextAnswer = true;
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(session::persist);

        assertThat(session.setPrincipal("anna").persist()).isEqualTo(PersistOutcome.SAVED);

        Session after = sessions.start(exchange.next());
        assertThat(after.principal()).contains("anna");
        assertThat(after.get("a")).contains(1);
        assertThat(after.id()).isEqualTo(session.id());
        assertThat(sessions.count()).isEqualTo(1);
    }

    @Test
    void refreshAfterALostRenewalKeepsTheNewId() {
        TestExchange exchange = stored("a", 1);
        TestExchange login = exchange.next();
        Session session = sessions.start(login).renew();
        store.loseNextAnswer = true;
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(session::persist);

        assertThat(session.refresh()).isTrue();

        assertThat(login.setCookie()).isPresent();
        assertThat(sessions.start(login.next()).get("a")).contains(1);
    }

    private void assertOutcomeUnknown(Session session) {
        store.failWith(new SessionStoreException("the question was lost", "08006", true, null));
        assertThatExceptionOfType(SessionStoreException.class)
                .isThrownBy(session::persist)
                .matches(SessionStoreException::outcomeUnknown);
        store.failWith(null);
    }

    @Test
    void creationThatWasLostBeforeItHappenedIsDone() {
        TestExchange exchange = TestExchange.with();
        Session session = sessions.start(exchange).set("a", 1);
        assertOutcomeUnknown(session);

        assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(sessions.start(exchange.next()).get("a")).contains(1);
        assertThat(events).containsExactly("created");
    }

    @Test
    void renewalThatWasLostBeforeItHappenedIsDone() {
        TestExchange login = stored("a", 1).next();
        Session session = sessions.start(login).setPrincipal("anna");
        String renewed = session.id();
        assertOutcomeUnknown(session);
        assertThat(login.setCookie()).isEmpty();

        assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);
        Session after = sessions.start(login.next());
        assertThat(after.principal()).contains("anna");
        assertThat(after.id()).isEqualTo(renewed);
        assertThat(events).containsExactly("created", "renewed");
    }

    @Test
    void renewalOfASessionThatEndedAfterItsAnswerWasLostIsGone() {
        TestExchange login = stored("a", 1).next();
        Session session = sessions.start(login).setPrincipal("anna");
        store.loseNextAnswer = true;
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(session::persist);
        sessions.end(session.key());

        assertThat(session.persist()).isEqualTo(PersistOutcome.GONE);
        assertThat(sessions.count()).isZero();
    }

    @Test
    void storeIsAskedOnceWhatBecameOfALostAnswer() {
        Session session = sessions.start(stored("a", 1).next()).set("a", 2);
        store.loseNextAnswer = true;
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(session::persist);
        store.loads = 0;

        session.persist();
        session.set("a", 3).persist();

        assertThat(store.loads).isEqualTo(1);
    }

    @Test
    void invalidationAfterALostCreationLeavesNothingBehind() {
        Session session = sessions.start(TestExchange.with()).set("a", 1);
        store.loseNextAnswer = true;
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(session::persist);

        session.invalidate();

        assertThat(sessions.count()).isZero();
    }

    @Test
    void nothingThatNeedsACookieIsStoredOnceTheResponseIsOnItsWay() {
        TestExchange exchange = stored("a", 1);
        TestExchange late = exchange.next().committed();
        Session session = sessions.start(late);
        session.setPrincipal("anna");
        assertThatIllegalStateException().isThrownBy(session::persist).withMessageContaining("nothing was stored");
        assertThat(sessions.peek(session.key()).orElseThrow().principal()).isEmpty();

        Session fresh = sessions.start(TestExchange.with().committed()).set("a", 1);
        assertThatIllegalStateException().isThrownBy(fresh::persist);
        assertThat(sessions.count()).isEqualTo(1);

        TestExchange out = exchange.next().committed();
        Session ended = sessions.start(out);
        ended.invalidate();
        assertThat(ended.isValid()).isFalse();
        assertThat(out.setCookie()).isEmpty();
    }

    @Test
    void slowRequestUnderTheOldIdStillSavesAndChangesNoId() {
        TestExchange exchange = stored("a", 1);
        TestExchange slowExchange = exchange.next();
        Session slow = sessions.start(slowExchange);
        TestExchange login = exchange.next();
        sessions.start(login).setPrincipal("anna").persist();

        assertThat(slow.set("b", 2).persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(slowExchange.setCookie()).isEmpty();
        Session after = sessions.start(login.next());
        assertThat(after.get("b")).contains(2);
        assertThat(after.principal()).contains("anna");
    }

    @Test
    void ofTwoRenewalsOneHappensWithAllOfItsChanges() {
        TestExchange exchange = stored("a", 1);
        TestExchange first = exchange.next();
        TestExchange second = exchange.next();
        Session winner = sessions.start(first).setPrincipal("anna").set("user", "anna");
        Session loser = sessions.start(second).setPrincipal("bert").set("user", "bert");
        assertThat(winner.persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(loser.persist()).isEqualTo(PersistOutcome.CONFLICT);

        assertThat(second.setCookie()).isEmpty();
        Session after = sessions.start(first.next());
        assertThat(after.principal()).contains("anna");
        assertThat(after.get("user")).contains("anna");
        assertThat(loser.persist()).isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(events).containsExactly("created", "renewed", "changes lost");
    }

    @Test
    void rotationHasAGraceAndSignInHasNone() {
        TestExchange exchange = stored("a", 1);
        TestExchange old = exchange.next();
        TestExchange rotating = exchange.next();
        sessions.start(rotating).rotate(Duration.ofSeconds(20)).persist();

        time.advance(Duration.ofSeconds(20).minusMillis(1));
        Session late = sessions.start(old);
        assertThat(late.get("a")).contains(1);
        assertThat(late.set("b", 2).persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(old.setCookie()).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(sessions.start(old.next()).isStored()).isFalse();
        assertThat(sessions.start(rotating.next()).get("b")).contains(2);

        TestExchange former = rotating.next();
        sessions.start(rotating.next())
                .rotate(Duration.ofSeconds(20))
                .setPrincipal("anna")
                .persist();
        assertThat(sessions.start(former).isStored()).isFalse();
    }

    @Test
    void clientDoesNotGetAnIdThatWasGivenUp() {
        TestExchange old = stored("a", 1).next();
        SessionId given = SessionId.parse(old.cookies("__geniesid").get(0)).orElseThrow();
        sessions.start(old.next()).rotate(Duration.ofSeconds(20)).persist();

        TestExchange without = TestExchange.with();
        assertThat(sessions.start(given, without).get("a")).contains(1);
        assertThat(without.setCookie()).isEmpty();
    }

    @Test
    void ofSeveralRotationsInOneRequestTheShortestGraceCounts() {
        for (List<Integer> graces : List.of(List.of(20, 5), List.of(5, 20))) {
            TestExchange old = stored("a", 1).next();
            Session session = sessions.start(old.next());
            graces.forEach(seconds -> session.rotate(Duration.ofSeconds(seconds)));
            session.persist();

            time.advance(Duration.ofSeconds(5).minusMillis(1));
            assertThat(sessions.start(old.next()).isStored()).isTrue();
            time.advance(Duration.ofMillis(1));
            assertThat(sessions.start(old.next()).isStored()).isFalse();
        }
    }

    @Test
    void severalRotationsInOneRequestCanBeDroppedAndASignInCannot() {
        TestExchange exchange = stored("a", 1);
        Duration grace = Duration.ofSeconds(20);
        Session winner = sessions.start(exchange.next()).rotate(grace);
        Session rotating = sessions.start(exchange.next()).rotate(grace).rotate(grace);
        Session signingIn = sessions.start(exchange.next()).setPrincipal("anna").rotate(grace);
        winner.persist();

        assertThat(rotating.set("b", 2).persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(signingIn.set("c", 3).persist()).isEqualTo(PersistOutcome.CONFLICT);
        assertThat(sessions.peek(winner.key()).orElseThrow().names()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void principalsSessionsAreListedCountedAndLimited() {
        Sessions limited = open("genie.session.max-sessions-per-principal", "2");
        List<TestExchange> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            TestExchange client = TestExchange.with();
            limited.start(client)
                    .setPrincipal("anna")
                    .setIndex("device", "phone " + i)
                    .persist();
            clients.add(client);
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(limited.ofPrincipal("anna"))
                .extracting(info -> info.indexes().get("device"))
                .containsExactly("phone 2", "phone 3");
        assertThat(limited.count(Session.PRINCIPAL, "anna")).isEqualTo(2);
        assertThat(limited.start(clients.get(0).next()).isStored()).isFalse();

        SessionKey mine = limited.start(clients.get(3).next()).key();
        events.clear();
        assertThat(limited.endAll(Session.PRINCIPAL, "anna", mine)).isEqualTo(1);
        assertThat(events).containsExactly("ended DELETED");
        assertThat(limited.ofPrincipal("anna")).extracting(SessionInfo::key).containsExactly(mine);
        assertThat(limited.peek(mine).orElseThrow().principal()).contains("anna");
        assertThat(limited.end(mine)).isTrue();
        assertThat(limited.end(mine)).isFalse();
    }

    @Test
    void signInWhoseAnswerWasLostCountsForTheLimit() {
        Sessions limited = open("genie.session.max-sessions-per-principal", "1");
        limited.start(TestExchange.with()).setPrincipal("anna").persist();
        time.advance(Duration.ofSeconds(1));
        TestExchange client = TestExchange.with();
        limited.start(client).set("a", 1).persist();
        Session session = limited.start(client.next()).setPrincipal("anna");
        store.loseNextAnswer = true;
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(session::persist);

        session.persist();

        assertThat(limited.ofPrincipal("anna")).extracting(SessionInfo::key).containsExactly(session.key());
    }

    @Test
    void signInHoldsWhenTheLimitCannotBeEnforced() {
        Sessions limited = open("genie.session.max-sessions-per-principal", "1");
        TestExchange client = TestExchange.with();
        limited.start(client).set("a", 1).persist();
        TestExchange login = client.next();
        store.failFind = true;

        try (Warnings warnings = new Warnings()) {
            assertThat(limited.start(login).setPrincipal("anna").persist()).isEqualTo(PersistOutcome.SAVED);
            assertThat(warnings.messages())
                    .singleElement()
                    .asString()
                    .contains("genie.session.max-sessions-per-principal")
                    .endsWith("no connection was free");
        }

        assertThat(limited.start(login.next()).principal()).contains("anna");
    }

    @Test
    void endIsFinalEvenIfAListenerCannotSayWhatItWants() {
        sessions.addListener(new SessionListener() {
            @Override
            public boolean wantsAttributes() {
                throw new IllegalStateException("broken listener");
            }

            @Override
            public void ended(SessionEnd ended) {
                events.add("with " + ended.names());
            }
        });
        Session session = sessions.start(TestExchange.with()).set("a", 1);
        session.persist();

        try (Warnings warnings = new Warnings()) {
            session.invalidate();
            assertThat(warnings.messages()).containsExactly("A session listener or meter failed");
        }

        assertThat(sessions.count()).isZero();
        assertThat(events).containsExactly("created", "ended DELETED", "with []");
    }

    @Test
    void indexesAreChecked() {
        Session session = sessions.create();
        for (String bad : List.of("", "a b", "x".repeat(65), "ä")) {
            assertThatIllegalArgumentException().isThrownBy(() -> session.setIndex(bad, "v"));
        }
        for (String bad : List.of("", "x".repeat(256), "nul\0", "\0nul", "\ud800")) {
            assertThatIllegalArgumentException().isThrownBy(() -> session.setIndex("device", bad));
        }
        assertThat(session.setIndex("x".repeat(64), "x".repeat(255)).index("x".repeat(64)))
                .contains("x".repeat(255));
    }

    @Test
    void indexesShowWhatIsPending() {
        Session session = sessions.start(stored("a", 1).next()).setIndex("device", "phone");
        assertThat(session.index("device")).contains("phone");
        session.persist();
        assertThat(session.index("device")).contains("phone");
        assertThat(session.clearIndex("none").persist())
                .as("there is nothing to clear")
                .isEqualTo(PersistOutcome.UNCHANGED);

        session.clearIndex("device");
        assertThat(session.index("device")).isEmpty();
        assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(sessions.peek(session.key()).orElseThrow().index("device")).isEmpty();
    }

    @Test
    void endIsFinal() {
        TestExchange exchange = stored("a", 1);
        TestExchange slowExchange = exchange.next();
        Session slow = sessions.start(slowExchange);
        TestExchange out = exchange.next();
        Session session = sessions.start(out);
        session.invalidate();

        assertThat(out.setCookie().orElseThrow()).startsWith("__geniesid=;").contains("Max-Age=0");
        assertThat(session.isValid()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> session.get("a"));
        assertThatIllegalStateException().isThrownBy(session::invalidate);
        assertThat(session.persist()).isEqualTo(PersistOutcome.UNCHANGED);

        assertThat(slow.set("b", 2).persist()).isEqualTo(PersistOutcome.GONE);
        assertThat(slowExchange.setCookie()).isEmpty();
        assertThat(sessions.count()).isZero();
        assertThat(events).containsExactly("created", "ended DELETED", "changes lost");
    }

    @Test
    void refreshOfAnEndedSessionSaysSo() {
        Session session = sessions.start(stored("a", 1).next());
        sessions.end(session.key());

        assertThat(session.refresh()).isFalse();

        assertThat(session.isValid()).isFalse();
        assertThatIllegalStateException().isThrownBy(session::refresh);
        assertThat(session.persist()).isEqualTo(PersistOutcome.GONE);
        assertThat(events).containsExactly("created", "ended DELETED");
    }

    /** A request may have several threads, one after another or at the same time. */
    @Test
    void everyCallLeavesTheSessionToOtherThreads() throws Exception {
        List<Consumer<Session>> calls = List.of(
                Session::id,
                Session::key,
                Session::isValid,
                Session::isStored,
                Session::createdAt,
                Session::info,
                session -> session.get("a"),
                session -> session.set("a", 2),
                session -> session.update("a", Integer.class, old -> old),
                session -> session.isSet("a"),
                Session::names,
                Session::flash,
                Session::principal,
                Session::renew,
                Session::idleTimeout,
                Session::persist,
                Session::refresh,
                session -> assertThat(session.toString()).isNotEmpty(),
                session -> ((LiveSession) session).secret(),
                session -> ((LiveSession) session).isOpenedBy(SessionId.generate()),
                Session::invalidate);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Session session = sessions.start(stored("a", 1).next());
            for (Consumer<Session> call : calls) {
                call.accept(session);
                other.submit(session::toString).get(30, TimeUnit.SECONDS);
            }
            assertThatIllegalStateException().isThrownBy(session::names);
            other.submit(session::toString).get(30, TimeUnit.SECONDS);
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void newSessionBeginsAfterTheEndInTheSameExchange() {
        TestExchange exchange = stored("a", 1).next();
        Session ended = sessions.start(exchange);
        ended.invalidate();
        Session fresh = sessions.start(exchange);
        assertThat(fresh).isNotSameAs(ended);
        fresh.set("b", 2).persist();
        Session next = sessions.start(exchange.next());
        assertThat(next.names()).containsExactly("b");
        assertThat(next.key()).isNotEqualTo(ended.key());
    }

    // ---- strict, update, flash

    @Test
    void strictPersistFailsIfAnybodyChangedTheSession() {
        TestExchange exchange = stored("a", 1);
        Session first = sessions.start(exchange.next());
        Session second = sessions.start(exchange.next());
        first.set("b", 1).persist();
        second.set("c", 1);
        assertThatExceptionOfType(SessionConflictException.class).isThrownBy(second::persistStrictly);

        assertThat(second.refresh()).isTrue();
        assertThat(second.isSet("c")).as("pending changes are dropped").isFalse();
        assertThat(second.get("b")).contains(1);
        assertThat(second.set("c", 2).persistStrictly()).isEqualTo(PersistOutcome.SAVED);
        assertThat(second.set("c", 3).persistStrictly()).isEqualTo(PersistOutcome.SAVED);
    }

    @Test
    void updatesOfManyThreadsOnTwoNodesAreAllCounted() throws Exception {
        TestExchange exchange = stored("n", 0);
        Sessions other = open();
        AttributeKey<Integer> n = AttributeKey.of("n", Integer.class);
        int threads = 8;
        int rounds = 100;
        List<Callable<Void>> work = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Sessions node = t % 2 == 0 ? sessions : other;
            work.add(() -> {
                for (int i = 0; i < rounds; i++) {
                    node.start(exchange.next()).update(n, 0, x -> x + 1);
                }
                return null;
            });
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Void> done : pool.invokeAll(work)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(sessions.start(exchange.next()).get(n)).contains(threads * rounds);
    }

    @Test
    void updateLeavesOtherChangesPendingAndStrictStillConflicts() {
        TestExchange exchange = stored("n", 1);
        Session mine = sessions.start(exchange.next()).set("pending", true);
        sessions.start(exchange.next()).set("n", 41).persist();

        assertThat(mine.update("n", Integer.class, old -> old.map(x -> x + 1))).contains(42);

        assertThat(mine.get("n")).contains(42);
        Session seen = sessions.start(exchange.next());
        assertThat(seen.get("n")).contains(42);
        assertThat(seen.isSet("pending")).isFalse();
        assertThatExceptionOfType(SessionConflictException.class).isThrownBy(mine::persistStrictly);
        assertThat(mine.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(sessions.start(exchange.next()).get("pending")).contains(true);
    }

    @Test
    void updateSurvivesARenewalAndRefusesAnEndedSession() {
        TestExchange exchange = stored("n", 1);
        Session slow = sessions.start(exchange.next());
        TestExchange login = exchange.next();
        Session winner = sessions.start(login).setPrincipal("anna");
        winner.persist();
        AttributeKey<Integer> n = AttributeKey.of("n", Integer.class);
        assertThat(slow.update(n, 0, x -> x + 1)).isEqualTo(2);
        winner.invalidate();
        assertThatIllegalStateException().isThrownBy(() -> slow.update(n, 0, x -> x + 1));
        assertThat(slow.isValid()).isFalse();
    }

    @Test
    void updateOfASessionThatIsNotStoredIsPending() {
        TestExchange exchange = TestExchange.with();
        Session session = sessions.start(exchange);
        assertThat(session.update(AttributeKey.of("n", Integer.class), 5, x -> x + 1))
                .isEqualTo(6);
        session.set("gone", 1).update("gone", Integer.class, old -> Optional.empty());
        assertThat(session.names()).containsExactly("n");
        assertThat(sessions.count()).isZero();
        session.persist();
        assertThat(sessions.start(exchange.next()).get("n")).contains(6);
    }

    @Test
    void updateCanRemove() {
        TestExchange exchange = stored("n", 1);
        Session session = sessions.start(exchange.next());
        assertThat(session.update("n", Integer.class, old -> Optional.empty())).isEmpty();
        assertThat(session.isSet("n")).isFalse();
        assertThat(sessions.start(exchange.next()).isSet("n")).isFalse();
    }

    @Test
    void flashLivesUntilTheNextRequestThatReadsIt() {
        TestExchange exchange = TestExchange.with();
        Session first = sessions.start(exchange);
        first.flash().put("notice", "Saved");
        assertThat(first.flash().get("notice")).contains("Saved");
        first.persist();

        Session unrelated = sessions.start(exchange.next());
        unrelated.persist();
        Session second = sessions.start(exchange.next());
        assertThat(second.names()).isEmpty();
        assertThat(second.flash().names()).containsExactly("notice");
        assertThat(second.flash().get("notice", String.class)).contains("Saved");
        assertThat(second.flash().get("notice")).as("again in the same request").contains("Saved");
        second.persist();
        assertThat(sessions.start(exchange.next()).flash().get("notice")).isEmpty();
    }

    @Test
    void flashCanBeKeptAndTaken() {
        TestExchange exchange = TestExchange.with();
        sessions.start(exchange).flash().put("notice", "Saved");
        sessions.session(exchange).persist();
        Session second = sessions.start(exchange.next());
        assertThat(second.flash().get("notice")).isPresent();
        second.flash().keep("notice");
        second.persist();

        Session third = sessions.start(exchange.next());
        Session fourth = sessions.start(exchange.next());
        assertThat(third.flash().take("notice", String.class)).contains("Saved");
        assertThat(fourth.flash().take("notice", String.class)).isEmpty();
    }

    @Test
    void refreshForgetsWhichFlashValuesWereRead() {
        TestExchange exchange = TestExchange.with();
        sessions.start(exchange).flash().put("notice", "Saved");
        sessions.session(exchange).persist();
        Session session = sessions.start(exchange.next());
        assertThat(session.flash().get("notice")).contains("Saved");

        assertThat(session.refresh()).isTrue();

        assertThat(session.flash().names()).containsExactly("notice");
        assertThat(session.flash().get("notice")).contains("Saved");
        session.persist();
        assertThat(sessions.start(exchange.next()).flash().get("notice")).isEmpty();
    }

    @Test
    void refreshForgetsWhichFlashValuesWerePut() {
        TestExchange exchange = stored("a", 1);
        Session session = sessions.start(exchange.next());
        session.flash().put("notice", "mine");
        Session other = sessions.start(exchange.next());
        other.flash().put("notice", "theirs");
        other.persist();

        assertThat(session.refresh()).isTrue();

        assertThat(session.flash().get("notice")).contains("theirs");
        session.persist();
        assertThat(sessions.start(exchange.next()).flash().get("notice")).isEmpty();
    }

    // ---- the rest

    @Test
    void closingClosesTheStoreThatWasOpened() {
        Sessions other = open();
        assertThat(other.keepsReferences()).isFalse();
        assertThat(store.closed).isZero();
        other.close();
        assertThat(store.closed).isEqualTo(1);
    }

    @Test
    void endedSessionShowsItsAttributesToAListenerThatWantsThem() {
        List<Object> seen = new ArrayList<>();
        Sessions listening = Sessions.builder()
                .adapter(store)
                .clock(time)
                .set("genie.session.sweep", "false")
                .listener(new SessionListener() {
                    @Override
                    public void ended(SessionEnd ended) {
                        seen.add(ended.get("a").orElse("missing"));
                        seen.add(ended.toString().equals("SessionEnd[" + ended.session() + ", DELETED]"));
                        throw new IllegalStateException("a listener's failure changes nothing");
                    }

                    @Override
                    public boolean wantsAttributes() {
                        return true;
                    }
                })
                .open();
        open.add(listening);
        TestExchange exchange = stored("a", 1);
        listening.start(exchange.next()).invalidate();
        assertThat(seen).containsExactly(1, true);
    }

    @Test
    void listenerAddedLaterHearsUntilItIsRemoved() {
        List<String> heard = new ArrayList<>();
        SessionListener listener = new SessionListener() {
            @Override
            public void created(SessionInfo session) {
                heard.add("created");
            }

            @Override
            public void ended(SessionEnd ended) {
                heard.add("ended " + ended.names());
            }

            @Override
            public boolean wantsAttributes() {
                return heard.size() < 3;
            }
        };
        stored("a", 1);
        sessions.addListener(listener);
        sessions.start(stored("a", 1).next()).invalidate();
        sessions.start(stored("a", 1).next()).invalidate();
        sessions.removeListener(listener);
        sessions.start(stored("a", 1).next()).invalidate();
        assertThat(heard).containsExactly("created", "ended [a]", "created", "ended []");
    }

    @Test
    void meterCounts() {
        List<String> counted = new ArrayList<>();
        Sessions metered = Sessions.builder()
                .adapter(store)
                .clock(time)
                .set("genie.session.sweep", "false")
                .meter(new SessionMeter() {
                    @Override
                    public void loaded(boolean found) {
                        counted.add("loaded " + found);
                    }

                    @Override
                    public void created() {
                        counted.add("created");
                    }

                    @Override
                    public void persisted() {
                        counted.add("persisted");
                    }

                    @Override
                    public void failed(boolean outcomeUnknown) {
                        counted.add("failed " + outcomeUnknown);
                    }

                    @Override
                    public void touched() {
                        counted.add("touched");
                    }

                    @Override
                    public void conflict() {
                        counted.add("conflict");
                    }

                    @Override
                    public void gone() {
                        counted.add("gone");
                    }
                })
                .open();
        TestExchange exchange = TestExchange.with(SessionId.generate().value());
        metered.start(exchange).set("a", 1).persist();
        Session session = metered.start(exchange.next()).set("a", 2);
        session.persist();
        assertThat(metered.count()).isEqualTo(1);
        time.advance(Duration.ofMinutes(2));
        Session reader = metered.load(session.key()).orElseThrow();
        reader.persist();
        assertThatExceptionOfType(SessionConflictException.class).isThrownBy(() -> {
            sessions.load(session.key()).orElseThrow().set("b", 1).persist();
            reader.set("a", 3).persistStrictly();
        });
        sessions.end(session.key());
        session.set("a", 3).persist();
        store.failWith(new SessionStoreException("down", null, true, null));
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(metered::check);
        assertThat(counted)
                .containsExactly(
                        "loaded false",
                        "created",
                        "loaded true",
                        "persisted",
                        "touched",
                        "conflict",
                        "gone",
                        "failed true");
        metered.close();
        assertThat(store.closed).isEqualTo(1);
    }

    @Test
    void whatTheStoreTellsIsPassedOn() {
        List<Boolean> available = new ArrayList<>();
        try (Sessions metered = Sessions.builder()
                .adapter(store)
                .clock(time)
                .set("genie.session.sweep", "false")
                .listener(new Recorder())
                .meter(new SessionMeter() {
                    @Override
                    public void available(boolean now) {
                        available.add(now);
                    }
                })
                .open()) {
            Session session = metered.create().keep();
            session.persist();
            store.context().available(false);
            store.context().available(true);
            store.context().ended(new EndedSession(session.info().orElseThrow(), EndReason.EVICTED, Map.of()));
        }
        assertThat(available).containsExactly(false, true);
        assertThat(events).containsExactly("created", "ended EVICTED");
    }

    @Test
    void readersTouchOfAnEndedSessionCountsAsGone() {
        AtomicInteger gone = new AtomicInteger();
        try (Sessions metered = Sessions.builder()
                .adapter(store)
                .clock(time)
                .set("genie.session.sweep", "false")
                .meter(new SessionMeter() {
                    @Override
                    public void gone() {
                        gone.incrementAndGet();
                    }
                })
                .open()) {
            TestExchange exchange = stored("a", 1);
            time.advance(Duration.ofMinutes(2));
            Session reader = metered.start(exchange.next());
            sessions.end(reader.key());
            assertThat(reader.persist()).isEqualTo(PersistOutcome.GONE);
            assertThat(gone).hasValue(1);
            assertThat(reader.isValid()).isFalse();
        }
    }

    @Test
    void nothingPrintedHoldsASecretOrAValue() {
        TestExchange exchange = stored("a", "SECRET VALUE");
        Session session = sessions.start(exchange.next());
        assertThat(session).hasToString("Session[STORED, " + session.info().orElseThrow() + "]");
        assertThat(sessions.create()).hasToString("Session[NEW]");
        String secret = sessions.id(exchange.next()).value();
        session.get("a");
        for (Object thing : Arrays.asList(
                session, session.info(), session.key(), sessions.id(exchange.next()), sessions.config(), events)) {
            assertThat(thing.toString()).doesNotContain(secret).doesNotContain("SECRET VALUE");
        }
    }

    @Test
    void cookieWithMaxAgeIsSentAgainWhileTheSessionIsUsed() {
        Sessions remembered = open("genie.session.cookie.max-age", "1h");
        TestExchange exchange = TestExchange.with();
        remembered.start(exchange).set("a", 1).persist();
        assertThat(exchange.setCookie().orElseThrow()).contains("Max-Age=3600");
        TestExchange soon = exchange.next();
        remembered.start(soon).persist();
        remembered.session(soon).set("a", 2).persist();
        assertThat(soon.setCookie()).isEmpty();
        time.advance(Duration.ofMinutes(2));
        TestExchange reading = exchange.next();
        TestExchange writing = exchange.next();
        Session writer = remembered.start(writing).set("a", 3);
        remembered.start(reading).persist();
        assertThat(reading.setCookie().orElseThrow()).contains("Max-Age=3600");
        writer.persist();
        assertThat(writing.setCookie().orElseThrow()).contains("Max-Age=3600");
    }
}
