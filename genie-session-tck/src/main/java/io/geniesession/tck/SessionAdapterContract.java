package io.geniesession.tck;

import static io.geniesession.spi.SessionAdapter.Detail.ATTRIBUTES;
import static io.geniesession.spi.SessionAdapter.Detail.METADATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.geniesession.EndReason;
import io.geniesession.Expiry;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link SessionAdapter}, one step after another. {@link ConcurrencyContract} has the same rules under races.
 *
 * <p>Belongs to one test and is safe for its threads.
 */
public abstract class SessionAdapterContract extends AdapterFixture {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofDays(100);

    /** Creates the contract for one test. */
    protected SessionAdapterContract() {}

    // create

    @Test
    @DisplayName("[create-1] a created session is loaded as it was created")
    final void createdSessionIsLoadedAsItWasCreated() {
        Expiry expiry = new Expiry(IDLE, QUANTUM, Optional.of(START.plus(Duration.ofHours(12))));
        NewSession session =
                session(expiry, Map.of("a", "1", "b", ""), Map.of(Session.PRINCIPAL, "anna", "device", "tv"));
        stored(session);

        SessionRecord record = node().load(session.id(), START).orElseThrow();

        SessionInfo info = record.info();
        assertThat(info.key()).isEqualTo(session.key());
        assertThat(info.publicId()).isEqualTo(session.id().publicId());
        assertThat(info.version()).isEqualTo(1);
        assertThat(info.createdAt()).isEqualTo(START);
        assertThat(info.lastAccessedAt()).isEqualTo(START);
        assertThat(info.expiry()).isEqualTo(expiry);
        assertThat(info.indexes()).isEqualTo(Map.of(Session.PRINCIPAL, "anna", "device", "tv"));
        assertThat(texts(record)).isEqualTo(Map.of("a", "1", "b", ""));
    }

    @Test
    @DisplayName("[create-1] the answer to a creation is what a load returns")
    final void creationAnswersTheStoredSession() {
        NewSession session = sessionOf("anna");

        SessionRecord created = stored(session);

        SessionRecord loaded = node().load(session.id(), START).orElseThrow();
        assertThat(withoutSize(created.info())).isEqualTo(withoutSize(loaded.info()));
        assertThat(texts(created)).isEqualTo(texts(loaded)).isEqualTo(Map.of("color", "red"));
    }

    @Test
    @DisplayName("[create-1] a session without attributes and indexes is stored")
    final void emptySessionIsStored() {
        NewSession session = session(expiry(), Map.of(), Map.of());
        stored(session);

        SessionRecord record = loaded(session);

        assertThat(record.attributeNames()).isEmpty();
        assertThat(record.attribute("color")).isEmpty();
        assertThat(record.info().indexes()).isEmpty();
    }

    @Test
    @DisplayName("[create-1] an attribute of 1 MiB is kept")
    final void largeAttributeIsKept() {
        String large = "0123456789abcdef".repeat(1 << 16);
        NewSession session = session(expiry(), Map.of("large", large), Map.of());
        stored(session);

        assertThat(large.equals(texts(loaded(session)).get("large"))).isTrue();
    }

