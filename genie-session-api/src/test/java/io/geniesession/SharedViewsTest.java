package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How requests of one node share a view when the store, or the application, does not play along. */
class SharedViewsTest {
    private final SettableTime time = new SettableTime();
    private final BytesAdapter store = new BytesAdapter();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Sessions sessions = open("30s");
    private final TestExchange last = TestExchange.with();
    private final List<String> lost = new ArrayList<>();

    private Sessions open(String deadline) {
        return builder(deadline).open();
    }

    /** A node with a key of its own, numbered and named so. */
    private Sessions keyed(String group, int key) {
        return builder("30s")
                .set("genie.session." + group + ".keys", "k" + key + ":" + EncryptionTest.key(key))
                .open();
    }

    private Sessions.Builder builder(String deadline) {
        return Sessions.builder()
                .adapter(store)
                .clock(time)
                .set("genie.session.sweep", "false")
                .set("genie.session.view", "shared")
                .set("genie.session.update-deadline", deadline)
                .listener(new SessionListener() {
                    @Override
                    public void changesLost(SessionInfo session) {
                        lost.add(session.publicId());
                    }
                })
                .types("io.geniesession.SharedViewsTest");
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        sessions.close();
    }

    private void stored(String name, Object value) {
        end(sessions.start(last).set(name, value));
    }

    private Session begin() {
        return sessions.start(last.next());
    }

    private PersistOutcome end(Session session) {
        PersistOutcome outcome = session.persist();
        sessions.release(session);
        return outcome;
    }

    private Object storedValue(String name) {
        return sessions.peek(begun().key()).orElseThrow().get(name).orElse("nothing");
    }

    private Session begun() {
        return last.attached().orElseThrow();
    }

    // ---- the table of views

    @Test
    void viewIsForgottenWithItsLastRequest() {
        stored("a", 1);
        assertThat(sessions.viewsInUse()).isZero();
        Session one = begin();
        Session other = begin();
        assertThat(sessions.viewsInUse()).isEqualTo(1);
        end(one);
        sessions.release(one);
        assertThat(sessions.viewsInUse()).isEqualTo(1);
        end(other);
        assertThat(sessions.viewsInUse()).isZero();
    }

    @Test
    void everyWayToTheEndForgetsTheView() {
        stored("a", 1);
        Session ended = begin();
        ended.invalidate();
        sessions.release(ended);
        Session empty = sessions.start(TestExchange.with());
        sessions.release(empty);
        sessions.peek(begun().key());
        Session created = sessions.create();
        created.set("a", 1).persist();
        assertThat(sessions.viewsInUse()).isEqualTo(1);
        sessions.release(created);
        assertThat(sessions.viewsInUse()).isZero();
    }

    @Test
    void viewOfRequestsThatNeverEndGoesWithThem() {
        stored("a", 1);
        abandon();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (sessions.viewsInUse() > 0 && System.nanoTime() < deadline) {
            System.gc();
        }
        assertThat(sessions.viewsInUse()).isZero();
    }

    private void abandon() {
        assertThat(begin().get("a")).contains(1);
        assertThat(sessions.viewsInUse()).isEqualTo(1);
    }

    @Test
    void requestThatWasLoadingWhileTheLastOneStoredSeesWhatItStored() {
        stored("a", 1);
        Session one = begin();
        store.afterLoad = () -> {
            store.afterLoad = () -> {};
            end(one.set("a", 2));
        };
        Session other = begin();
        assertThat(other.get("a")).contains(2);
    }

    @Test
    void requestThatWasLoadingWhileTheLastOneReadAsksNoSecondTime() {
        stored("a", 1);
        Session one = begin();
        store.loads = 0;
        store.afterLoad = () -> {
            store.afterLoad = () -> {};
            end(one);
        };
        begin();
        assertThat(store.loads).isEqualTo(1);
    }

