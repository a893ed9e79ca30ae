package io.geniesession.tck;

import static io.geniesession.spi.SessionAdapter.Detail.ATTRIBUTES;
import static io.geniesession.spi.SessionAdapter.Detail.METADATA;
import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Expiry;
import io.geniesession.PageRequest;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.Linearization.Effect;
import io.geniesession.tck.Linearization.Step;
import io.geniesession.tck.StoreModel.Base;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random steps that several threads do on two nodes at the same moment, held against the rules: there has to be an order of the
 * steps in which, done one after another, they give the same answers. What is checked is not one race but whatever comes up,
 * many times.
 *
 * <p>A failure prints the history and its seed. {@code -Dgenie.test.seed=…} repeats the steps of that history, again and
 * again, because the moments at which the threads do them are not in the seed. {@code -Dgenie.test.faults=long} checks
 * thousands of histories instead of some hundred.
 *
 * <p>Belongs to one test and is safe for its threads.
 */
public abstract class LinearizabilityContract extends AdapterFixture {
    private static final int SHORT = 40;
    private static final int LONG = 2_000;
    private static final int THREADS = 4;
    private static final int STEPS = 5;

    /** Longer than a store delays its sweep, so that one hour later everything is swept. */
    private static final Duration HOUR = Duration.ofHours(1);

    /** How many hours after the beginning a step takes place; sessions are idle for two. */
    private static final int[] HOURS = {0, 0, 0, 0, 1, 1, 2, 3, 4};

    private static final Instant END_OF_TIME = START.plus(Duration.ofDays(10_000));
    private static final IndexEntry ANNA = new IndexEntry(Session.PRINCIPAL, "anna");

    /** Creates the contract for one test. */
    protected LinearizabilityContract() {}

    /**
     * Returns how many histories each test checks.
     *
     * @return 40, or 2000 in the long form, unless overridden
     */
    protected int histories() {
        return "long".equals(System.getProperty("genie.test.faults")) ? LONG : SHORT;
    }

    @Test
    @DisplayName("[order-1] steps of several threads on one session have one order")
    final void oneSession() throws Exception {
        checkHistories(random -> List.of(any(random)));
    }

    @Test
    @DisplayName(
            "[order-1] steps on sessions that contend for an id or have one principal have one order for each of them")
    final void severalSessions() throws Exception {
        checkHistories(random -> {
            NewSession one = any(random);
            NewSession sameId =
                    new NewSession(SessionKey.generate(START), one.id(), START, idle(), values(Map.of()), Map.of());
            return List.of(one, sameId, any(random));
        });
    }

    @Test
    @DisplayName("[order-1] the same create by several threads has one order with what they do then")
    final void repeatedCreates() throws Exception {
        checkHistories(random -> List.of(new NewSession(
                SessionKey.generate(START),
                SessionId.generate(),
                START,
                never(),
                values(Map.of("n", "0")),
                Map.of(Session.PRINCIPAL, "anna"))));
    }

    private static NewSession any(Random random) {
        Map<String, String> indexes = random.nextBoolean() ? Map.of(Session.PRINCIPAL, "anna") : Map.of();
        return new NewSession(
                SessionKey.generate(START), SessionId.generate(), START, idle(), values(Map.of("n", "0")), indexes);
    }

    private static Expiry idle() {
        return idle(HOUR.multipliedBy(2));
    }

    private void checkHistories(Function<Random, List<NewSession>> sessions) throws Exception {
        Long repeated = Long.getLong("genie.test.seed");
        long seed = repeated == null ? System.nanoTime() : repeated;
        for (int i = 0; i < histories(); i++) {
            check(repeated == null ? seed + i : seed, sessions);
        }
    }

    private void check(long seed, Function<Random, List<NewSession>> choice) throws Exception {
        Random random = new Random(seed);
        History history = new History(choice.apply(random));
        if (random.nextInt(4) > 0) {
            history.sessions.forEach(session -> history.create(node(), session));
        }
        List<Callable<Boolean>> callers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            callers.add(new Caller(history, i, i % 2 == 0 ? node() : otherNode(), random.nextLong()));
        }
        String again = "Again: -Dgenie.test.seed=" + seed;
        try {
            Race.run(callers);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("A step failed. " + again, e);
        }
        history.lookAtEverything(node());
        history.lookAtEverything(otherNode());
        empty(history);

