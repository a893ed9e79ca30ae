package io.geniesession.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.SessionConflictException;
import io.geniesession.Sessions;
import io.geniesession.spi.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What an application relies on with {@code genie.session.view=shared}, over an adapter: requests of one node that use a
 * session at the same time have the same objects, and what other nodes store is merged in.
 *
 * <p>Belongs to one test and is safe for its threads.
 */
public abstract class SharedViewContract extends AdapterFixture {
    private static final String COOKIE = "__geniesid";
    private static final int REQUESTS = 8;
    private static final int ROUNDS = 10;

    private final TestEvents events = new TestEvents();
    private final TestNodes nodes = new TestNodes(events);
    private @Nullable Sessions here;
    private @Nullable Sessions there;

    /** Creates the contract for one test. */
    protected SharedViewContract() {}

    /**
     * Returns the settings that the adapter's provider declares, which {@link #settings()} may then use.
     *
     * @return the declarations; none, unless overridden
     */
    protected List<Setting<?>> declaredSettings() {
        return List.of();
    }

    /**
     * Tells whether values are encrypted. An adapter that keeps bytes runs the contract both ways.
     *
     * @return false, unless overridden
     */
    protected boolean encrypts() {
        return false;
    }

    private Sessions sessions() {
        if (here == null) {
            here = open("shared", "new");
        }
        return here;
    }

    private Sessions otherSessions() {
        if (there == null) {
            sessions();
            there = open("shared", "old");
        }
        return there;
    }

    /** Opens a node that encrypts with this key, if values are encrypted. */
    private Sessions open(String view, String key) {
        Map<String, String> settings = new HashMap<>(Map.of("genie.session.view", view));
        if (encrypts()) {
            settings.put("genie.session.encryption.keys", TestNodes.KEYS);
            settings.put("genie.session.encryption.key", key);
        }
        return nodes.open(this, declaredSettings(), settings);
    }

    @AfterEach
    final void closeSessions() {
        nodes.close();
    }