    /** What it loaded may be out of date by then, and the store cannot be asked once more. */
    @Test
    void requestThatCouldNotJoinIsCountedOutAgain() {
        stored("a", 1);
        Session first = begin();
        Session[] second = new Session[1];
        store.afterLoad = () -> {
            store.afterLoad = () -> {};
            end(first.set("a", 2));
            second[0] = begin();
            store.failWith(new SessionStoreException("down", "08006", false, null));
        };
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::begin);
        store.failWith(null);
        assertThat(sessions.viewsInUse()).isEqualTo(1);
        assertThat(second[0].get("a")).contains(2);

        end(second[0]);
        assertThat(sessions.viewsInUse()).isZero();
    }

    @Test
    void sessionThatEndsWhileItIsLoadedIsNotJoined() {
        stored("a", 1);
        Session one = begin();
        store.afterLoad = () -> {
            store.afterLoad = () -> {};
            one.invalidate();
        };
        assertThat(begin().isNew()).isTrue();
    }

    @Test
    void requestThatWasLoadingUnderTheOldIdDoesNotSeeWhatCameWithTheNewOne() {
        stored("a", 1);
        Session one = begin();
        store.afterLoad = () -> {
            store.afterLoad = () -> {};
            one.setPrincipal("ada").set("role", "admin").persist();
        };
        assertThat(begin().get("role")).isEmpty();
    }

    @Test
    void aSessionThatIsNotSharedStaysUntouchedToItsEnd() {
        stored("a", 1);
        try (Sessions apart =
                builder("30s").set("genie.session.view", "request").open()) {
            assertThat(isUntouchedWhenItsRequestIsOver(apart)).isTrue();
            assertThat(isUntouchedWhenItsRequestIsOver(sessions)).isFalse();
        }
    }

    /** Whether nobody has taken its lock. */
    private boolean isUntouchedWhenItsRequestIsOver(Sessions node) {
        LiveSession session = (LiveSession) node.start(last.next());
        assertThat(session.persist()).isEqualTo(PersistOutcome.UNCHANGED);
        node.release(session);
        return session.isUntouched();
    }

    // ---- the end

    @Test
    void endIsSeenByWhateverIsAskedNext() {
        List<Predicate<Session>> questions = List.of(
                Session::isValid,
                Session::isStored,
                session -> session.isSet("a"),
                session -> session.persist() != PersistOutcome.GONE);
        for (Predicate<Session> question : questions) {
            Session session = sessions.start(TestExchange.with()).set("a", 1);
            session.persist();
            Session other = sessions.load(session.key()).orElseThrow();
            assertThat(other.isSet("a")).isTrue();
            session.invalidate();
            try {
                assertThat(question.test(other)).isFalse();
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("ended while this request was using it");
            }
        }
    }

    @Test
    void changesThatWereLostWithTheEndAreToldWhenTheRequestIsOver() {
        stored("a", 1);
        Session ender = begin();
        Session changer = begin().set("a", 2);
        Session reader = begin();
        assertThat(reader.get("b")).isEmpty();
        ender.invalidate();

        sessions.release(reader);
        sessions.release(ender);
        assertThat(lost).isEmpty();
        sessions.release(changer);
        assertThat(lost).containsExactly(begun().id());
        assertThat(sessions.viewsInUse()).isZero();
    }

    @Test
    void endOfASessionThatAnotherNodeHasEndedIsSeenByTheOthers() {
        stored("a", 1);
        Session ender = begin();
        Session other = begin();
        try (Sessions elsewhere = open("30s")) {
            elsewhere.end(ender.key());
        }
        assertThat(other.isValid()).as("nobody has asked the store").isTrue();

        ender.invalidate();

        assertThat(other.isValid()).isFalse();
    }

    // ---- a store that fails

    @Test
    void threadThatCouldNotCreateASessionIsInNobodysWay() throws Exception {
        Session creator = sessions.start(last).set("a", 1);
        store.failWith(new SessionStoreException("down", null, false, null));
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(creator::persist);
        store.failWith(null);
        assertThat(threads.submit(creator::persist).get(10, TimeUnit.SECONDS)).isEqualTo(PersistOutcome.SAVED);
    }

    @Test
    void changesThatCouldNotBeStoredStayAndAreStoredByTheNextThatHasThem() {
        stored("a", 1);
        Session one = begin();
        Session other = begin();
        one.set("a", 2);
        store.failWith(new SessionStoreException("down", null, false, null));
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(one::persist);
        sessions.release(one);
        store.failWith(null);

        assertThat(other.get("a")).contains(2);
        assertThat(end(other)).isEqualTo(PersistOutcome.SAVED);
        assertThat(storedValue("a")).isEqualTo(2);
        assertThat(sessions.viewsInUse()).isZero();
    }

    @Test
    void lostAnswerOfARenewalIsSettledByTheRequestThatRenewed() {
        stored("a", 1);
        TestExchange renewing = last.next();
        Session one = sessions.start(renewing);
        Session other = begin();
        one.setPrincipal("ada").set("role", "admin");
        store.loseNextAnswer = true;
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(one::persist);
        assertThat(renewing.setCookie()).isEmpty();
        assertThat(other.set("b", 1).persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(one.persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(renewing.setCookie()).isPresent();
        assertThat(other.id()).isEqualTo(one.id());
        assertThat(storedValue("role")).isEqualTo("admin");
        assertThat(sessions.start(renewing.next()).get("b")).contains(1);
    }

    @Test
    void lostAnswerOfACreationIsSettledAndTheSessionShared() {
        Session creator = sessions.start(last);
        creator.set("a", 1);
        store.loseNextAnswer = true;
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(creator::persist);
        assertThat(creator.persist()).isEqualTo(PersistOutcome.SAVED);
        begin().set("b", 2);
        assertThat(creator.get("b")).contains(2);
    }

    @Test
    void requestDoesNotWaitForEverForAnotherThatIsStoring() throws Exception {
        stored("a", 1);
        try (Sessions impatient = open("200ms")) {
            Session one = impatient.start(last.next());
            Session other = impatient.start(last.next());
            Session reader = impatient.start(last.next());
            CountDownLatch answer = new CountDownLatch(1);
            Future<PersistOutcome> slow = storing(one.set("a", 2), answer);

            assertThat(reader.get("b")).isEmpty();
            assertThat(reader.persist()).isEqualTo(PersistOutcome.UNCHANGED);
            other.set("b", 1);
            assertThatExceptionOfType(SessionStoreException.class)
                    .isThrownBy(other::persist)
                    .withMessageContaining("genie.session.update-deadline")
                    .matches(e -> !e.outcomeUnknown());
            answer.countDown();
            assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo(PersistOutcome.SAVED);
            assertThat(other.persist()).isEqualTo(PersistOutcome.SAVED);
            assertThat(storedValue("b")).isEqualTo(1);
        }
    }

    @Test
    void requestThatStoresAgainAtOnceComesAfterThoseThatWait() throws Exception {
        stored("a", 1);
        Session one = begin();
        Session other = begin().set("b", 1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        AtomicReference<Thread> second = new AtomicReference<>();
        store.beforePersist = () -> {
            store.beforePersist = () -> second.compareAndSet(null, Thread.currentThread());
            begun.countDown();
            await(answer);
        };
        Future<?> storing = threads.submit(() -> {
            one.set("a", 2).persist();
            one.set("a", 3).persist();
        });
        await(begun);
        Thread waiting = new Thread(other::persist);
        waiting.start();
        awaitTurn(waiting);
        answer.countDown();
        storing.get(30, TimeUnit.SECONDS);
        waiting.join();
        assertThat(second).hasValue(waiting);
    }

    /** Lets a request store its changes in a thread of its own, for as long as the store does not answer. */
    private Future<PersistOutcome> storing(Session session, CountDownLatch answer) {
        CountDownLatch begun = new CountDownLatch(1);
        store.beforePersist = () -> {
            store.beforePersist = () -> {};
            begun.countDown();
            await(answer);
        };
        Future<PersistOutcome> outcome = threads.submit(session::persist);
        await(begun);
        return outcome;
    }

    @Test
    void bytesThatWereBegunEarlierDoNotTakeThePlaceOfLaterOnes() throws Exception {
        stored("busy", new Busy());
        Session one = begin();
        Session other = begin();
        Busy busy = one.get("busy", Busy.class).orElseThrow();
        other.get("busy");
        CountDownLatch answer = new CountDownLatch(1);
        Future<PersistOutcome> slow = storing(begin().set("x", 1), answer);
        Thread later = new Thread(other::persist);
        busy.written = () -> {
            // The first bytes are made, and nobody has them yet.
            busy.written = () -> {};
            busy.text = "new";
            later.start();
            awaitTurn(later);
        };
        one.set("busy", busy);
        answer.countDown();
        slow.get(30, TimeUnit.SECONDS);
        later.join();
        assertThat(((Busy) storedValue("busy")).text).isEqualTo("new");
    }

    @Test
    void objectThatIsAsItWasAgainWhenAnotherStateOfItHasBeenStoredIsStoredOnceMore() throws Exception {
        stored("busy", new Busy());
        Session one = begin();
        Session other = begin();
        Busy busy = one.get("busy", Busy.class).orElseThrow();
        other.get("busy");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch changedBack = new CountDownLatch(1);
        busy.text = "new";
        busy.written = () -> {
            begun.countDown();
            await(changedBack);
        };
        Future<PersistOutcome> first = threads.submit(one::persist);
        await(begun);
        busy.text = "old";
        busy.written = () -> {
            busy.written = () -> {};
            changedBack.countDown();
            assertThat(first).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(PersistOutcome.SAVED);
        };

        assertThat(other.persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(((Busy) storedValue("busy")).text).isEqualTo("old");
    }

    /** The thread has made its bytes when it waits for another one to store. */
    private static void awaitTurn(Thread thread) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    @Test
    void changeMadeWhileItsValueIsBeingStoredIsStoredNext() throws Exception {
        stored("a", 1);
        Session one = begin();
        Session other = begin();
        store.beforePersist = () -> {
            store.beforePersist = () -> {};
            other.set("a", 3);
        };
        assertThat(end(one.set("a", 2))).isEqualTo(PersistOutcome.SAVED);
        assertThat(storedValue("a")).isEqualTo(2);
        assertThat(other.get("a")).contains(3);
        assertThat(end(other)).isEqualTo(PersistOutcome.SAVED);
        assertThat(storedValue("a")).isEqualTo(3);
    }

    @Test
    void updateAndRequestThatBringsNewsWaitForTheOneThatIsStoring() throws Exception {
        stored("a", 1);
        Session one = begin();
        Session other = begin();
        CountDownLatch answer = new CountDownLatch(1);
        Future<PersistOutcome> slow = storing(one.set("a", 2), answer);
        Thread updating = new Thread(() -> other.update("b", Integer.class, value -> Optional.of(1)));
        updating.start();
        awaitTurn(updating);
        assertThat(updating.isAlive()).isTrue();
        try (Sessions elsewhere = open("30s")) {
            elsewhere.start(last.next()).set("theirs", 1).persist();
        }
        Thread joining = new Thread(this::begin);
        joining.start();
        awaitTurn(joining);
        assertThat(joining.isAlive()).isTrue();
        answer.countDown();
        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo(PersistOutcome.SAVED);
        updating.join();
        joining.join();
        assertThat(storedValue("b")).isEqualTo(1);
        assertThat(other.get("theirs")).contains(1);
    }

    @Test
    void listenersAreToldWhenOthersMayStoreAgain() {
        stored("a", 1);
        Session one = begin();
        Session late = begin();
        Session other = begin();
        late.set("c", 1).renew();
        List<PersistOutcome> meanwhile = new ArrayList<>();
        sessions.addListener(new SessionListener() {
            @Override
            public void renewed(SessionInfo session, String formerPublicId) {
                storesMeanwhile();
            }

            @Override
            public void changesLost(SessionInfo session) {
                storesMeanwhile();
            }

            private void storesMeanwhile() {
                other.set("b", 2);
                assertThat(threads.submit(other::persist))
                        .succeedsWithin(Duration.ofSeconds(10))
                        .satisfies(meanwhile::add);
            }
        });
        assertThat(one.renew().persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(late.persist()).isEqualTo(PersistOutcome.CONFLICT);
        assertThat(meanwhile).containsExactly(PersistOutcome.SAVED, PersistOutcome.SAVED);
    }

    @Test
    void viewThatHasStoredSomethingSinceARequestWasLoadedIsNotSetBack() {
        stored("theirs", 0);
        Session one = begin();
        assertThat(one.get("theirs")).contains(0);
        try (Sessions elsewhere = open("30s")) {
            elsewhere.start(last.next()).set("theirs", 1).persist();
        }
        store.afterLoad = () -> {
            store.afterLoad = () -> {};
            assertThat(one.set("mine", 2).persist()).isEqualTo(PersistOutcome.SAVED);
        };
        Session other = begin();
        assertThat(other.get("mine")).contains(2);
        assertThat(other.get("theirs")).contains(1);
        assertThat(one.get("theirs")).contains(1);
    }

    /** Another node has stored something below the first of the two, and no version is missing between them. */
    @Test
    void newsThatCameBelowEarlierChangesOfThisNodeIsNotForgottenWithLaterOnes() {
        stored("a", 1);
        Session one = begin();
        one.set("b", 1).persist();
        try (Sessions apart = open("30s")) {
            Session elsewhere = apart.start(last.next()).set("b", 2);
            elsewhere.persist();
            apart.release(elsewhere);
        }
        one.set("a", 2).persist();
        one.set("a", 3).persist();
        assertThat(begin().get("b")).contains(2);
    }

    @Test
    void whatIsReadWhileNewsIsTakenInIsNews() {
        end(sessions.start(last).set("busy", new Busy()).set("a", 1));
        Session one = begin();
        Busy busy = one.get("busy", Busy.class).orElseThrow();
        try (Sessions elsewhere = open("30s")) {
            Busy theirs = new Busy();
            theirs.text = "theirs";
            elsewhere.start(last.next()).set("busy", theirs).set("a", 2).persist();
        }
        busy.written = () -> {
            busy.written = () -> {};
            assertThat(one.get("a")).contains(1);
        };
        Session other = begin();
        assertThat(other.get("a")).contains(2);
        assertThat(other.get("busy", Busy.class).orElseThrow().text).isEqualTo("theirs");
    }

    @Test
    void plainChangeMadeDuringAnUpdateIsNotLost() {
        stored("a", 1);
        Session one = begin();
        Session other = begin();
        one.update("a", Integer.class, value -> {
            other.set("a", 10);
            return value.map(n -> n + 1);
        });
        assertThat(one.get("a")).contains(10);
        end(other);
        assertThat(storedValue("a")).isEqualTo(10);
    }

    @Test
    void changeInPlaceWhileAnUpdateOfTheSameObjectIsBeingStoredIsNotLost() throws Exception {
        stored("busy", new Busy());
        Session one = begin();
        Session other = begin();
        Busy busy = other.get("busy", Busy.class).orElseThrow();
        CountDownLatch encoded = new CountDownLatch(1);
        CountDownLatch updated = new CountDownLatch(1);
        List<Future<PersistOutcome>> later = new ArrayList<>();
        store.beforePersist = () -> {
            store.beforePersist = () -> {};
            busy.text = "other";
            busy.written = () -> {
                busy.written = () -> {};
                encoded.countDown();
                await(updated);
            };
            later.add(threads.submit(other::persist));
            await(encoded);
        };
        one.update("busy", Busy.class, value -> {
            value.orElseThrow().text = "one";
            return value;
        });
        updated.countDown();
        assertThat(later.get(0).get(30, TimeUnit.SECONDS)).isEqualTo(PersistOutcome.SAVED);
        assertThat(((Busy) storedValue("busy")).text).isEqualTo("other");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- changes of one request

    @Test
    void refreshForgetsWhatTheRequestHasHadInItsHands() throws Exception {
        stored("a", 1);
        Session one = begin();
        Session other = begin();
        assertThat(one.get("a")).contains(1);
        other.set("a", 2);

        assertThat(one.refresh()).isTrue();

        threads.submit(() -> other.set("b", 1)).get(10, TimeUnit.SECONDS);
        assertThat(one.persist()).as("the change is the other's to store").isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(storedValue("a")).isEqualTo(1);
        assertThat(end(other)).isEqualTo(PersistOutcome.SAVED);
    }

    @Test
    void renewalThatWasDroppedKeepsNobodyOut() {
        stored("a", 1);
        Session one = begin().renew();
        assertThat(one.refresh()).isTrue();
        Session other = begin();
        one.set("b", 2);
        assertThat(other.get("b")).contains(2);
    }

    @Test
    void renewalThatIsNeverStoredKeepsNobodyOut() {
        stored("a", 1);
        Session other = begin();
        sessions.release(begin().renew());
        Session later = begin();
        other.set("b", 2);
        assertThat(later.get("b")).contains(2);
    }

    @Test
    void requestMayRenewTheIdAsOftenAsItWants() {
        stored("a", 1);
        TestExchange renewing = last.next();
        Session one = sessions.start(renewing);
        assertThat(one.renew().persist()).isEqualTo(PersistOutcome.SAVED);
        String first = one.id();
        assertThat(one.renew().persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(one.id()).isNotEqualTo(first);
        assertThat(lost).isEmpty();
        Session other = sessions.start(renewing.next());
        one.set("b", 2);
        assertThat(other.get("b")).contains(2);
    }

    @Test
    void replaceAndRemoveAnswerWhatWasThere() {
        stored("a", 1);
        Session one = begin();
        Session other = begin();
        assertThat(one.remove("none")).isEmpty();
        assertThat(one.persist()).isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(one.replace("a", 2)).contains(1);
        assertThat(one.replace("b", 3)).isEmpty();
        assertThat(other.get("b")).contains(3);
        assertThat(other.remove("b")).contains(3);
        assertThat(other.remove("b")).isEmpty();
        assertThat(other.remove("a")).contains(2);
        end(one);
        end(other);
        assertThat(storedValue("a")).isEqualTo("nothing");
        assertThat(storedValue("b")).isEqualTo("nothing");
    }

    @Test
    void whatIsSetAndReplacedIsChecked() {
        try (Sessions small =
                builder("30s").set("genie.session.max-attributes", "2").open()) {
            Session one = small.start(last).set("a", 1).set("b", 2);
            assertThat(one.replace("a", 3)).contains(1);
            List<ThrowingCallable> refused = List.of(
                    () -> one.set("", 1),
                    () -> one.replace("", 1),
                    () -> one.set("more", 1),
                    () -> one.replace("more", 1));
            for (ThrowingCallable change : refused) {
                assertThatIllegalArgumentException().isThrownBy(change);
            }
            assertThat(one.names()).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void onlyWhatIsThereIsRemoved() {
        stored("bad", 1);
        store.corrupt(begun().key(), "bad", new byte[] {0x0f});
        Session one = begin();
        assertThat(one.unset("none").persist()).isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(one.get("bad")).isEmpty();
        assertThat(end(one.unset("bad"))).isEqualTo(PersistOutcome.SAVED);
        assertThat(sessions.peek(begun().key()).orElseThrow().isSet("bad")).isFalse();
    }

    @Test
    void ownUpdateIsNoConflict() {
        stored("a", 1);
        Session one = begin();
        one.update("a", Integer.class, value -> value.map(n -> n + 1));
        assertThat(one.set("b", 1).persistStrictly()).isEqualTo(PersistOutcome.SAVED);
    }

    @Test
    void changeInPlaceOfWhatComesWithASignInComesWithItToo() {
        stored("a", 1);
        Session one = begin();
        Session other = begin();
        one.setPrincipal("ada").set("roles", new ArrayList<>(List.of("admin")));
        other.get("roles", List.class).ifPresent(roles -> add(roles, "author"));
        assertThat(other.persist()).isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(storedValue("roles")).isEqualTo("nothing");
        assertThat(one.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(storedValue("roles")).isEqualTo(List.of("admin", "author"));
    }

    @Test
    void requestThatIsInterruptedWhileItWaitsStoresNothing() throws Exception {
        stored("a", 1);
        Session one = begin();
        Session other = begin().set("b", 1);
        CountDownLatch answer = new CountDownLatch(1);
        Future<PersistOutcome> slow = storing(one.set("a", 2), answer);
        AtomicReference<SessionStoreException> refused = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread waiting = new Thread(() -> {
            try {
                other.persist();
            } catch (SessionStoreException e) {
                refused.set(e);
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        waiting.start();
        awaitTurn(waiting);
        waiting.interrupt();
        waiting.join();
        answer.countDown();
        assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo(PersistOutcome.SAVED);
        assertThat(refused.get()).hasMessageContaining("interrupted").matches(e -> !e.outcomeUnknown());
        assertThat(interrupted).isTrue();
        assertThat(storedValue("b")).isEqualTo("nothing");
        assertThat(end(other)).isEqualTo(PersistOutcome.SAVED);
    }

    // ---- values

    @Test
    void objectThatIsAlwaysBeingChangedFailsNoRequestAndLosesNothingOfTheOthers() {
        stored("busy", new Busy());
        Session one = begin();
        Busy busy = one.get("busy", Busy.class).orElseThrow();
        busy.text = "new";
        busy.changing = true;
        Session other = begin();
        other.get("busy");
        other.set("a", 1);

        try (Warnings warnings = new Warnings()) {
            assertThat(end(other)).isEqualTo(PersistOutcome.SAVED);
            assertThat(warnings.messages())
                    .singleElement()
                    .asString()
                    .startsWith("Attribute \"busy\" is changed all the time");
        }

        assertThat(storedValue("a")).isEqualTo(1);
        busy.changing = false;
        assertThat(end(one)).isEqualTo(PersistOutcome.SAVED);
        assertThat(((Busy) storedValue("busy")).text).isEqualTo("new");
    }

    @Test
    void objectIsTriedAgainUntilItsBytesCanBeMade() {
        stored("busy", new Busy());
        Session one = begin();
        Busy busy = one.get("busy", Busy.class).orElseThrow();
        busy.text = "new";
        busy.failures = 3;
        assertThat(end(one)).isEqualTo(PersistOutcome.SAVED);
        assertThat(((Busy) storedValue("busy")).text).isEqualTo("new");
    }

    @Test
    void valueThatCannotBeStoredFailsOnlyThoseThatHaveHadIt() {
        stored("list", new ArrayList<>());
        Session one = begin();
        Session other = begin();
        one.get("list", List.class).ifPresent(list -> add(list, new Object()));
        other.set("a", 1);
        assertThat(end(other)).isEqualTo(PersistOutcome.SAVED);
        assertThatExceptionOfType(SessionCodecException.class).isThrownBy(one::persist);
    }

    @Test
    void valueThatCannotBeStoredKeepsNobodyFromJoiningAfterAnotherNodeHasChangedIt() {
        stored("list", new ArrayList<>());
        Session one = begin();
        List<?> list = one.get("list", List.class).orElseThrow();
        add(list, new Object());
        try (Sessions elsewhere = open("30s")) {
            elsewhere
                    .start(last.next())
                    .set("list", List.of("theirs"))
                    .set("a", 1)
                    .persist();
        }
        Session other = begin();
        assertThat(other.get("a")).contains(1);
        assertThat(other.get("list")).containsSame(list);
    }

    @Test
    void objectThatIsBeingChangedOutlivesWhatAnotherNodeHasStored() {
        stored("busy", new Busy());
        Session one = begin();
        Busy busy = one.get("busy", Busy.class).orElseThrow();
        busy.changing = true;
        try (Sessions elsewhere = open("30s")) {
            Busy theirs = new Busy();
            theirs.text = "theirs";
            elsewhere.start(last.next()).set("busy", theirs).set("a", 1).persist();
        }
        Session other = begin();
        assertThat(other.get("a")).contains(1);
        assertThat(other.get("busy")).containsSame(busy);
    }

    @Test
    void interruptedRequestStoresWhenNobodyIsInItsWay() {
        stored("a", 1);
        Session one = begin();
        begin();
        Thread.currentThread().interrupt();
        try {
            assertThat(one.set("a", 2).persist()).isEqualTo(PersistOutcome.SAVED);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    // ---- keys

    @Test
    void whatDoesNotDecryptTakesThePlaceOfAnObjectAndItsBytesStay() {
        try (Sessions here = keyed("encryption", 1);
                Sessions elsewhere = keyed("encryption", 2)) {
            here.start(last)
                    .set("same", new ArrayList<>())
                    .set("theirs", new ArrayList<>())
                    .set("mine", 0)
                    .persist();
            Session one = here.start(last.next());
            Object same = one.get("same").orElseThrow();
            assertThat(one.get("theirs")).isPresent();
            one.set("mine", 1);
            elsewhere.start(last.next()).set("theirs", "new").set("mine", 2).persist();

            Session other = here.start(last.next());

            assertThat(other.get("same")).containsSame(same);
            assertThat(other.get("theirs")).isEmpty();
            assertThat(one.get("theirs")).isEmpty();
            assertThat(other.get("mine")).contains(1);
            assertThat(one.persist()).isEqualTo(PersistOutcome.SAVED);
            assertThat(other.persist()).isEqualTo(PersistOutcome.UNCHANGED);
            assertThat(elsewhere.peek(one.key()).orElseThrow().get("theirs")).contains("new");
        }
    }

    @Test
    void signInThatGoesOnFromAChangeOfTheDigestStaysApartUntilItIsStored() {
        stored("a", 1);
        try (Sessions keyed = keyed("id-digest", 1)) {
            Session one = keyed.start(last.next());
            Session other = keyed.start(last.next());
            one.setPrincipal("ada").set("role", "admin");
            assertThat(other.persist()).as("its digest").isEqualTo(PersistOutcome.SAVED);
            store.beforePersist = () -> {
                store.beforePersist = () -> {};
                throw new SessionStoreException("down", null, false, null);
            };
            assertThatExceptionOfType(SessionStoreException.class).isThrownBy(one::persist);

            assertThat(keyed.start(last.next()).get("role"))
                    .as("under the old id")
                    .isEmpty();
            assertThat(other.get("role")).contains("admin");
            assertThat(other.persist()).isEqualTo(PersistOutcome.UNCHANGED);
            assertThat(one.persist()).isEqualTo(PersistOutcome.SAVED);
            assertThat(storedValue("role")).isEqualTo("admin");
        }
    }

    @SuppressWarnings("unchecked")
    private static void add(List<?> list, Object value) {
        ((List<Object>) list).add(value);
    }

    /** Fails to be written as a collection does that somebody changes. */
    static final class Busy implements Serializable {
        private static final long serialVersionUID = 1L;

        transient volatile boolean changing;
        transient int failures;
        transient @Nullable Runnable written;
        String text = "old";

        private void writeObject(ObjectOutputStream out) throws IOException {
            if (changing || failures-- > 0) {
                throw new ConcurrentModificationException();
            }
            out.defaultWriteObject();
            Runnable then = written;
            if (then != null) {
                then.run();
            }
        }
    }
}