    @Test
    @DisplayName("[create-1] 1 000 attributes are kept")
    final void manyAttributesAreKept() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            many.put("name" + i, "value" + i);
        }
        NewSession session = session(expiry(), many, Map.of());
        stored(session);

        assertThat(texts(loaded(session))).isEqualTo(many);
    }

    @Test
    @DisplayName("[create-1] names, values and indexes are any Unicode text, names and values also with U+0000")
    final void unicodeIsKept() {
        Map<String, String> texts = Map.of(
                "\uD83D\uDED2 cart",
                "\uD83D\uDC69\u200D\uD83D\uDCBB",
                "\u0633\u0644\u0629",
                "\u05E9\u05DC\u05D5\u05DD",
                "e\u0301 is not \u00e9",
                "\u00e9 is not e\u0301",
                "a\u0000b",
                "\u0000",
                "line\nbreak \\ ' \" %s ?",
                "\uFFFF\uFEFF\u0085\u2028",
                "x".repeat(255),
                "\t ");
        Map<String, String> indexes =
                Map.of(Session.PRINCIPAL, "\u5F35\uD83D\uDE00 O'Neil\\%_", "device", "\u0647\u0627\u062A\u0641");
        NewSession session = session(expiry(), texts, indexes);
        stored(session);

        assertThat(texts(loaded(session))).isEqualTo(texts);
        assertThat(loaded(session).info().indexes()).isEqualTo(indexes);
    }

    @Test
    @DisplayName("[create-2] the same create repeated answers the same and stores nothing twice")
    final void repeatedCreateAnswersTheSame() {
        NewSession session = sessionOf("anna");
        SessionRecord created = stored(session);

        SessionRecord again = otherNode().create(session).orElseThrow();

        assertThat(withoutSize(again.info())).isEqualTo(withoutSize(created.info()));
        assertThat(texts(again)).isEqualTo(texts(created));
        assertThat(node().count(START)).isEqualTo(1);
        assertThat(loaded(session).info().version()).isEqualTo(1);
    }

    @Test
    @DisplayName("[create-2] what a repeated create answers can be persisted to")
    final void repeatedCreateIsAGoodBase() {
        NewSession session = session();
        stored(session);
        SessionRecord again = node().create(session).orElseThrow();

        saved(node().persist(again, set("color", "blue").strictly()));

        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "blue"));
    }

    @Test
    @DisplayName("[create-3] a key in use is refused and nothing changes")
    final void keyInUseIsRefused() {
        NewSession session = session();
        stored(session);
        NewSession other = new NewSession(
                session.key(),
                SessionId.generate(),
                START,
                never(),
                values(Map.of("color", "blue")),
                Map.of(Session.PRINCIPAL, "anna"));

        assertThat(node().create(other)).isEmpty();

        assertThat(node().load(other.id(), START)).isEmpty();
        SessionRecord record = node().load(session.id(), START).orElseThrow();
        assertThat(texts(record)).isEqualTo(Map.of("color", "red"));
        assertThat(record.info().indexes()).isEmpty();
        assertThat(record.info().expiry()).isEqualTo(expiry());
    }

    @Test
    @DisplayName("[create-3] an id in use is refused and nothing changes")
    final void idInUseIsRefused() {
        NewSession session = session();
        stored(session);
        NewSession other = new NewSession(
                SessionKey.generate(START), session.id(), START, never(), Map.of(), Map.of(Session.PRINCIPAL, "anna"));

        assertThat(node().create(other)).isEmpty();

        assertThat(node().reload(other.key(), START)).isEmpty();
        SessionRecord record = node().load(session.id(), START).orElseThrow();
        assertThat(record.info().key()).isEqualTo(session.key());
        assertThat(texts(record)).isEqualTo(Map.of("color", "red"));
        assertThat(node().count(START)).isEqualTo(1);
    }

    // load and reload

    @Test
    @DisplayName("[load-1] an unknown id is empty")
    final void unknownIdIsEmpty() {
        stored(session());

        assertThat(node().load(SessionId.generate(), START)).isEmpty();
    }

    @Test
    @DisplayName("[load-1] each id opens its own session")
    final void eachIdOpensItsOwnSession() {
        NewSession one = session(expiry(), Map.of("who", "one"), Map.of());
        NewSession two = session(expiry(), Map.of("who", "two"), Map.of());
        stored(one);
        stored(two);

        assertThat(texts(node().load(one.id(), START).orElseThrow())).isEqualTo(Map.of("who", "one"));
        assertThat(texts(node().load(two.id(), START).orElseThrow())).isEqualTo(Map.of("who", "two"));
    }

    @Test
    @DisplayName("[load-1] an id read from text opens the session")
    final void parsedIdOpensTheSession() {
        NewSession session = session();
        stored(session);

        assertThat(node().load(SessionId.parse(session.id().value()).orElseThrow(), START))
                .isPresent();
    }

    @Test
    @DisplayName("[load-2] a session is there until the millisecond before its expiry and absent from the instant on")
    final void expiredSessionIsAbsentFromTheInstantOn() {
        NewSession session = session();
        stored(session);
        Instant expiresAt = START.plus(IDLE).plus(QUANTUM);

        assertThat(node().load(session.id(), expiresAt.minus(TICK))).isPresent();
        assertThat(node().load(session.id(), expiresAt)).isEmpty();
        assertThat(node().load(session.id(), expiresAt.plus(TICK))).isEmpty();
    }

    @Test
    @DisplayName("[load-2] the end of the lifetime ends a session that is in use")
    final void lifetimeEndsASessionInUse() {
        Instant end = START.plus(Duration.ofMinutes(20));
        NewSession session = session(new Expiry(IDLE, QUANTUM, Optional.of(end)));
        SessionRecord record = stored(session);
        node().touch(record, end.minus(TICK));

        assertThat(node().load(session.id(), end.minus(TICK))).isPresent();
        assertThat(node().load(session.id(), end)).isEmpty();
    }

    @Test
    @DisplayName("[load-2] a session without a timeout does not expire")
    final void sessionWithoutTimeoutDoesNotExpire() {
        NewSession session = session(never());
        stored(session);

        assertThat(node().load(session.id(), START.plus(Duration.ofDays(36_500))))
                .isPresent();
    }

    @Test
    @DisplayName("[load-2] a session without a timeout ends with its lifetime")
    final void sessionWithoutTimeoutEndsWithItsLifetime() {
        Instant end = START.plus(LONG);
        NewSession session = session(new Expiry(Duration.ZERO, QUANTUM, Optional.of(end)));
        stored(session);

        assertThat(node().load(session.id(), end.minus(TICK))).isPresent();
        assertThat(node().load(session.id(), end)).isEmpty();
    }

    @Test
    @DisplayName("[load-3] loading writes nothing")
    final void loadingWritesNothing() {
        NewSession session = session();
        SessionRecord base = stored(session);
        SessionInfo before = loaded(session).info();
        Instant later = START.plus(QUANTUM.multipliedBy(5));

        node().load(session.id(), later);
        node().reload(session.key(), later);
        node().loadFormer(session.id(), later);

        assertThat(loaded(session).info()).isEqualTo(before);
        saved(node().persist(base, nothing().strictly()));
    }

    @Test
    @DisplayName("[load-4] every node sees what was answered as stored")
    final void everyNodeSeesWhatWasStored() {
        NewSession session = session();
        SessionRecord base = stored(session);
        assertThat(otherNode().load(session.id(), START)).isPresent();

        saved(node().persist(base, set("color", "blue")));
        SessionRecord seen = otherNode().load(session.id(), START).orElseThrow();
        assertThat(texts(seen)).isEqualTo(Map.of("color", "blue"));

        saved(otherNode().persist(seen, set("color", "green")));
        assertThat(texts(node().load(session.id(), START).orElseThrow())).isEqualTo(Map.of("color", "green"));

        node().touch(base, START.plusSeconds(90));
        assertThat(otherNode().reload(session.key(), START).orElseThrow().info().lastAccessedAt())
                .isEqualTo(START.plusSeconds(90));

        otherNode().delete(session.key(), START, METADATA);
        assertThat(node().load(session.id(), START)).isEmpty();
    }

    @Test
    @DisplayName("[reload-1] a key opens the session, also after a renewal")
    final void keyOpensTheSession() {
        NewSession session = session();
        SessionRecord base = stored(session);
        assertThat(texts(node().reload(session.key(), START).orElseThrow())).isEqualTo(Map.of("color", "red"));

        Renewal renewal = renewal();
        saved(node().persist(base, nothing().withRenewal(renewal)));

        SessionRecord record = node().reload(session.key(), START).orElseThrow();
        assertThat(record.info().publicId()).isEqualTo(renewal.to().publicId());
        assertThat(texts(record)).isEqualTo(Map.of("color", "red"));
    }

    @Test
    @DisplayName("[reload-1] an unknown key is empty, and so is an expired session's")
    final void unknownOrExpiredKeyIsEmpty() {
        NewSession session = session();
        stored(session);
        Instant expiresAt = START.plus(IDLE).plus(QUANTUM);

        assertThat(node().reload(SessionKey.generate(START), START)).isEmpty();
        assertThat(node().reload(session.key(), expiresAt.minus(TICK))).isPresent();
        assertThat(node().reload(session.key(), expiresAt)).isEmpty();
    }

    // former ids

    @Test
    @DisplayName("[former-1] the id that the latest renewal gave up finds the session and until when it may be used")
    final void formerIdFindsTheSession() {
        NewSession session = session();
        SessionId to = SessionId.generate();
        Instant until = START.plusSeconds(30);
        saved(node().persist(stored(session), nothing().withRenewal(new Renewal(to, until))));

        FormerId former = node().loadFormer(session.id(), START).orElseThrow();

        assertThat(former.usableUntil()).isEqualTo(until);
        assertThat(former.session().info().key()).isEqualTo(session.key());
        assertThat(former.session().info().publicId()).isEqualTo(to.publicId());
        assertThat(texts(former.session())).isEqualTo(Map.of("color", "red"));
        assertThat(node().loadFormer(session.id(), START.plusSeconds(60)))
                .as("whether it may still be used is the caller's decision")
                .isPresent();
    }

    @Test
    @DisplayName("[former-1] only the latest renewal's former id is known")
    final void earlierFormerIdsFindNothing() {
        NewSession session = session();
        Renewal first = renewal();
        SessionRecord next = saved(node().persist(stored(session), nothing().withRenewal(first)));
        Renewal second = renewal();
        saved(node().persist(next, nothing().withRenewal(second)));

        assertThat(node().loadFormer(session.id(), START)).isEmpty();
        assertThat(node().loadFormer(first.to(), START)).isPresent();
        assertThat(node().loadFormer(second.to(), START)).isEmpty();
    }

    @Test
    @DisplayName("[former-1] an unknown id and an id that was never given up find nothing")
    final void idNeverGivenUpFindsNothing() {
        NewSession session = session();
        stored(session);

        assertThat(node().loadFormer(session.id(), START)).isEmpty();
        assertThat(node().loadFormer(SessionId.generate(), START)).isEmpty();
    }

    @Test
    @DisplayName("[former-1] a former id of a session that ended finds nothing")
    final void formerIdOfAnEndedSessionFindsNothing() {
        NewSession deleted = session();
        saved(node().persist(stored(deleted), nothing().withRenewal(renewal())));
        node().delete(deleted.key(), START, METADATA);
        NewSession expired = session();
        saved(node().persist(stored(expired), nothing().withRenewal(renewal())));

        assertThat(node().loadFormer(deleted.id(), START)).isEmpty();
        assertThat(node().loadFormer(expired.id(), START.plus(IDLE).plus(QUANTUM)))
                .isEmpty();
    }

    @Test
    @DisplayName("[former-1] a persist that renews nothing keeps the former id")
    final void formerIdOutlivesAPersist() {
        NewSession session = session();
        SessionRecord next = saved(node().persist(stored(session), nothing().withRenewal(renewal())));
        saved(node().persist(next, set("color", "blue")));
        node().touch(next, START.plusSeconds(5));

        assertThat(node().loadFormer(session.id(), START)).isPresent();
    }

    // persist

    @Test
    @DisplayName("[persist-1] all changes of a persist are applied")
    final void allChangesAreApplied() {
        NewSession session =
                session(expiry(), Map.of("color", "red", "size", "L"), Map.of("device", "tv", "tenant", "x"));
        SessionRecord base = stored(session);
        Instant at = clock.advance(Duration.ofSeconds(10));
        Renewal renewal = renewal();

        saved(node().persist(base, everything(at).withRenewal(renewal)));

        SessionRecord record = node().load(renewal.to(), at).orElseThrow();
        assertThat(texts(record)).isEqualTo(Map.of("color", "blue", "cart", "full"));
        assertThat(record.info().indexes()).isEqualTo(Map.of(Session.PRINCIPAL, "anna", "tenant", "x"));
        assertThat(record.info().expiry()).isEqualTo(Expiry.idle(LONG, QUANTUM));
        assertThat(record.info().lastAccessedAt()).isEqualTo(at);
        assertThat(record.info().createdAt()).isEqualTo(START);
        assertThat(record.info().version()).isEqualTo(2);
    }

    @Test
    @DisplayName("[persist-1] of a persist that conflicts nothing is applied")
    final void conflictAppliesNothing() {
        NewSession session = session(expiry(), Map.of("color", "red", "size", "L"), Map.of("device", "tv"));
        SessionRecord base = stored(session);
        saved(node().persist(base, set("color", "red")));
        SessionInfo before = loaded(session).info();
        Instant at = clock.advance(Duration.ofSeconds(10));
        Renewal renewal = renewal();

        assertConflict(node().persist(base, everything(at).withRenewal(renewal).strictly()));

        SessionRecord record = node().load(session.id(), at).orElseThrow();
        assertThat(record.info()).isEqualTo(before);
        assertThat(texts(record)).isEqualTo(Map.of("color", "red", "size", "L"));
        assertThat(node().load(renewal.to(), at)).isEmpty();
        assertThat(node().loadFormer(session.id(), at)).isEmpty();
    }

    private SessionChanges everything(Instant at) {
        return SessionChanges.at(at)
                .withSet(values(Map.of("color", "blue", "cart", "full")))
                .withRemoved(Set.of("size"))
                .withIndexes(Map.of(Session.PRINCIPAL, Optional.of("anna"), "device", Optional.empty()))
                .withExpiry(Expiry.idle(LONG, QUANTUM));
    }

    @Test
    @DisplayName("[persist-2] different attributes by two writers both survive")
    final void differentAttributesBothSurvive() {
        NewSession session = session();
        stored(session);
        SessionRecord one = loaded(session);
        SessionRecord two = otherNode().reload(session.key(), START).orElseThrow();

        saved(node().persist(one, set("a", "1")));
        saved(otherNode().persist(two, set("b", "2")));

        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "red", "a", "1", "b", "2"));
    }

    @Test
    @DisplayName("[persist-2] of the same attribute the later commit wins, whichever request began first")
    final void laterCommitWins() {
        NewSession session = session();
        SessionRecord base = stored(session);
        SessionChanges early = set("color", "early");
        clock.advance(Duration.ofSeconds(10));
        SessionChanges late = set("color", "late");

        saved(node().persist(base, late));
        saved(node().persist(base, early));
        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "early"));

        saved(otherNode().persist(otherNode().reload(session.key(), START).orElseThrow(), late));
        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "late"));
    }

    @Test
    @DisplayName("[persist-2] of a removal and a set of the same attribute the later commit wins")
    final void removalAgainstSet() {
        NewSession session = session();
        SessionRecord base = stored(session);
        SessionChanges remove = nothing().withRemoved(Set.of("color"));

        saved(node().persist(base, set("color", "blue")));
        saved(node().persist(base, remove));
        assertThat(texts(loaded(session))).isEmpty();
        assertThat(loaded(session).attribute("color")).isEmpty();

        saved(node().persist(base, set("color", "green")));
        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "green"));
    }

    @Test
    @DisplayName("[persist-2] removing what is not there is no error")
    final void removalOfTheAbsentIsQuiet() {
        NewSession session = session();

        saved(node().persist(stored(session), nothing().withRemoved(Set.of("size"))));

        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "red"));
    }

    @Test
    @DisplayName("[persist-2] many persists one after another keep every attribute")
    final void manyPersistsKeepEveryAttribute() {
        NewSession session = session();
        SessionRecord base = stored(session);
        Map<String, String> expected = new HashMap<>(Map.of("color", "red"));
        for (int i = 0; i < 200; i++) {
            String name = "name" + i % 37;
            if (i % 5 == 4) {
                expected.remove(name);
                base = saved(node().persist(base, nothing().withRemoved(Set.of(name))));
            } else {
                expected.put(name, "value" + i);
                base = saved(node().persist(base, set(name, "value" + i)));
            }
        }

        assertThat(texts(loaded(session))).isEqualTo(expected);
        assertThat(texts(base)).isEqualTo(expected);
        assertThat(loaded(session).info().version()).isEqualTo(201);
    }

    @Test
    @DisplayName("[persist-2] a large attribute is replaced and removed")
    final void largeAttributeIsReplacedAndRemoved() {
        NewSession session = session();
        SessionRecord base = stored(session);
        String large = "fedcba9876543210".repeat(1 << 16);

        base = saved(node().persist(base, set("large", "small")));
        base = saved(node().persist(base, set("large", large)));
        assertThat(large.equals(texts(loaded(session)).get("large"))).isTrue();

        saved(node().persist(base, nothing().withRemoved(Set.of("large"))));
        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "red"));
    }

    @Test
    @DisplayName("[persist-3] a persist to a deleted session is gone and revives nothing")
    final void persistToADeletedSessionIsGone() {
        NewSession session = session();
        SessionRecord base = stored(session);
        assertThat(otherNode().delete(session.key(), START, METADATA)).isPresent();

        assertGone(node().persist(base, set("color", "blue")));
        assertGone(node().persist(base, set("color", "blue").strictly()));
        assertGone(node().persist(base, nothing().withExpiry(never())));
        Renewal renewal = renewal();
        assertGone(node().persist(base, nothing().withRenewal(renewal)));

        assertThat(node().reload(session.key(), START)).isEmpty();
        assertThat(node().load(session.id(), START)).isEmpty();
        assertThat(node().load(renewal.to(), START)).isEmpty();
    }

    @Test
    @DisplayName("[persist-3] a persist of a request that began at the expiry is gone and revives nothing")
    final void persistFromTheExpiryOnIsGone() {
        NewSession session = session();
        SessionRecord base = stored(session);
        clock.set(base.info().expiresAt());

        assertGone(node().persist(base, set("color", "blue")));
        assertGone(node().persist(base, set("color", "blue").strictly()));
        assertGone(node().persist(base, nothing().withExpiry(never())));
        assertGone(node().persist(base, nothing().withRenewal(renewal())));

        assertThat(isThere(session)).isFalse();
        SessionRecord before = node().reload(session.key(), START).orElseThrow();
        assertThat(texts(before)).isEqualTo(Map.of("color", "red"));
        assertThat(before.info().version()).isEqualTo(1);
    }

    @Test
    @DisplayName("[persist-3] a request that began before the expiry is saved after it")
    final void longRequestIsSavedAfterTheExpiry() {
        NewSession session = session();
        SessionRecord base = stored(session);
        Instant began = base.info().expiresAt().minus(TICK);
        clock.set(base.info().expiresAt().plus(Duration.ofMinutes(10)));
        assertThat(isThere(session)).isFalse();

        saved(node().persist(base, SessionChanges.at(began).withSet(values(Map.of("color", "blue")))));

        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "blue"));
        assertThat(loaded(session).info().lastAccessedAt()).isEqualTo(began);
    }

    @Test
    @DisplayName("[persist-3] a request that began before the expiry is gone if a sweep came between")
    final void longRequestIsGoneAfterTheSweep() {
        NewSession session = session();
        SessionRecord base = stored(session);
        Instant began = base.info().expiresAt().minus(TICK);
        clock.set(base.info().expiresAt());
        assertThat(keys(sweepLate(METADATA))).containsExactly(session.key());

        assertGone(node().persist(base, SessionChanges.at(began).withSet(values(Map.of("color", "blue")))));

        assertThat(node().reload(session.key(), START)).isEmpty();
    }

    @Test
    @DisplayName("[persist-4] last access moves forward to that of the request, never back")
    final void lastAccessMovesForwardOnly() {
        NewSession session = session();
        SessionRecord base = stored(session);
        SessionChanges early = SessionChanges.at(START.plusSeconds(10));
        SessionChanges late = SessionChanges.at(START.plusSeconds(20));

        saved(node().persist(base, late));
        assertThat(loaded(session).info().lastAccessedAt()).isEqualTo(START.plusSeconds(20));

        saved(node().persist(base, early));
        saved(node().persist(base, early.withSet(values(Map.of("color", "blue")))));
        saved(node().persist(loaded(session), early.strictly()));
        saved(node().persist(base, early.withExpiry(idle(LONG))));
        saved(node().persist(base, early.withRenewal(renewal())));
        assertThat(loaded(session).info().lastAccessedAt()).isEqualTo(START.plusSeconds(20));
    }

    @Test
    @DisplayName("[persist-5] each persist adds one to the version, also one without attributes")
    final void eachPersistAddsOneToTheVersion() {
        NewSession session = session();
        SessionRecord base = stored(session);

        base = saved(node().persist(base, set("color", "blue")));
        assertThat(loaded(session).info().version()).isEqualTo(2);
        base = saved(node().persist(base, nothing()));
        assertThat(loaded(session).info().version()).isEqualTo(3);
        base = saved(node().persist(base, nothing().withIndexes(Map.of("device", Optional.of("tv")))));
        assertThat(loaded(session).info().version()).isEqualTo(4);
        base = saved(node().persist(base, nothing().withRenewal(renewal())));
        assertThat(loaded(session).info().version()).isEqualTo(5);
        saved(node().persist(base, nothing().withExpiry(never()).strictly()));
        assertThat(loaded(session).info().version()).isEqualTo(6);
    }

    @Test
    @DisplayName("[persist-6] a strict persist is saved if nobody else persisted")
    final void strictPersistIsSavedIfNobodyElsePersisted() {
        NewSession session = session();
        stored(session);
        SessionRecord base = loaded(session);

        saved(node().persist(base, set("color", "blue").strictly()));

        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "blue"));
    }

    @Test
    @DisplayName("[persist-6] a strict persist conflicts if anybody else persisted, whatever it was")
    final void strictPersistConflictsIfAnybodyElsePersisted() {
        for (SessionChanges other : List.of(
                set("size", "L"),
                nothing(),
                nothing().withIndexes(Map.of("device", Optional.of("tv"))),
                nothing().withExpiry(idle(LONG)),
                nothing().withRenewal(renewal()))) {
            NewSession session = session();
            SessionRecord base = stored(session);
            saved(otherNode().persist(otherNode().reload(session.key(), START).orElseThrow(), other));

            assertConflict(node().persist(base, set("color", "blue").strictly()));

            assertThat(texts(loaded(session)).get("color")).isEqualTo("red");
        }
    }

    @Test
    @DisplayName("[persist-6] after a conflict the reloaded session can be persisted to strictly")
    final void reloadedSessionIsStrictAgain() {
        NewSession session = session();
        SessionRecord base = stored(session);
        saved(node().persist(base, set("size", "L")));
        assertConflict(node().persist(base, set("color", "blue").strictly()));

        saved(node().persist(loaded(session), set("color", "blue").strictly()));

        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "blue", "size", "L"));
    }

    @Test
    @DisplayName("[persist-6] a strict persist conflicts if several others were stored in one step")
    final void strictPersistConflictsWithMergedPersists() {
        NewSession session = session();
        SessionRecord base = stored(session);
        assumeTrue(
                persistMerged(node(), base, List.of(set("a", "1"), set("b", "2"), set("c", "3"))),
                "the adapter merges no persists");

        assertThat(loaded(session).info().version()).isEqualTo(4);
        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "red", "a", "1", "b", "2", "c", "3"));
        assertConflict(node().persist(base, set("color", "blue").strictly()));
        SessionRecord behind = saved(node().persist(base, set("color", "green")));
        assertConflict(node().persist(behind, set("color", "blue").strictly()));
    }

    @Test
    @DisplayName("[persist-7] the next record is the base with the changes applied")
    final void nextIsTheBaseWithTheChanges() {
        NewSession session = session(expiry(), Map.of("color", "red", "size", "L"), Map.of("device", "tv"));
        SessionRecord base = stored(session);
        Instant at = clock.advance(Duration.ofSeconds(10));
        Renewal renewal = renewal();

        SessionRecord next = saved(node().persist(base, everything(at).withRenewal(renewal)));

        assertThat(texts(next)).isEqualTo(Map.of("color", "blue", "cart", "full"));
        assertThat(withoutSize(next.info()))
                .isEqualTo(withoutSize(loaded(session).info()));
        assertThat(texts(base)).as("the base stays as it was").isEqualTo(Map.of("color", "red", "size", "L"));
    }

    @Test
    @DisplayName("[persist-7] the next record is a base for strict persists and renewals")
    final void nextIsAGoodBase() {
        NewSession session = session();
        SessionRecord next = saved(node().persist(stored(session), set("a", "1")));
        next = saved(node().persist(next, set("b", "2").strictly()));
        next = saved(node().persist(next, nothing().withRenewal(renewal()).strictly()));
        next = saved(node().persist(next, nothing().withRenewal(renewal())));
        next = saved(node().persist(next, set("c", "3").strictly()));

        assertThat(texts(next)).isEqualTo(Map.of("color", "red", "a", "1", "b", "2", "c", "3"));
        assertThat(texts(loaded(session))).isEqualTo(texts(next));
    }

    @Test
    @DisplayName(
            "[persist-7] if others persisted since the base was loaded, a strict persist with the next record conflicts")
    final void nextIsStrictAgainstEarlierWriters() {
        NewSession session = session();
        SessionRecord base = stored(session);
        saved(otherNode().persist(otherNode().reload(session.key(), START).orElseThrow(), set("a", "1")));

        SessionRecord next = saved(node().persist(base, set("b", "2")));
        assertConflict(node().persist(next, set("c", "3").strictly()));
        next = saved(node().persist(next, set("d", "4")));
        assertConflict(node().persist(next, set("c", "3").strictly()));

        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "red", "a", "1", "b", "2", "d", "4"));
    }

    @Test
    @DisplayName("[persist-8] a shorter timeout holds from its persist on")
    final void shorterTimeoutHolds() {
        NewSession session = session();
        Instant at = clock.advance(Duration.ofMinutes(10));
        saved(node().persist(stored(session), nothing().withExpiry(idle(Duration.ofMinutes(5)))));

        clock.set(at.plus(Duration.ofMinutes(5)).minus(TICK));
        assertThat(isThere(session)).isTrue();
        clock.advance(TICK);
        assertThat(isThere(session)).isFalse();
        assertThat(keys(sweepLate(METADATA))).containsExactly(session.key());
    }

    @Test
    @DisplayName("[persist-8] a longer timeout holds from its persist on")
    final void longerTimeoutHolds() {
        NewSession session = session();
        SessionRecord next = saved(node().persist(stored(session), nothing().withExpiry(idle(LONG))));
        clock.set(START.plus(LONG).minusSeconds(10));

        assertThat(sweepAll(node(), clock.instant(), METADATA)).isEmpty();
        assertThat(isThere(session)).isTrue();
        saved(node().persist(next, set("color", "blue")));
        assertThat(loaded(session).info().expiresAt()).isEqualTo(clock.instant().plus(LONG));
    }

    @Test
    @DisplayName("[persist-8] a timeout can be taken off and set again")
    final void timeoutIsTakenOffAndSetAgain() {
        NewSession session = session();
        SessionRecord next = saved(node().persist(stored(session), nothing().withExpiry(never())));
        clock.set(START.plus(LONG));
        assertThat(sweepLate(METADATA)).isEmpty();
        assertThat(isThere(session)).isTrue();

        saved(node().persist(next, nothing().withExpiry(idle(IDLE))));
        clock.advance(IDLE);
        assertThat(isThere(session)).isFalse();
        assertThat(keys(sweepLate(METADATA))).containsExactly(session.key());
    }

    // renewal

    @Test
    @DisplayName("[renew-1] a renewal takes effect with the other changes of its persist")
    final void renewalTakesEffectWithOtherChanges() {
        NewSession session = session();
        SessionRecord base = stored(session);
        saved(node().persist(base, set("size", "L")));
        Renewal renewal = renewal();

        saved(node().persist(
                        base,
                        set("color", "blue")
                                .withIndexes(Map.of(Session.PRINCIPAL, Optional.of("anna")))
                                .withRenewal(renewal)));

        SessionRecord record = node().load(renewal.to(), START).orElseThrow();
        assertThat(texts(record)).isEqualTo(Map.of("color", "blue", "size", "L"));
        assertThat(record.info().principal()).contains("anna");
        assertThat(record.info().publicId()).isEqualTo(renewal.to().publicId());
    }

    @Test
    @DisplayName("[renew-1] a renewal conflicts, with all of its changes, if the session has another id by now")
    final void secondRenewalConflicts() {
        NewSession session = session();
        SessionRecord base = stored(session);
        SessionRecord late = otherNode().reload(session.key(), START).orElseThrow();
        Renewal first = renewal();
        saved(node().persist(base, nothing().withRenewal(first)));
        Renewal second = renewal();

        assertConflict(otherNode()
                .persist(
                        late,
                        set("color", "blue")
                                .withIndexes(Map.of(Session.PRINCIPAL, Optional.of("mallory")))
                                .withRenewal(second)));

        SessionRecord record = node().load(first.to(), START).orElseThrow();
        assertThat(texts(record)).isEqualTo(Map.of("color", "red"));
        assertThat(record.info().principal()).isEmpty();
        assertThat(record.info().version()).isEqualTo(2);
        assertThat(node().load(second.to(), START)).isEmpty();
    }

    @Test
    @DisplayName("[renew-2] from then on the new id opens the session and the old one does not")
    final void newIdOpensAndOldDoesNot() {
        NewSession session = session();
        Renewal renewal = renewal();
        saved(node().persist(stored(session), nothing().withRenewal(renewal)));

        assertThat(otherNode().load(renewal.to(), START)).isPresent();
        assertThat(otherNode().load(session.id(), START)).isEmpty();
    }

    @Test
    @DisplayName(
            "[renew-2] a persist of a request that began under the old id arrives and brings the old id back in no way")
    final void latePersistArrivesAndKeepsTheNewId() {
        NewSession session = session();
        SessionRecord old = stored(session);
        Renewal renewal = renewal();
        saved(node().persist(
                        old,
                        nothing()
                                .withIndexes(Map.of(Session.PRINCIPAL, Optional.of("anna")))
                                .withRenewal(renewal)));

        saved(node().persist(old, set("size", "L")));
        node().touch(old, START.plusSeconds(5));
        saved(node().persist(old, nothing().withExpiry(idle(LONG))));

        SessionRecord record = node().load(renewal.to(), START).orElseThrow();
        assertThat(texts(record)).isEqualTo(Map.of("color", "red", "size", "L"));
        assertThat(record.info().principal()).contains("anna");
        assertThat(node().load(session.id(), START)).isEmpty();
    }

    // touch

    @Test
    @DisplayName("[touch-1] a touch moves last access forward, never back, and leaves the version")
    final void touchMovesForwardOnly() {
        NewSession session = session();
        SessionRecord base = stored(session);

        assertThat(node().touch(base, START.plusSeconds(20))).isTrue();
        assertThat(node().touch(base, START.plusSeconds(10))).isTrue();

        SessionInfo info = loaded(session).info();
        assertThat(info.lastAccessedAt()).isEqualTo(START.plusSeconds(20));
        assertThat(info.expiresAt()).isEqualTo(START.plusSeconds(20).plus(IDLE).plus(QUANTUM));
        assertThat(info.version()).isEqualTo(1);
    }

    @Test
    @DisplayName("[touch-1] a touch is nothing that a strict persist conflicts with")
    final void touchDisturbsNoStrictPersist() {
        NewSession session = session();
        SessionRecord base = stored(session);
        otherNode().touch(otherNode().reload(session.key(), START).orElseThrow(), START.plusSeconds(5));

        SessionRecord next = saved(node().persist(base, set("color", "blue").strictly()));
        node().touch(next, START.plusSeconds(10));
        saved(node().persist(next, set("color", "green").strictly()));
    }

    @Test
    @DisplayName("[touch-1] a touch keeps a session from expiring")
    final void touchKeepsFromExpiring() {
        NewSession session = session(idle(LONG));
        SessionRecord base = stored(session);
        clock.set(base.info().expiresAt().minus(TICK));
        assertThat(node().touch(base, clock.instant())).isTrue();
        clock.set(base.info().expiresAt());

        assertThat(sweepLate(METADATA)).isEmpty();
        assertThat(isThere(session)).isTrue();
        assertThat(texts(loaded(session))).isEqualTo(Map.of("color", "red"));
    }

    @Test
    @DisplayName("[touch-1] a touch of a deleted or expired session answers false and changes nothing")
    final void touchOfTheGoneAnswersFalse() {
        NewSession deleted = session();
        SessionRecord deletedBase = stored(deleted);
        node().delete(deleted.key(), START, METADATA);
        NewSession expired = session();
        SessionRecord expiredBase = stored(expired);

        assertThat(node().touch(deletedBase, START)).isFalse();
        assertThat(node().touch(expiredBase, expiredBase.info().expiresAt())).isFalse();

        assertThat(node().reload(deleted.key(), START)).isEmpty();
        assertThat(loaded(expired).info().lastAccessedAt()).isEqualTo(START);
        assertThat(node().touch(expiredBase, expiredBase.info().expiresAt().minus(TICK)))
                .isTrue();
    }

    // delete

    @Test
    @DisplayName("[delete-1] a deleted session is gone on every node")
    final void deletedSessionIsGone() {
        NewSession session = session();
        NewSession other = session();
        SessionRecord base = stored(session);
        SessionRecord otherBase = otherNode().reload(session.key(), START).orElseThrow();
        stored(other);

        assertThat(node().delete(session.key(), START, METADATA)).isPresent();

        assertThat(node().touch(base, START)).isFalse();
        assertThat(otherNode().touch(otherBase, START)).isFalse();
        assertGone(node().persist(base, set("color", "blue")));
        assertGone(otherNode().persist(otherBase, set("color", "blue")));
        for (SessionAdapter node : List.of(node(), otherNode())) {
            assertThat(node.load(session.id(), START)).isEmpty();
            assertThat(node.reload(session.key(), START)).isEmpty();
            assertThat(node.load(other.id(), START)).isPresent();
        }
    }

    @Test
    @DisplayName("[delete-1] deleting what is not there is quiet")
    final void deletingTheUnknownIsQuiet() {
        assertThat(node().delete(SessionKey.generate(START), START, ATTRIBUTES)).isEmpty();
    }

    @Test
    @DisplayName("[delete-1] of two deletes one returns the session")
    final void oneDeleteReturnsTheSession() {
        NewSession session = sessionOf("anna");
        SessionRecord base = stored(session);
        saved(node().persist(base, set("size", "L")));
        SessionInfo last = loaded(session).info();

        EndedSession ended = node().delete(session.key(), START, METADATA).orElseThrow();

        assertThat(withoutSize(ended.info())).isEqualTo(withoutSize(last));
        assertThat(ended.reason()).isEqualTo(EndReason.DELETED);
        assertThat(otherNode().delete(session.key(), START, METADATA)).isEmpty();
    }

    @Test
    @DisplayName("[delete-1] a session that never expires can be deleted")
    final void neverExpiringSessionCanBeDeleted() {
        NewSession session = session(never());
        stored(session);
        clock.advance(LONG);

        assertThat(node().delete(session.key(), clock.instant(), METADATA)).isPresent();
        assertThat(isThere(session)).isFalse();
    }

    @Test
    @DisplayName("[delete-1] a session that has expired is left to the sweep")
    final void expiredSessionIsLeftToTheSweep() {
        NewSession session = session();
        SessionRecord base = stored(session);
        clock.set(base.info().expiresAt());

        assertThat(node().delete(session.key(), clock.instant(), METADATA)).isEmpty();
        assertThat(keys(sweepLate(METADATA))).containsExactly(session.key());
    }

    // sweep

    @Test
    @DisplayName("[sweep-1] a sweep removes what has expired, at most as many as asked for, and nothing else")
    final void sweepIsBoundedAndSparesTheLiving() {
        List<NewSession> dead = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            dead.add(session());
            stored(dead.get(i));
        }
        NewSession living = session(idle(LONG));
        NewSession eternal = session(never());
        stored(living);
        stored(eternal);
        clock.set(START.plus(IDLE).plus(QUANTUM));
        Instant before = clock.instant().plus(sweepDelay());

        assertThat(node().sweep(before, 10, METADATA)).hasSize(10);
        assertThat(node().sweep(before, 10, METADATA)).hasSize(10);
        assertThat(node().sweep(before, 10, METADATA)).hasSize(5);
        assertThat(node().sweep(before, 10, METADATA)).isEmpty();

        assertThat(isThere(living)).isTrue();
        assertThat(isThere(eternal)).isTrue();
        assertThat(dead)
                .noneMatch(session -> node().reload(session.key(), START).isPresent());
    }

    @Test
    @DisplayName("[sweep-1] the instant handed in decides, not the clock")
    final void sweepIsDecidedByItsInstant() {
        NewSession session = session();
        SessionRecord base = stored(session);
        clock.set(START.plus(LONG));

        assertThat(sweepAll(node(), base.info().expiresAt().minus(TICK), METADATA))
                .isEmpty();
        assertThat(node().reload(session.key(), START)).isPresent();
        assertThat(keys(sweepAll(node(), base.info().expiresAt().plus(sweepDelay()), METADATA)))
                .containsExactly(session.key());
    }

    @Test
    @DisplayName("[sweep-1] a session that was saved across its expiry is not swept")
    final void savedSessionIsNotSwept() {
        NewSession session = session(idle(LONG));
        SessionRecord base = stored(session);
        clock.set(base.info().expiresAt());
        saved(node().persist(base, SessionChanges.at(clock.instant().minusSeconds(10))));

        assertThat(sweepLate(METADATA)).isEmpty();
        assertThat(isThere(session)).isTrue();
    }

    @Test
    @DisplayName("[sweep-1] a session that never expires survives every sweep")
    final void neverExpiringSessionSurvives() {
        NewSession session = session(never());
        stored(session);
        clock.set(START.plus(Duration.ofDays(36_500)));

        assertThat(sweepLate(METADATA)).isEmpty();
        assertThat(isThere(session)).isTrue();
    }

    @Test
    @DisplayName("[sweep-2] each expired session is returned by one sweep only, with its facts and its reason")
    final void eachExpiredSessionIsReturnedOnce() {
        Instant end = START.plus(Duration.ofMinutes(20));
        NewSession idle = sessionOf("anna");
        NewSession lifetime = session(new Expiry(IDLE, QUANTUM, Optional.of(end)));
        stored(idle);
        stored(lifetime);
        SessionInfo idleInfo = loaded(idle).info();
        SessionInfo lifetimeInfo = loaded(lifetime).info();
        clock.set(START.plus(IDLE).plus(QUANTUM));

        List<EndedSession> all = new ArrayList<>(sweepLate(METADATA));
        all.addAll(sweepAll(otherNode(), clock.instant().plus(sweepDelay()), METADATA));

        assertThat(keys(all)).containsExactlyInAnyOrder(idle.key(), lifetime.key());
        for (EndedSession ended : all) {
            boolean wasIdle = ended.info().key().equals(idle.key());
            assertThat(withoutSize(ended.info())).isEqualTo(withoutSize(wasIdle ? idleInfo : lifetimeInfo));
            assertThat(ended.reason()).isEqualTo(wasIdle ? EndReason.IDLE : EndReason.LIFETIME);
        }
    }

    @Test
    @DisplayName("[sweep-2] a deleted session is returned by no sweep")
    final void deletedSessionIsNotSwept() {
        NewSession session = session();
        SessionRecord base = stored(session);
        node().delete(session.key(), START, METADATA);
        clock.set(base.info().expiresAt());

        assertThat(sweepLate(METADATA)).isEmpty();
    }

    @Test
    @DisplayName("[sweep-3] a sweep does not wait for a request that holds a session, and sweeps the others")
    final void sweepDoesNotWaitForARequest() throws Exception {
        NewSession held = session();
        NewSession free = session();
        SessionRecord base = stored(held);
        stored(free);
        clock.set(base.info().expiresAt());
        Optional<AutoCloseable> holding = hold(held.key());
        assumeTrue(holding.isPresent(), "the store cannot hold a session");

        List<EndedSession> swept;
        try {
            swept = Race.apart(() -> sweepLate(METADATA));
        } finally {
            holding.orElseThrow().close();
        }

        assertThat(keys(swept)).containsExactly(free.key());
        assertThat(keys(sweepLate(METADATA))).containsExactly(held.key());
    }

    // detail

    @Test
    @DisplayName("[detail-1] a deleted session carries its attributes if they are asked for")
    final void deletedSessionCarriesAttributesIfAskedFor() {
        NewSession one = session();
        NewSession two = session();
        stored(one);
        saved(node().persist(stored(two), set("size", "L").withRemoved(Set.of("color"))));

        assertThat(node().delete(one.key(), START, METADATA).orElseThrow().attributes())
                .isEmpty();
        assertThat(texts(node().delete(two.key(), START, ATTRIBUTES).orElseThrow()))
                .isEqualTo(Map.of("size", "L"));
    }

    @Test
    @DisplayName("[detail-1] a swept session carries its attributes if they are asked for")
    final void sweptSessionCarriesAttributesIfAskedFor() {
        SessionRecord first = stored(session());
        clock.set(first.info().expiresAt());
        assertThat(sweepLate(METADATA))
                .hasSize(1)
                .allMatch(ended -> ended.attributes().isEmpty());

        SessionRecord second = saved(node().persist(stored(session()), set("size", "L")));
        clock.set(second.info().expiresAt());
        List<EndedSession> swept = sweepLate(ATTRIBUTES);
        assertThat(swept).hasSize(1);
        assertThat(texts(swept.get(0))).isEqualTo(Map.of("color", "red", "size", "L"));
    }

    // count

    @Test
    @DisplayName("[count] sessions that are not expired are counted")
    final void liveSessionsAreCounted() {
        assertThat(node().count(START)).isZero();
        SessionRecord base = stored(session());
        stored(session(never()));
        NewSession deleted = session();
        stored(deleted);
        assertThat(otherNode().count(START)).isEqualTo(3);

        node().delete(deleted.key(), START, METADATA);

        assertThat(node().count(START)).isEqualTo(2);
        assertThat(node().count(base.info().expiresAt().minus(TICK))).isEqualTo(2);
        assertThat(node().count(base.info().expiresAt())).isEqualTo(1);
    }

    @Test
    @DisplayName("[count] many sessions are stored, loaded and swept")
    final void manySessions() {
        Set<SessionKey> keys = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            NewSession session = session(i % 2 == 0 ? expiry() : idle(LONG));
            stored(session);
            keys.add(session.key());
        }
        assertThat(keys).hasSize(500).allMatch(key -> node().reload(key, START).isPresent());
        assertThat(node().count(START)).isEqualTo(500);

        clock.set(START.plus(IDLE).plus(QUANTUM));
        assertThat(keys(sweepLate(METADATA)))
                .hasSize(250)
                .doesNotHaveDuplicates()
                .isSubsetOf(keys);
        assertThat(node().count(clock.instant())).isEqualTo(250);
    }

    // values by reference or by bytes

    @Test
    @DisplayName("[reference] a store that keeps references shows what was changed in place, and counts no bytes")
    final void changeInPlaceIsSeenByReference() {
        assumeTrue(node().keepsReferences(), "the store keeps bytes");
        StringBuilder mutable = new StringBuilder("one");
        NewSession session = session();
        TestValue value = TestValue.of(mutable);
        saved(node().persist(stored(session), nothing().withSet(Map.of("text", value))));

        mutable.append(" and two");

        assertThat(loaded(session).attribute("text").orElseThrow()).isSameAs(value);
        assertThat(texts(loaded(session)).get("text")).isEqualTo("one and two");
        assertThat(loaded(session).info().size()).isZero();
    }

    @Test
    @DisplayName("[bytes] a store that keeps bytes shows nothing that was changed in place after its persist")
    final void changeInPlaceIsNotSeenByBytes() {
        assumeFalse(node().keepsReferences(), "the store keeps references");
        StringBuilder mutable = new StringBuilder("one");
        NewSession session = session();
        SessionRecord next =
                saved(node().persist(stored(session), nothing().withSet(Map.of("text", TestValue.of(mutable)))));

        mutable.append(" and two");

        assertThat(texts(loaded(session)).get("text")).isEqualTo("one");
        saved(node().persist(next, set("other", "1")));
        assertThat(texts(loaded(session)).get("text")).isEqualTo("one");
        assertThat(loaded(session).info().size()).isPositive();
    }

    // close

    @Test
    @DisplayName("[close-1] closing twice is quiet")
    final void closingTwiceIsQuiet() {
        SessionAdapter node = nodeToClose();
        node.close();

        assertThatCode(node::close).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("[close-1] a call after closing completes or fails with SessionStoreException")
    final void callAfterClosingFailsCleanly() {
        SessionAdapter node = nodeToClose();
        NewSession session = session();
        SessionRecord base = node.create(session).orElseThrow();
        node.close();

        assertClean(() -> node.create(session()));
        assertClean(() -> node.load(session.id(), START));
        assertClean(() -> node.reload(session.key(), START));
        assertClean(() -> node.loadFormer(session.id(), START));
        assertClean(() -> node.persist(base, nothing()));
        assertClean(() -> node.touch(base, START));
        assertClean(() -> node.sweep(START, 1, METADATA));
        assertClean(() -> node.count(START));
        assertClean(() -> node.delete(session.key(), START, METADATA));
    }

    private static void assertClean(ThrowingCallable call) {
        assertThatCode(call)
                .satisfiesAnyOf(
                        thrown -> assertThat(thrown).isNull(),
                        thrown -> assertThat(thrown).isInstanceOf(SessionStoreException.class));
    }

    @Test
    @DisplayName("[close-1] closing one node leaves the store to the others")
    final void closingOneNodeLeavesTheOthers() {
        assumeTrue(sharesStoreBetweenNodes(), "one process, one node");
        SessionAdapter node = nodeToClose();
        NewSession session = session();
        node.create(session);

        node.close();

        assertThat(isThere(session)).isTrue();
    }

    /** The size is about bytes, and stores may learn it only when they load. */
    private static SessionInfo withoutSize(SessionInfo info) {
        return new SessionInfo(
                info.key(),
                info.publicId(),
                info.version(),
                info.createdAt(),
                info.lastAccessedAt(),
                info.expiry(),
                info.indexes(),
                0);
    }
}
