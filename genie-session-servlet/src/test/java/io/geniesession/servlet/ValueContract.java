package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.servlet.http.HttpSession;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What can be an attribute's value where sessions are kept as bytes, and what becomes of it. */
abstract class ValueContract extends ContainerFixture {

    @BeforeEach
    void keepBytes() {
        app.store.bytes = true;
        app.set("types", "io.geniesession.servlet.*,java.util.Collections$CopiesList");
    }

    // ---- classes of an application

    private enum Size {
        SMALL,
        LARGE {
            @Override
            public String toString() {
                return "very large";
            }
        }
    }

    private record Item(String name, BigDecimal price, Set<Size> sizes) implements Serializable {}

    private record Pair<A, B>(A first, B second) implements Serializable {}

    /** Writes itself. */
    public static final class Written implements Externalizable {

        private static final long serialVersionUID = 1L;

        private String text = "";

        /** For the stream. */
        public Written() {}

        Written(String text) {
            this.text = text;
        }

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeUTF(text);
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException {
            text = in.readUTF();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Written written && written.text.equals(text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    /** Has another object written in its place. */
    private static final class Replaced implements Serializable {

        private static final long serialVersionUID = 1L;

        private final transient int number;

        Replaced(int number) {
            this.number = number;
        }

        private Object writeReplace() {
            return new Form(number);
        }

        private record Form(int number) implements Serializable {

            private Object readResolve() {
                return new Replaced(number);
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Replaced replaced && replaced.number == number;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    /** Is one object wherever it is read. */
    private static final class Single implements Serializable {

        private static final long serialVersionUID = 1L;

        static final Single INSTANCE = new Single();

        private Object readResolve() {
            return INSTANCE;
        }
    }

    private static class Unserializable {
        final String base;

        Unserializable() {
            base = "made by its constructor";
        }
    }

    /** Has a superclass that is not serializable, a field that is not written, and one that it writes itself. */
    private static final class Partly extends Unserializable implements Serializable {

        private static final long serialVersionUID = 1L;

        private final String kept;
        private transient @Nullable String recomputed;

        Partly(String kept) {
            this.kept = kept;
            this.recomputed = kept.toUpperCase(Locale.ROOT);
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeInt(kept.length());
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            recomputed = kept.toUpperCase(Locale.ROOT) + (in.readInt() == kept.length() ? "" : "?");
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Partly partly
                    && partly.kept.equals(kept)
                    && Objects.equals(partly.recomputed, recomputed)
                    && partly.base.equals(base);
        }

        @Override
        public int hashCode() {
            return kept.hashCode();
        }
    }

    /** Knows a neighbour, which may know it. */
    private static final class Node implements Serializable {

        private static final long serialVersionUID = 1L;

        private final String name;
        private @Nullable Node next;

        Node(String name) {
            this.name = name;
        }
    }

    private static final class Failure extends Exception {

        private static final long serialVersionUID = 1L;

        Failure(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private interface Greeting extends Serializable {
        String to(String name);
    }

    private static Greeting anonymous(String word) {
        return new Greeting() {
            private static final long serialVersionUID = 1L;

            @Override
            public String to(String name) {
                return word + " " + name;
            }
        };
    }

    // ---- every Serializable

    @SuppressWarnings({"JavaUtilDate", "JdkObsolete"}) // Applications have such values all the same.
    private static Map<String, Object> samples() {
        Map<String, Object> samples = new LinkedHashMap<>();
        for (Object value : List.of(
                "text \u20ac \ud83d\ude00",
                true,
                'x',
                (byte) 1,
                (short) 2,
                3,
                4L,
                5.5f,
                Double.NaN,
                new BigDecimal("12.340"),
                BigInteger.TEN.pow(40),
                UUID.fromString("00000000-0000-4000-8000-000000000001"),
                URI.create("https://example.com/?q=1"),
                Locale.CANADA_FRENCH,
                Currency.getInstance("EUR"),
                new Date(1),
                BitSet.valueOf(new long[] {5}),
                Instant.ofEpochSecond(1, 2),
                Duration.ofNanos(3),
                Period.ofMonths(4),
                Year.of(5),
                DayOfWeek.FRIDAY,
                LocalDate.of(2024, 2, 29),
                LocalDateTime.of(2024, 2, 29, 12, 30),
                OffsetDateTime.parse("2024-02-29T12:30:00+02:00"),
                ZonedDateTime.parse("2024-02-29T12:30:00+01:00[Europe/Berlin]"),
                ZoneId.of("Europe/Berlin"),
                Size.LARGE,
                new Item("tea", BigDecimal.ONE, EnumSet.of(Size.SMALL)),
                new Pair<>(new Pair<>(1, List.of("a")), "b"),
                new Written("external"),
                new Replaced(7),
                Single.INSTANCE,
                new Partly("partly"),
                List.of(),
                List.of(1, "two", List.of(3)),
                Set.of("one"),
                Map.of("k", Set.of(List.of(1))),
                new ArrayList<>(Arrays.asList(null, "a", null)),
                new LinkedList<>(List.of(1, 2)),
                Arrays.asList("a", "b"),
                Collections.unmodifiableList(new ArrayList<>(List.of("u"))),
                Collections.synchronizedMap(new HashMap<>(Map.of("a", 1))),
                Collections.nCopies(3, "n"),
                new HashMap<>(Map.of(Size.SMALL, new Item("x", BigDecimal.ZERO, Set.of()))),
                new EnumMap<>(Map.of(Size.SMALL, "s")),
                new TreeSet<>(List.of("b", "a")),
                new ConcurrentHashMap<>(Map.of("c", 1)),
                new CopyOnWriteArrayList<>(List.of("w")),
                new Properties())) {
            samples.put(samples.size() + " " + value.getClass().getName(), value);
        }
        TreeMap<String, Integer> reversed = new TreeMap<>(Comparator.reverseOrder());
        reversed.putAll(Map.of("a", 1, "b", 2));
        samples.put("sorted by a comparator", reversed);
        return samples;
    }

    /** Puts values into a session and returns what the next request finds. */
    private Map<String, Object> throughTheStore(Map<String, Object> values) {
        Map<String, Object> found = Collections.synchronizedMap(new HashMap<>());
        app.on("/put", (request, response) -> values.forEach(request.getSession()::setAttribute))
                .on("/get", (request, response) -> {
                    HttpSession session = request.getSession();
                    Collections.list(session.getAttributeNames())
                            .forEach(name -> found.put(name, session.getAttribute(name)));
                });
        Browser browser = started();
        assertThat(browser.get("/put").status()).isEqualTo(200);
        assertThat(browser.get("/get").status()).isEqualTo(200);
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(values.keySet());
        return found;
    }

    @Test
    @DisplayName("every Serializable comes back in the next request, equal and of its class")
    void everySerializable() {
        Map<String, Object> samples = samples();
        Map<String, Object> found = throughTheStore(samples);
        samples.forEach((name, value) -> {
            assertThat(found.get(name)).as(name).isEqualTo(value);
            assertThat(found.get(name).getClass()).as(name).isEqualTo(value.getClass());
        });
        assertThat(found.values()).contains(Single.INSTANCE);
        assertThat(((Map<?, ?>) found.get("sorted by a comparator")).keySet().toString())
                .isEqualTo("[b, a]");
    }

    @Test
    @DisplayName("so do values that equals does not compare: arrays, counters, anonymous classes, exceptions")
    void withoutEquals() {
        Map<String, Object> found = throughTheStore(Map.of(
                "ints",
                new int[][] {{1}, {2, 3}, {}},
                "bytes",
                new byte[] {1, -1},
                "objects",
                new Object[] {"a", 1, new long[] {2}, Size.SMALL},
                "items",
                new Item[] {new Item("tea", BigDecimal.ONE, Set.of())},
                "counter",
                new AtomicInteger(5),
                "queue",
                new ArrayDeque<>(List.of(1, 2)),
                "anonymous",
                anonymous("hello"),
                "failure",
                new Failure("no tea", new Failure("no water", null))));
        assertThat((int[][]) found.get("ints")).isDeepEqualTo(new int[][] {{1}, {2, 3}, {}});
        assertThat((byte[]) found.get("bytes")).containsExactly(1, -1);
        assertThat((Object[]) found.get("objects")).hasSize(4).contains("a", 1, Size.SMALL);
        assertThat((Item[]) found.get("items")).extracting(Item::name).containsExactly("tea");
        assertThat((AtomicInteger) found.get("counter")).hasValue(5);
        assertThat(found.get("queue")).isInstanceOf(ArrayDeque.class).hasToString("[1, 2]");
        assertThat(((Greeting) found.get("anonymous")).to("ada")).isEqualTo("hello ada");
        assertThat((Throwable) found.get("failure")).hasMessage("no tea").hasRootCauseMessage("no water");
    }

    @Test
    @DisplayName("a graph keeps its cycles and what is in it twice")
    void graphs() {
        Node one = new Node("one");
        one.next = new Node("two");
        one.next.next = one;
        List<String> shared = new ArrayList<>(List.of("s"));
        Map<String, Object> found = throughTheStore(Map.of("nodes", one, "twice", new Pair<>(shared, shared)));
        Node back = (Node) found.get("nodes");
        assertThat(back.next).isNotNull();
        assertThat(back.next.name).isEqualTo("two");
        assertThat(back.next.next).isSameAs(back);
        Pair<?, ?> twice = (Pair<?, ?>) found.get("twice");
        assertThat(twice.first()).isEqualTo(shared).isSameAs(twice.second());
    }

    // ---- the objects of one request

    @Test
    @DisplayName("within one request an attribute is one object, over forwards, and its change in place is stored once")
    void identity() {
        AtomicReference<Object> first = new AtomicReference<>();
        app.on("/put", (request, response) -> {
                    List<Node> list = new ArrayList<>();
                    request.getSession().setAttribute("a", list);
                    assertThat(request.getSession().getAttribute("a")).isSameAs(list);
                    list.add(new Node("after it was set"));
                })
                .on("/change", (request, response) -> {
                    first.set(request.getSession().getAttribute("a"));
                    request.getRequestDispatcher("/forwarded").forward(request, response);
                })
                .on("/forwarded", (request, response) -> {
                    @SuppressWarnings("unchecked")
                    List<Node> list = (List<Node>) request.getSession().getAttribute("a");
                    assertThat(list)
                            .isSameAs(first.get())
                            .isSameAs(GenieSessions.session(request).get("a").orElseThrow());
                    list.get(0).next = new Node("deep in it");
                })
                .on("/show", (request, response) -> {
                    List<?> list = (List<?>) request.getSession().getAttribute("a");
                    Node node = (Node) list.get(0);
                    assertThat(list).isNotSameAs(first.get());
                    print(response, node.name + ", " + Objects.requireNonNull(node.next).name);
                });
        Browser browser = started();
        assertThat(browser.get("/put").status()).isEqualTo(200);
        assertThat(browser.get("/change").status()).isEqualTo(200);
        assertThat(browser.get("/show").body()).isEqualTo("after it was set, deep in it");
        assertThat(app.store.writes()).isEqualTo(2);
    }

    // ---- what cannot be stored

    /** Is of an allowed class and has a field that is not. */
    private record Holder(String name, Object held) implements Serializable {}

    @Test
    @DisplayName("setAttribute refuses what cannot be stored: the message names attribute, type and what to do")
    void refused() {
        app.set("types", Holder.class.getName());
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("not serializable", new Thread("t"));
        values.put("in a list", new ArrayList<>(List.of(new Thread("t"))));
        values.put("in a field", new Holder("h", new Thread("t")));
        List<Object> cyclic = new ArrayList<>();
        cyclic.add(cyclic);
        values.put("a list in itself", cyclic);
        values.put("not allowed", new Node("n"));
        values.put("not allowed, in an array", new Object[] {Map.of("k", new Node("n"))});
        values.put("an array that is not allowed", new Item[0]);
        values.put("replaced by what is not allowed", new Replaced(1));
        Map<String, Throwable> thrown = new LinkedHashMap<>();
        app.on("/put", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("kept", new Holder("h", "text"));
                    values.forEach((name, value) -> {
                        session.setAttribute(name, "before");
                        thrown.put(name, catchThrowable(() -> session.setAttribute(name, value)));
                    });
                })
                .on("/show", (request, response) -> print(response, attribute(request, request.getParameter("a"))));
        Browser browser = started();
        assertThat(browser.get("/put").status()).isEqualTo(200);
        assertThat(browser.get("/show?a=kept").body()).isEqualTo("Holder[name=h, held=text]");
        values.keySet().forEach(name -> {
            assertThat(thrown.get(name))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"" + name + "\"");
            assertThat(browser.get("/show?a=" + name.replace(" ", "%20")).body())
                    .isEqualTo("before");
        });
        for (String name : List.of("not serializable", "in a list", "in a field")) {
            assertThat(thrown.get(name)).hasMessageContaining("java.lang.Thread");
        }
        assertThat(thrown.get("a list in itself")).hasMessageContaining("contain themselves");
        for (String name : List.of("not allowed", "not allowed, in an array")) {
            assertThat(thrown.get(name)).hasMessageContaining("genie.session.types=" + Node.class.getName());
        }
        assertThat(thrown.get("an array that is not allowed"))
                .hasMessageContaining("genie.session.types=" + Item.class.getName());
        assertThat(thrown.get("replaced by what is not allowed"))
                .hasMessageContaining("genie.session.types=" + Replaced.class.getName());
    }
}