        Linearization<StoreModel> order = new Linearization<>(history.initial(), List.copyOf(history.steps));
        assertThat(order.isFound())
                .withFailMessage(() -> "No order of the steps explains the answers. " + again + "\n" + order)
                .isTrue();
    }

    private void empty(History history) {
        history.sessions.forEach(session -> node().delete(session.key(), START, METADATA));
        assertThat(node().count(START)).isZero();
        sweepAll(node(), END_OF_TIME, METADATA);
    }

    /** Does steps and writes down what was answered. Safe for use by several threads. */
    private static final class History {
        final List<NewSession> sessions;
        final Queue<Step<StoreModel>> steps = new ConcurrentLinkedQueue<>();

        /** Ids that a session has or may have. */
        final List<SessionId> ids = new CopyOnWriteArrayList<>();

        private final Set<SessionKey> created = ConcurrentHashMap.newKeySet();
        private final AtomicLong clock = new AtomicLong();

        History(List<NewSession> sessions) {
            this.sessions = sessions;
            sessions.forEach(session -> ids.add(session.id()));
        }

        StoreModel initial() {
            return new StoreModel(
                    Map.of(),
                    ids.stream()
                            .filter(this::isContended)
                            .map(SessionId::publicId)
                            .collect(Collectors.toSet()));
        }

        /** Whether several sessions are created with this id: none of them gives it up then, for it to become a former id twice. */
        boolean isContended(SessionId id) {
            return sessions.stream().filter(session -> session.id().equals(id)).count() > 1;
        }

        private <T> T step(String text, Supplier<T> call, Function<T, Effect<StoreModel>> effect) {
            return steps(text, call, answer -> List.of(effect.apply(answer)));
        }

        private <T> T steps(String text, Supplier<T> call, Function<T, List<Effect<StoreModel>>> effects) {
            long begin = clock.incrementAndGet();
            T answer = call.get();
            long end = clock.incrementAndGet();
            for (Effect<StoreModel> effect : effects.apply(answer)) {
                steps.add(new Step<>(text + " -> " + Texts.of(answer), begin, end, effect));
            }
            return answer;
        }

        Optional<Base> create(SessionAdapter node, NewSession session) {
            created.add(session.key());
            return step(
                            "create " + Texts.of(session.key()) + " as " + Texts.of(session.id()),
                            () -> node.create(session),
                            answer -> StoreModel.create(session, answer))
                    .map(Base::of);
        }

        Optional<Base> load(SessionAdapter node, SessionId id, Instant now) {
            return step(
                            "load " + Texts.of(id) + Texts.at(now),
                            () -> node.load(id, now),
                            answer -> StoreModel.load(id, now, answer))
                    .map(Base::of);
        }

        Optional<Base> loadFormer(SessionAdapter node, SessionId id, Instant now) {
            return step(
                            "load former " + Texts.of(id) + Texts.at(now),
                            () -> node.loadFormer(id, now),
                            answer -> StoreModel.loadFormer(id, now, answer))
                    .map(former -> Base.of(former.session()));
        }

        Optional<Base> reload(SessionAdapter node, SessionKey key, Instant now) {
            return step(
                            "reload " + Texts.of(key) + Texts.at(now),
                            () -> node.reload(key, now),
                            answer -> StoreModel.reload(key, now, answer))
                    .map(Base::of);
        }

        Optional<Base> persist(SessionAdapter node, Base base, SessionChanges changes) {
            PersistResult result = step(
                    "persist " + Texts.of(base.record()) + " expecting v" + base.expected() + ": " + Texts.of(changes),
                    () -> node.persist(base.record(), changes),
                    answer -> StoreModel.persist(base, changes, answer));
            return result instanceof PersistResult.Saved saved ? Optional.of(base.next(saved)) : Optional.empty();
        }

        void touch(SessionAdapter node, Base base, Instant at) {
            step(
                    "touch " + Texts.of(base.key()) + Texts.at(at),
                    () -> node.touch(base.record(), at),
                    answer -> StoreModel.touch(base, at, answer));
        }

        void delete(SessionAdapter node, SessionKey key, Instant now, Detail detail) {
            step(
                    "delete " + Texts.of(key) + Texts.at(now) + " " + detail,
                    () -> node.delete(key, now, detail),
                    answer -> StoreModel.delete(key, now, detail == ATTRIBUTES, answer));
        }

        void sweep(SessionAdapter node, Instant before, int limit, Detail detail) {
            List<EndedSession> swept = steps(
                    "sweep " + limit + Texts.at(before) + " " + detail,
                    () -> node.sweep(before, limit, detail),
                    answer -> each(key -> StoreModel.sweep(key, before, detail == ATTRIBUTES, ended(answer, key))));
            assertThat(swept).hasSizeLessThanOrEqualTo(limit);
            checkKnown(keys(swept));
        }

        void find(SessionAdapter node, Instant now) {
            node.indexed().ifPresent(index -> {
                List<SessionInfo> found = steps(
                        "find" + Texts.at(now),
                        () -> index.find(ANNA, now, PageRequest.first(10)).items(),
                        answer -> each(key -> StoreModel.find(
                                ANNA,
                                now,
                                key,
                                answer.stream()
                                        .filter(info -> info.key().equals(key))
                                        .findFirst())));
                checkKnown(found.stream().map(SessionInfo::key).toList());
            });
        }

        void deleteAll(SessionAdapter node, Instant now, Detail detail) {
            node.indexed().ifPresent(index -> {
                List<EndedSession> deleted = steps(
                        "delete all" + Texts.at(now) + " " + detail,
                        () -> index.deleteAll(ANNA, Set.of(), now, detail),
                        answer -> each(
                                key -> StoreModel.deleteAll(ANNA, now, key, detail == ATTRIBUTES, ended(answer, key))));
                checkKnown(keys(deleted));
            });
        }

        private List<Effect<StoreModel>> each(Function<SessionKey, Effect<StoreModel>> effect) {
            return sessions.stream().map(NewSession::key).map(effect).toList();
        }

        private static Optional<EndedSession> ended(List<EndedSession> all, SessionKey key) {
            return all.stream().filter(one -> one.info().key().equals(key)).findFirst();
        }

        private void checkKnown(Collection<SessionKey> keys) {
            assertThat(keys)
                    .isSubsetOf(sessions.stream().map(NewSession::key).toList())
                    .doesNotHaveDuplicates();
        }

        void lookAtEverything(SessionAdapter node) {
            sessions.forEach(session -> reload(node, session.key(), START));
            ids.forEach(id -> load(node, id, START));
            ids.forEach(id -> loadFormer(node, id, START));
            find(node, START);
        }
    }

    /** Does random steps, one after another, mostly with the record that it got last. */
    private static final class Caller implements Callable<Boolean> {
        private final History history;
        private final int number;
        private final SessionAdapter node;
        private final Random random;
        private final Map<SessionKey, Base> held = new HashMap<>();

        Caller(History history, int number, SessionAdapter node, long seed) {
            this.history = history;
            this.number = number;
            this.node = node;
            this.random = new Random(seed);
        }

        @Override
        public Boolean call() {
            for (int i = 0; i < STEPS; i++) {
                NewSession session = history.sessions.get(random.nextInt(history.sessions.size()));
                step(session, number + "." + i);
            }
            return true;
        }

        private Instant anyTime() {
            return START.plus(HOUR.multipliedBy(HOURS[random.nextInt(HOURS.length)]));
        }

        private Detail anyDetail() {
            return random.nextBoolean() ? ATTRIBUTES : METADATA;
        }

        private boolean mayEnd(NewSession session) {
            return !session.expiry().equals(never());
        }

        private void step(NewSession session, String value) {
            int kind = random.nextInt(100);
            Base base = held.get(session.key());
            if (kind < 12) {
                hold(history.load(node, history.ids.get(random.nextInt(history.ids.size())), anyTime()));
            } else if (kind < 16) {
                hold(history.loadFormer(node, history.ids.get(random.nextInt(history.ids.size())), anyTime()));
            } else if (kind < 20) {
                history.find(node, anyTime());
            } else if (kind < 26) {
                history.sweep(node, anyTime(), 1 + random.nextInt(3), anyDetail());
            } else if (kind < 29 && mayEnd(session)) {
                history.delete(node, session.key(), anyTime(), anyDetail());
            } else if (kind < 32 && mayEnd(session)) {
                history.deleteAll(node, anyTime(), anyDetail());
            } else if (base == null) {
                begin(session);
            } else if (kind < 42) {
                history.touch(node, base, anyTime());
            } else if (kind < 54) {
                increment(session.key());
            } else {
                hold(history.persist(node, base, anyChanges(session, value)));
            }
        }

        private void hold(Optional<Base> base) {
            base.ifPresent(one -> held.put(one.key(), one));
        }

        /** Only what never ends is created again: a key is not used for two sessions. */
        private void begin(NewSession session) {
            boolean mayCreate = !mayEnd(session) || history.created.add(session.key());
            hold(mayCreate ? history.create(node, session) : history.reload(node, session.key(), anyTime()));
        }

        /** Reads, changes and writes as an atomic update does, with the record at hand first. */
        private void increment(SessionKey key) {
            for (int attempt = 0; attempt < 3; attempt++) {
                Base base = held.get(key);
                if (base == null) {
                    return;
                }
                String n = texts(base.record()).getOrDefault("n", "0");
                SessionChanges changes = SessionChanges.at(anyTime())
                        .withSet(values(Map.of("n", Integer.toString(Integer.parseInt(n) + 1))))
                        .strictly();
                Optional<Base> next = history.persist(node, base, changes);
                if (next.isPresent()) {
                    hold(next);
                    return;
                }
                held.remove(key);
                hold(history.reload(node, key, anyTime()));
            }
        }

        private SessionChanges anyChanges(NewSession session, String value) {
            SessionChanges changes = SessionChanges.at(anyTime());
            String name = random.nextBoolean() ? "a" : "b";
            changes = random.nextInt(4) == 0
                    ? changes.withRemoved(Set.of(name))
                    : changes.withSet(values(Map.of(name, value)));
            if (random.nextInt(4) == 0) {
                changes = changes.withIndexes(
                        Map.of(Session.PRINCIPAL, random.nextInt(3) > 0 ? Optional.of("anna") : Optional.empty()));
            }
            if (random.nextInt(6) == 0 && mayEnd(session)) {
                changes = changes.withExpiry(idle(HOUR.multipliedBy(1 + random.nextInt(3))));
            }
            if (random.nextInt(5) == 0 && !history.isContended(session.id())) {
                SessionId id = SessionId.generate();
                history.ids.add(id);
                changes = changes.withRenewal(new Renewal(id, anyTime()));
            }
            return random.nextInt(5) == 0 ? changes.strictly() : changes;
        }
    }

    /** How a history is told to people, without anything that is a secret. */
    private static final class Texts {
        private Texts() {}

        static String of(SessionKey key) {
            String text = key.toString();
            return "session " + text.substring(text.length() - 4);
        }

        static String of(SessionId id) {
            return of(id.publicId());
        }

        private static String of(String publicId) {
            return "id " + publicId.substring(0, 4);
        }

        static String at(Instant at) {
            return " at hour " + Duration.between(START, at).toHours();
        }

        static String of(SessionRecord record) {
            return of(record.info()) + " " + texts(record);
        }

        private static String of(SessionInfo info) {
            return of(info.key()) + " with " + of(info.publicId()) + " v" + info.version() + " used"
                    + at(info.lastAccessedAt()) + " idle " + info.expiry().maxIdle() + " " + info.indexes();
        }

        static String of(SessionChanges changes) {
            Map<String, String> set = changes.set().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> TestValue.text(entry.getValue())));
            return (changes.strict() ? "strictly " : "") + "set " + set + " remove " + changes.removed() + " indexes "
                    + changes.indexes() + at(changes.accessedAt())
                    + changes.expiry()
                            .map(expiry -> " idle " + expiry.maxIdle())
                            .orElse("")
                    + changes.renewal()
                            .map(renewal -> " as " + of(renewal.to()))
                            .orElse("");
        }

        /** Tells an answer. */
        static String of(Object answer) {
            if (answer instanceof Optional<?> optional) {
                return optional.map(Texts::of).orElse("nothing");
            } else if (answer instanceof List<?> list) {
                return list.stream().map(Texts::of).collect(Collectors.joining("; ", "[", "]"));
            } else if (answer instanceof SessionRecord record) {
                return of(record);
            } else if (answer instanceof SessionInfo info) {
                return of(info);
            } else if (answer instanceof EndedSession ended) {
                return ended.reason() + " " + of(ended.info()) + " " + texts(ended);
            } else if (answer instanceof PersistResult.Saved saved) {
                return "saved " + of(saved.next());
            } else if (answer instanceof FormerId former) {
                return of(former.session()) + " until" + at(former.usableUntil());
            }
            return answer.getClass() == Boolean.class
                    ? answer.toString()
                    : answer.getClass().getSimpleName();
        }
    }
}