    /** Stores a session in a request that is over, and returns its exchange. */
    private TestExchange stored(Map<String, Object> attributes) {
        TestExchange exchange = new TestExchange();
        Session session = sessions().start(exchange);
        attributes.forEach(session::set);
        assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);
        sessions().release(session);
        return exchange;
    }

    /** Begins a request, which uses its session until {@link #end}. */
    private Session begin(TestExchange last) {
        return sessions().start(last.next());
    }

    private PersistOutcome end(Session session) {
        PersistOutcome outcome = session.persist();
        sessions().release(session);
        return outcome;
    }

    /** Lets another node change something, from beginning to end. */
    private void elsewhere(TestExchange last, String name, Object value) {
        Session session = otherSessions().start(last.next());
        session.set(name, value).persist();
        otherSessions().release(session);
    }

    private Object storedValue(TestExchange last, String name) {
        Session session = otherSessions().peek(attached(last).key()).orElseThrow();
        return session.get(name).orElse("nothing");
    }

    private static Session attached(TestExchange exchange) {
        return exchange.attached().orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Session session, String name) {
        return (List<Object>) session.get(name).orElseThrow();
    }

    private static List<Object> listOf(Object... values) {
        return new ArrayList<>(List.of(values));
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, Object> map(Session session, String name) {
        return (Map<Object, Object>) session.get(name).orElseThrow();
    }

    // ---- requests of one node

    @Test
    @DisplayName("[shared] requests that overlap have the same object, also when it was set a moment ago")
    final void objectsAreShared() {
        TestExchange last = stored(Map.of("cart", listOf("tea")));
        Session one = begin(last);
        Session other = begin(last);

        assertThat(list(one, "cart")).isSameAs(list(other, "cart"));
        List<Object> fresh = listOf("cake");
        one.set("fresh", fresh);
        assertThat(list(other, "fresh")).isSameAs(fresh);
        assertThat(other.names()).containsExactlyInAnyOrder("cart", "fresh");
    }

    @Test
    @DisplayName("[shared] a removal is seen at once and stored by whoever ends first of those that have seen it")
    final void removalIsShared() {
        TestExchange last = stored(Map.of("a", 1, "b", 2));
        Session one = begin(last);
        Session other = begin(last);
        one.unset("a");

        assertThat(other.get("a")).isEmpty();
        assertThat(other.isSet("a")).isFalse();
        assertThat(other.names()).containsExactly("b");
        assertThat(end(other)).isEqualTo(PersistOutcome.SAVED);
        assertThat(storedValue(last, "a")).isEqualTo("nothing");
        assertThat(end(one)).isEqualTo(PersistOutcome.UNCHANGED);
    }

    @Test
    @DisplayName("[shared] when the last request has left, the next one begins with what is stored")
    final void viewEndsWithItsLastRequest() {
        TestExchange last = stored(Map.of("cart", listOf("tea")));
        Session one = begin(last);
        assumeFalse(sessions().keepsReferences(), "the adapter keeps the very objects");
        Session other = begin(last);
        List<Object> cart = list(one, "cart");
        end(one);
        Session third = begin(last);
        assertThat(list(third, "cart")).isSameAs(cart);
        end(other);
        end(third);

        assertThat(list(begin(last), "cart")).isNotSameAs(cart).isEqualTo(cart);
    }

    @Test
    @DisplayName("[shared] a request that begins a session shares it once it is stored")
    final void newSessionIsShared() {
        TestExchange first = new TestExchange();
        Session creator = sessions().start(first);
        List<Object> cart = listOf("tea");
        creator.set("cart", cart).persist();

        Session next = begin(first);

        assertThat(list(next, "cart")).isSameAs(cart);
        assertThat(creator.isNew()).isTrue();
        assertThat(next.isNew()).isFalse();
        next.set("more", 1);
        assertThat(creator.get("more")).contains(1);
    }

    @Test
    @DisplayName("[shared] a request stores what it has set and what it has had in its hands, and no more")
    final void requestStoresWhatItTouched() {
        TestExchange last = stored(Map.of("a", 0));
        Session one = begin(last);
        Session other = begin(last);
        one.set("seen", 1).set("unseen", 2);
        other.get("seen");
        other.set("own", 3);

        assertThat(end(other)).isEqualTo(PersistOutcome.SAVED);

        assertThat(storedValue(last, "seen")).isEqualTo(1);
        assertThat(storedValue(last, "own")).isEqualTo(3);
        assertThat(storedValue(last, "unseen")).isEqualTo("nothing");
        end(one);
        assertThat(storedValue(last, "unseen")).isEqualTo(2);
    }

    @Test
    @DisplayName("[shared] what several requests have read and nobody has changed is not stored again")
    final void readingStoresNothing() {
        TestExchange last = stored(Map.of("cart", listOf("tea"), "n", 1));
        Session one = begin(last);
        Session other = begin(last);
        List<Object> cart = list(one, "cart");
        assertThat(list(other, "cart")).isSameAs(cart);
        elsewhere(last, "n", 2);
        Session third = begin(last);
        assertThat(list(third, "cart")).isSameAs(cart);
        assertThat(third.get("n")).contains(2);

        assertThat(List.of(end(one), end(other), end(third))).containsOnly(PersistOutcome.UNCHANGED);
    }

    @Test
    @DisplayName(
            "[shared] to set what was read again, or replace it by itself, undoes nothing that another node has done")
    final void settingWhatWasReadIsNoChange() {
        TestExchange last = stored(Map.of("cart", listOf("tea"), "notes", listOf("a")));
        Session one = begin(last);
        List<Object> cart = list(one, "cart");
        List<Object> notes = list(one, "notes");
        Session other = otherSessions().start(last.next());
        list(other, "cart").add("cake");
        list(other, "notes").add("b");
        other.persist();
        otherSessions().release(other);

        one.set("cart", cart);
        assertThat(one.replace("notes", notes)).contains(notes);
        end(one);

        assertThat(storedValue(last, "cart")).isEqualTo(List.of("tea", "cake"));
        assertThat(storedValue(last, "notes")).isEqualTo(List.of("a", "b"));
    }

    @Test
    @DisplayName("[shared] a lock on an attribute keeps the changes of all requests, which are stored when each ends")
    final void lockProtects() throws Exception {
        TestExchange last = stored(Map.of("cart", listOf()));
        Session holder = begin(last);
        race(request -> {
            for (int round = 0; round < ROUNDS; round++) {
                Session session = begin(last);
                Object item = request + ":" + round;
                List<Object> cart = list(session, "cart");
                synchronized (cart) {
                    cart.add(item);
                }
                end(session);
                synchronized (cart) {
                    assertThat(storedValue(last, "cart")).asInstanceOf(LIST).contains(item);
                }
            }
            return true;
        });
        end(holder);
        assertThat((List<?>) storedValue(last, "cart")).hasSize(REQUESTS * ROUNDS);
    }

    @Test
    @DisplayName("[shared] an object that others change without a lock fails no request")
    final void unlockedChangesFailNobody() throws Exception {
        TestExchange last = stored(Map.of("map", new TreeMap<>()));
        Session holder = begin(last);
        race(request -> {
            for (int round = 0; round < ROUNDS; round++) {
                Session session = begin(last);
                Map<Object, Object> map = map(session, "map");
                for (int i = 0; i < 100; i++) {
                    synchronized (map) {
                        map.put(request * 1_000 + i, round);
                    }
                }
                assertThat(end(session)).isIn(PersistOutcome.SAVED, PersistOutcome.UNCHANGED);
            }
            return true;
        });
        holder.get("map");
        end(holder);
        assertThat((Map<?, ?>) storedValue(last, "map")).hasSize(REQUESTS * 100);
    }

    @Test
    @DisplayName("[shared] a synchronized object may be stored by one request while another holds its lock and stores")
    final void locksOfObjectsDoNotMeetOurs() throws Exception {
        TestExchange last = stored(Map.of("a", 0));
        Session holder = begin(last);
        holder.set("map", Collections.synchronizedMap(new TreeMap<>()));
        race(request -> {
            for (int round = 0; round < ROUNDS; round++) {
                Session session = begin(last);
                Map<Object, Object> map = map(session, "map");
                synchronized (map) {
                    map.put(request * ROUNDS + round, true);
                    session.set("map", map);
                    if (request % 2 == 0) {
                        session.persist();
                    }
                }
                end(session);
            }
            return true;
        });
        end(holder);
        assertThat((Map<?, ?>) storedValue(last, "map")).hasSize(REQUESTS * ROUNDS);
    }

    @Test
    @DisplayName("[shared] updates and plain changes of overlapping requests all arrive")
    final void updatesArrive() throws Exception {
        TestExchange last = stored(Map.of("n", 0));
        Session holder = begin(last);
        race(request -> {
            for (int round = 0; round < ROUNDS; round++) {
                Session session = begin(last);
                session.set("own" + request, round);
                session.update("n", Integer.class, n -> n.map(value -> value + 1));
                end(session);
            }
            return true;
        });
        assertThat(holder.get("n")).contains(REQUESTS * ROUNDS);
        assertThat(storedValue(last, "n")).isEqualTo(REQUESTS * ROUNDS);
        for (int request = 0; request < REQUESTS; request++) {
            assertThat(storedValue(last, "own" + request)).isEqualTo(ROUNDS - 1);
        }
    }

    @Test
    @DisplayName("[shared] of values set at the same time one is stored and seen, and each other one was replaced once")
    final void replacedOnce() throws Exception {
        TestExchange last = stored(Map.of("a", 0));
        Session holder = begin(last);
        int each = 500;
        List<List<Object>> replaced = race(request -> {
            Session session = begin(last);
            List<Object> old = new ArrayList<>();
            for (int i = 1; i <= each; i++) {
                old.add(session.replace("a", request * each + i).orElseThrow());
            }
            end(session);
            return old;
        });
        Object left = holder.get("a").orElseThrow();
        assertThat(storedValue(last, "a")).isEqualTo(left);
        List<Object> all = new ArrayList<>();
        replaced.forEach(all::addAll);
        all.add(left);
        assertThat(all).hasSize(REQUESTS * each + 1).doesNotHaveDuplicates();
        assertThat(holder.remove("a")).contains(left);
        assertThat(holder.remove("a")).isEmpty();
    }

    @Test
    @DisplayName("[shared] access times and isNew are each request's own")
    final void timesAreTheRequestsOwn() {
        TestExchange last = stored(Map.of("a", 0));
        clock.advance(Duration.ofSeconds(1));
        Session one = begin(last);
        clock.advance(Duration.ofSeconds(1));
        Session other = begin(last);

        assertThat(one.accessedAt()).isEqualTo(START.plusSeconds(1));
        assertThat(other.accessedAt()).isEqualTo(START.plusSeconds(2));
        assertThat(other.lastAccessedAt()).isEqualTo(START);
        one.set("a", 1).persist();
        assertThat(other.lastAccessedAt()).isEqualTo(START);
        assertThat(other.info().orElseThrow().lastAccessedAt()).isEqualTo(START.plusSeconds(1));
    }

    @Test
    @DisplayName("[shared] a flash value that one request has read is gone for the others")
    final void flashIsReadOnce() {
        TestExchange last = stored(Map.of("a", 0));
        Session first = begin(last);
        first.flash().put("message", "hello");
        end(first);
        Session one = begin(last);
        Session other = begin(last);

        assertThat(one.flash().get("message")).contains("hello");
        assertThat(other.flash().get("message")).isEmpty();
        assertThat(one.flash().get("message")).contains("hello");
    }

    @Test
    @DisplayName("[shared] a strict persist finds what another request has stored through the same view")
    final void strictPersistFindsOthers() {
        TestExchange last = stored(Map.of("a", 0));
        Session one = begin(last);
        Session other = begin(last);
        Session third = begin(last);
        one.set("b", 1).persist();

        assertThat(one.set("c", 1).persistStrictly()).isEqualTo(PersistOutcome.SAVED);
        other.set("d", 1);
        assertThatExceptionOfType(SessionConflictException.class).isThrownBy(other::persistStrictly);
        assertThat(other.refresh()).isTrue();
        assertThat(other.get("d")).isEmpty();
        assertThat(other.set("d", 2).persistStrictly()).isEqualTo(PersistOutcome.SAVED);
        elsewhere(last, "e", 1);
        begin(last);
        third.set("f", 1);
        assertThatExceptionOfType(SessionConflictException.class).isThrownBy(third::persistStrictly);
    }

    @Test
    @DisplayName("[shared] refresh drops what its own request has changed and nothing of the others")
    final void refreshDropsItsOwn() {
        TestExchange last = stored(Map.of("a", 0, "b", 0));
        Session one = begin(last);
        Session other = begin(last);
        one.set("a", 1);
        other.set("b", 2);

        assertThat(one.refresh()).isTrue();

        assertThat(one.get("a")).contains(0);
        assertThat(one.get("b")).contains(2);
        assertThat(end(other)).isEqualTo(PersistOutcome.SAVED);
        assertThat(storedValue(last, "a")).isEqualTo(0);
        assertThat(storedValue(last, "b")).isEqualTo(2);
    }

    // ---- other nodes

    @Test
    @DisplayName("[shared] what another node has stored is merged in when a request joins, and other objects stay")
    final void otherNodesAreMerged() {
        TestExchange last = stored(Map.of("theirs", listOf(), "same", listOf()));
        Session one = begin(last);
        List<Object> theirs = list(one, "theirs");
        List<Object> same = list(one, "same");
        one.set("mine", 1);
        elsewhere(last, "theirs", listOf("new"));
        elsewhere(last, "mine", 2);
        assertThat(list(one, "theirs")).isSameAs(theirs);

        Session other = begin(last);

        assertThat(list(other, "theirs")).isNotSameAs(theirs).containsExactly("new");
        assertThat(list(one, "theirs")).isSameAs(list(other, "theirs"));
        assertThat(list(other, "same")).isSameAs(same);
        assertThat(other.get("mine")).contains(1);
        end(one);
        assertThat(storedValue(last, "mine")).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "[shared] a request sees what another node stored before it began, also after this node has stored since")
    final void viewThatIsBehindCatchesUp() {
        TestExchange last = stored(Map.of("theirs", 0, "mine", 0));
        Session one = begin(last);
        assertThat(one.get("theirs")).contains(0);
        elsewhere(last, "theirs", 1);
        one.set("mine", 1).persist();

        Session other = begin(last);

        assertThat(other.get("theirs")).contains(1);
        assertThat(other.get("mine")).contains(1);
        elsewhere(last, "theirs", 2);
        assertThat(begin(last).get("theirs")).contains(2);
    }

    @Test
    @DisplayName("[shared] a change in place that is not stored yet outlives a request that joins, and is stored")
    final void changeInPlaceOutlivesTheMerge() {
        TestExchange last = stored(Map.of("cart", listOf("tea")));
        Session one = begin(last);
        assumeFalse(sessions().keepsReferences(), "a change in place is stored at once");
        list(one, "cart").add("cake");
        elsewhere(last, "cart", listOf("theirs"));

        Session other = begin(last);

        assertThat(list(other, "cart")).isSameAs(list(one, "cart")).containsExactly("tea", "cake");
        end(one);
        assertThat(storedValue(last, "cart")).isEqualTo(List.of("tea", "cake"));
    }

    @Test
    @DisplayName("[shared] requests of two nodes that change different attributes keep all of them")
    final void nodesKeepEachOthersChanges() throws Exception {
        TestExchange last = stored(Map.of("a", 0));
        otherSessions();
        race(request -> {
            Sessions node = request % 2 == 0 ? sessions() : otherSessions();
            for (int round = 0; round < ROUNDS; round++) {
                Session session = node.start(last.next());
                String name = "a" + request;
                assertThat(session.get(name, -1)).as("what was stored before").isEqualTo(round - 1);
                session.set(name, round);
                session.persist();
                node.release(session);
            }
            return true;
        });
        for (int request = 0; request < REQUESTS; request++) {
            assertThat(storedValue(last, "a" + request)).isEqualTo(ROUNDS - 1);
        }
    }

    @Test
    @DisplayName(
            "[request] without a shared view requests do not see each other, and of an attribute the later commit wins")
    final void withoutSharing() {
        Sessions apart = open("request", "new");
        here = apart;
        TestExchange last = stored(Map.of("cart", listOf()));
        assumeFalse(apart.keepsReferences(), "the adapter keeps the very objects");
        Session one = begin(last);
        Session other = begin(last);
        assertThat(list(one, "cart")).isNotSameAs(list(other, "cart"));
        list(one, "cart").add(1);
        list(other, "cart").add(2);
        end(one);
        end(other);

        assertThat(storedValue(last, "cart")).isEqualTo(List.of(2));
    }

    // ---- ids

    @Test
    @DisplayName("[shared] a new id is everybody's once it is stored, and the cookie goes to the request that renewed")
    final void renewalIsShared() {
        TestExchange last = stored(Map.of("a", 0));
        TestExchange renewing = last.next();
        TestExchange other = last.next();
        Session one = sessions().start(renewing);
        Session two = sessions().start(other);
        String before = two.id();
        one.renew();
        assertThat(two.id()).isEqualTo(before);
        assertThat(one.persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(two.id()).isEqualTo(one.id()).isNotEqualTo(before);
        two.set("a", 1);
        assertThat(two.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(renewing.header(COOKIE)).isPresent();
        assertThat(other.header(COOKIE)).isEmpty();
        Session next = sessions().start(renewing.next());
        assertThat(next.get("a")).contains(1);
        assertThat(next.id()).isEqualTo(one.id());
        assertThat(sessions().start(last.next()).isStored()).isFalse();
    }

    @Test
    @DisplayName("[shared] what comes with a sign-in is neither stored nor shown under the old id before")
    final void signInIsOneStep() {
        TestExchange last = stored(Map.of("a", 0));
        Session one = begin(last);
        Session other = begin(last);
        one.setPrincipal("ada").set("role", "admin");
        other.get("role");
        other.set("b", 1);
        assertThat(end(other)).isEqualTo(PersistOutcome.SAVED);
        assertThat(storedValue(last, "role")).isEqualTo("nothing");

        Session late = begin(last);

        assertThat(late.get("role")).isEmpty();
        assertThat(late.get("b")).contains(1);
        assertThat(end(one)).isEqualTo(PersistOutcome.SAVED);
        assertThat(storedValue(last, "role")).isEqualTo("admin");
        assertThat(late.get("role")).isEmpty();
    }

    @Test
    @DisplayName("[shared] of two requests that renew, the second is refused with its own changes and nobody else's")
    final void secondRenewalIsRefused() {
        TestExchange last = stored(Map.of("a", 0));
        TestExchange losing = last.next();
        Session one = begin(last);
        Session two = sessions().start(losing);
        Session third = begin(last);
        one.setPrincipal("ada");
        two.setPrincipal("bob").set("profile", "bob");
        third.set("color", "red");
        assertThat(one.persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(two.persist()).isEqualTo(PersistOutcome.CONFLICT);

        assertThat(losing.header(COOKIE)).isEmpty();
        assertThat(two.get("profile")).isEmpty();
        assertThat(end(third)).isEqualTo(PersistOutcome.SAVED);
        assertThat(storedValue(last, "profile")).isEqualTo("nothing");
        assertThat(storedValue(last, "color")).isEqualTo("red");
        assertThat(third.principal()).contains("ada");
    }

    @Test
    @DisplayName("[shared] of two requests that rotate, both keep their changes and the first its id")
    final void secondRotationKeepsItsChanges() {
        TestExchange last = stored(Map.of("a", 0));
        Session one = begin(last);
        Session two = begin(last);
        one.rotate(Duration.ofSeconds(30)).set("b", 1);
        two.rotate(Duration.ofSeconds(30)).set("c", 2);
        assertThat(one.persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(two.persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(two.id()).isEqualTo(one.id());
        Session graced = begin(last);
        assertThat(graced.get("b")).contains(1);
        assertThat(graced.get("c")).contains(2);
    }

    @Test
    @DisplayName("[shared] a sign-in that is given up leaves nothing behind")
    final void abandonedSignIn() {
        TestExchange last = stored(Map.of("a", 0));
        Session one = begin(last);
        Session other = begin(last);
        one.setPrincipal("ada").set("role", "admin");
        sessions().release(one);

        assertThat(other.get("role")).isEmpty();
        assertThat(end(other)).isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(storedValue(last, "role")).isEqualTo("nothing");
    }

    // ---- the end

    @Test
    @DisplayName("[shared] the end of a session is seen at once by all requests of the node")
    final void endIsSeenAtOnce() {
        TestExchange last = stored(Map.of("a", 0));
        Session one = begin(last);
        Session other = begin(last);
        Session reader = begin(last);
        other.set("a", 1);
        events.told();

        one.invalidate();

        assertThat(other.isValid()).isFalse();
        assertThat(other.isStored()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> other.get("a"));
        assertThatIllegalStateException().isThrownBy(other::invalidate);
        assertThat(end(other)).isEqualTo(PersistOutcome.GONE);
        assertThat(end(reader)).isEqualTo(PersistOutcome.GONE);
        assertThat(events.told())
                .filteredOn(event -> event.startsWith("changes lost"))
                .hasSize(1);
        assertThat(begin(last).isNew()).isTrue();
    }

    @Test
    @DisplayName("[shared] a request that finds the session gone tells the others of its view")
    final void goneIsSeenByAll() {
        TestExchange last = stored(Map.of("a", 0));
        Session one = begin(last);
        Session other = begin(last);
        otherSessions().end(attached(last).key());
        assertThat(other.isValid()).isTrue();

        assertThat(one.set("a", 1).persist()).isEqualTo(PersistOutcome.GONE);

        assertThat(other.isValid()).isFalse();
        assertThat(other.persist()).isEqualTo(PersistOutcome.GONE);
    }

    @Test
    @DisplayName("[shared] a revocation on this node is seen at once as well")
    final void revocationIsSeenAtOnce() {
        TestExchange last = stored(Map.of("a", 0));
        Session one = begin(last);
        sessions().end(one.key());
        assertThat(one.isValid()).isFalse();
    }

    @Test
    @DisplayName("[shared] whoever only looks on shares nothing")
    final void peekSharesNothing() {
        TestExchange last = stored(Map.of("a", 0));
        Session one = begin(last);
        one.set("a", 1);
        assertThat(sessions().peek(one.key()).orElseThrow().get("a")).contains(0);
        assertThat(sessions().load(one.key()).orElseThrow().get("a")).contains(1);
    }

    private static <T> List<T> race(IntFunction<T> request) throws Exception {
        List<Callable<T>> steps = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            int number = i;
            steps.add(() -> request.apply(number));
        }
        return Race.run(steps);
    }
}
