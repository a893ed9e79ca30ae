package io.geniesession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every contestant does before it is measured. Subclasses say which take part, by a static method {@code contestants}.
 * One store serves all tests of a contestant.
 */
abstract class StoreContract {
    private static final Map<Contestant, Store> STORES = new EnumMap<>(Contestant.class);
    private static final Shape SHAPE = new Shape(10, 100);
    private static final Shape LARGE = new Shape(100, 1_000);

    @AfterAll
    static void closeStores() throws IOException {
        for (Store store : STORES.values()) {
            store.close();
        }
        STORES.clear();
    }

    private static Store store(Contestant contestant) {
        return STORES.computeIfAbsent(contestant, Contestant::open);
    }

    private static Map<String, String> attributes(Shape shape) {
        Map<String, String> attributes = new TreeMap<>();
        String[] texts = shape.texts(shape.attributes());
        for (String name : shape.names()) {
            attributes.put(name, texts[attributes.size()]);
        }
        return attributes;
    }

    private static void assertHolds(Store store, String id, Map<String, String> expected) {
        store.load(id);
        expected.forEach((name, value) -> assertThat(store.read(id, name)).isEqualTo(value));
    }

    @ParameterizedTest
    @MethodSource("contestants")
    @DisplayName("a new session holds what was put into it, under an id of its own")
    void newSessionHoldsAttributes(Contestant contestant) {
        Store store = store(contestant);

        String one = store.create(attributes(SHAPE));
        String other = store.create(Map.of("name", "value"));

        assertThat(one).isNotEqualTo(other);
        assertHolds(store, one, attributes(SHAPE));
        assertHolds(store, other, Map.of("name", "value"));
    }

    @ParameterizedTest
    @MethodSource("contestants")
    @DisplayName("the largest shape fits and can be changed")
    void largeSessionHoldsAttributes(Contestant contestant) {
        Store store = store(contestant);

        String id = store.create(attributes(LARGE));
        store.write(id, "attribute7", "changed");

        Map<String, String> expected = attributes(LARGE);
        assertThat(expected).hasSize(100);
        assertThat(store.read(id, "attribute0")).isEqualTo(expected.get("attribute0"));
        assertThat(store.read(id, "attribute99")).isEqualTo(expected.get("attribute99"));
        assertThat(store.read(id, "attribute7")).isEqualTo("changed");
    }

    @ParameterizedTest
    @MethodSource("contestants")
    @DisplayName("reading changes nothing, however often")
    void readingChangesNothing(Contestant contestant) {
        Store store = store(contestant);
        String id = store.create(attributes(SHAPE));

        for (int i = 0; i < 3; i++) {
            assertHolds(store, id, attributes(SHAPE));
        }
    }

    @ParameterizedTest
    @MethodSource("contestants")
    @DisplayName("a changed attribute shows in the next request, the others stay")
    void writeShows(Contestant contestant) {
        Store store = store(contestant);
        String id = store.create(attributes(SHAPE));
        Map<String, String> expected = attributes(SHAPE);

        // Often enough for a log of changes to be folded in.
        for (int i = 0; i < 30; i++) {
            String name = "attribute" + i % 10;
            store.write(id, name, "value " + i);
            expected.put(name, "value " + i);
            assertThat(store.read(id, name)).isEqualTo("value " + i);
        }

        assertHolds(store, id, expected);
    }

    @ParameterizedTest
    @MethodSource("contestants")
    @DisplayName("ten changes of one request all show, and a new attribute too")
    void writeOfManyShows(Contestant contestant) {
        Store store = store(contestant);
        String id = store.create(attributes(SHAPE));
        Map<String, String> changes = new TreeMap<>();
        attributes(SHAPE).forEach((name, value) -> changes.put(name, "new " + value));
        changes.put("another", "value");

        store.write(id, changes);

        assertHolds(store, id, changes);
    }

    @ParameterizedTest
    @MethodSource("contestants")
    @DisplayName("after a login the new id opens the session and the old one does not")
    void loginRenewsId(Contestant contestant) {
        Store store = store(contestant);
        String id = store.create(attributes(SHAPE));

        String renewed = store.login(id, "somebody");
        String again = store.login(renewed, "somebody else");

        assertThat(again).isNotEqualTo(renewed).isNotEqualTo(id);
        assertHolds(store, again, attributes(SHAPE));
        assertThatIllegalStateException().isThrownBy(() -> store.load(id));
        assertThatIllegalStateException().isThrownBy(() -> store.load(renewed));
        store.write(again, "attribute3", "after the login");
        assertThat(store.read(again, "attribute3")).isEqualTo("after the login");
    }

    @ParameterizedTest
    @MethodSource("contestants")
    @DisplayName("an id that opens nothing is an error in each request, and nothing begins under it")
    void unknownIdFails(Contestant contestant) {
        Store store = store(contestant);
        String unknown = store.create(Map.of("name", "value"));
        store.login(unknown, "somebody");

        assertThatIllegalStateException().isThrownBy(() -> store.load(unknown));
        assertThatIllegalStateException().isThrownBy(() -> store.read(unknown, "name"));
        assertThatIllegalStateException().isThrownBy(() -> store.write(unknown, "name", "value"));
        assertThatIllegalStateException().isThrownBy(() -> store.write(unknown, Map.of("a", "b", "c", "d")));
        assertThatIllegalStateException().isThrownBy(() -> store.login(unknown, "somebody"));
        assertThatIllegalStateException().isThrownBy(() -> store.load(unknown));
    }

    @ParameterizedTest
    @MethodSource("contestants")
    @DisplayName("an attribute that is not there is an error")
    void unknownAttributeFails(Contestant contestant) {
        Store store = store(contestant);
        String id = store.create(Map.of("name", "value"));

        assertThatIllegalStateException().isThrownBy(() -> store.read(id, "other"));
    }

    @ParameterizedTest
    @MethodSource("contestants")
    @DisplayName("a sweep removes what has expired, once, and leaves the rest; a contestant without one says so")
    void sweepRemovesExpired(Contestant contestant) {
        Store store = store(contestant);
        String living = store.create(attributes(SHAPE));

        if (contestant.sweeps()) {
            for (int i = 0; i < 7; i++) {
                store.createExpired(attributes(SHAPE));
            }
            assertThat(store.sweep()).isEqualTo(7);
            assertThat(store.sweep()).isZero();
        } else {
            assertThatThrownBy(() -> store.createExpired(attributes(SHAPE)))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(store::sweep).isInstanceOf(UnsupportedOperationException.class);
        }

        assertHolds(store, living, attributes(SHAPE));
    }

    @ParameterizedTest
    @MethodSource("contestants")
    @DisplayName("requests of several threads to different sessions do not disturb each other")
    void threadsDoNotDisturbEachOther(Contestant contestant) {
        Store store = store(contestant);

        IntStream.range(0, 4).parallel().forEach(i -> {
            String id = store.create(attributes(SHAPE));
            Map<String, String> expected = attributes(SHAPE);
            for (int j = 0; j < 5; j++) {
                store.write(id, "attribute" + j, i + " and " + j);
                expected.put("attribute" + j, i + " and " + j);
            }
            assertHolds(store, id, expected);
        });
    }
}
