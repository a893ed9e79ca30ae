package io.geniesession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.geniesession.SessionCodecException;
import io.geniesession.internal.codec.listed.Cart;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings({"JavaUtilDate", "JdkObsolete"}) // what applications put in
class ValueCodecTest {
    private static final HexFormat HEX = HexFormat.of();

    private final ValueCodec codec = codec(1 << 20);

    static ValueCodec codec(int maxBytes) {
        return new ValueCodec(
                new TypePolicy(List.of("io.geniesession.internal.codec.listed.**"), TypePolicy.Mode.ENFORCE),
                ValueCodecTest.class.getClassLoader(),
                maxBytes);
    }

    /** Values whose equality and class say all there is to say. */
    static Stream<Object> values() {
        return Stream.of(
                        Stream.of(true, false, 'a', '\0', '\ud800', '\uffff'),
                        Stream.of((byte) 0, (byte) 1, (byte) -1, Byte.MIN_VALUE, Byte.MAX_VALUE),
                        Stream.of((short) 0, (short) 23, (short) -24, Short.MIN_VALUE, Short.MAX_VALUE),
                        Stream.of(0, 23, 24, -1, -24, -25, 255, 256, 65_536, Integer.MIN_VALUE, Integer.MAX_VALUE),
                        Stream.of(0L, 1L, -1L, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE),
                        Stream.of(0f, -0f, 1.5f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, Float.NEGATIVE_INFINITY),
                        Stream.of(0d, -0d, 1.1, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN),
                        Stream.of(
                                "", "a", "IETF", "\u00fc\u6c34\ud83d\ude00", "\ufffd", "a\ud800", "\udc00\ud800", "\0"),
                        Stream.of("x".repeat(23), "x".repeat(24), "x".repeat(70_000), "\u6c34".repeat(30_000)),
                        numbers(),
                        times(),
                        Stream.of(
                                UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"),
                                new UUID(0, 0),
                                new UUID(-1, -1),
                                URI.create("https://shop.example/a?b=c#d"),
                                URI.create(""),
                                Currency.getInstance("EUR")),
                        Stream.of(
                                Locale.ROOT,
                                Locale.GERMANY,
                                Locale.forLanguageTag("zh-Hant-TW-u-ca-roc"),
                                new Locale("ja", "JP", "JP"),
                                new Locale("de", "DE", "xy")),
                        collections(),
                        Stream.of(
                                new Cart(new Cart.Item("a", 1), Cart.Size.LARGE, "b"),
                                new Cart.Item("sku", 3),
                                Cart.Size.SMALL,
                                Cart.Size.LARGE,
                                TimeUnit.DAYS))
                .flatMap(s -> s);
    }

    private static Stream<Object> numbers() {
        BigInteger big = BigInteger.ONE.shiftLeft(200);
        return Stream.of(
                BigInteger.ZERO,
                BigInteger.ONE,
                BigInteger.ONE.negate(),
                BigInteger.valueOf(128),
                BigInteger.valueOf(-256),
                BigInteger.valueOf(-257),
                BigInteger.valueOf(Long.MIN_VALUE),
                big,
                big.negate(),
                BigDecimal.ZERO,
                new BigDecimal("0.00"),
                new BigDecimal("273.15"),
                new BigDecimal("-1E+1000000"),
                new BigDecimal(big, Integer.MAX_VALUE),
                new BigDecimal(big.negate(), Integer.MIN_VALUE));
    }

    private static Stream<Object> times() {
        ZoneId paris = ZoneId.of("Europe/Paris");
        LocalDateTime setBack = LocalDateTime.of(2025, 10, 26, 2, 30);
        return Stream.of(
                Instant.EPOCH,
                Instant.MIN,
                Instant.MAX,
                Instant.ofEpochSecond(-1, 999_999_999),
                Instant.parse("2026-02-03T04:05:06.007Z"),
                Duration.ZERO,
                Duration.ofNanos(-1),
                Duration.ofSeconds(Long.MIN_VALUE),
                Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                LocalDate.MIN,
                LocalDate.MAX,
                LocalDate.of(0, 1, 1),
                LocalDate.of(9999, 12, 31),
                LocalDate.of(10_000, 1, 1),
                LocalTime.MIN,
                LocalTime.MAX,
                LocalDateTime.MIN,
                LocalDateTime.MAX,
                OffsetTime.MIN,
                OffsetTime.MAX,
                OffsetDateTime.MIN,
                OffsetDateTime.MAX,
                OffsetDateTime.parse("2013-03-21T20:04:00Z"),
                OffsetDateTime.of(setBack, ZoneOffset.ofHoursMinutesSeconds(1, 2, 3)),
                ZonedDateTime.ofStrict(setBack, ZoneOffset.ofHours(1), paris),
                ZonedDateTime.ofStrict(setBack, ZoneOffset.ofHours(2), paris),
                ZonedDateTime.of(setBack, ZoneOffset.UTC),
                ZonedDateTime.of(LocalDateTime.MAX, ZoneOffset.MIN),
                ZoneOffset.UTC,
                ZoneOffset.MIN,
                ZoneOffset.MAX,
                paris,
                ZoneId.of("UTC"),
                ZoneId.of("GMT+02:00"),
                Period.ZERO,
                Period.of(Integer.MIN_VALUE, Integer.MAX_VALUE, -1),
                Year.of(Year.MAX_VALUE),
                Year.of(Year.MIN_VALUE),
                YearMonth.of(Year.MAX_VALUE, 12),
                YearMonth.of(-1, 1),
                MonthDay.of(2, 29),
                Month.DECEMBER,
                DayOfWeek.MONDAY,
                new Date(0),
                new Date(Long.MIN_VALUE));
    }

    private static Stream<Object> collections() {
        List<Object> mixed = Arrays.asList(1, null, "two", 3L, List.of((byte) 4), Map.of("k", 5.0));
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put("a", 1);
        map.put(null, null);
        map.put(List.of(1), new ArrayList<>(mixed));
        return Stream.of(
                new ArrayList<>(),
                new ArrayList<>(mixed),
                new LinkedList<>(mixed),
                mixed,
                Arrays.asList("x"),
                List.of(),
                List.of(1),
                List.of(1, 2),
                List.of(1, 2, 3),
                Stream.of(1, null, 2).toList(),
                new HashSet<>(mixed),
                new LinkedHashSet<>(mixed),
                new TreeSet<>(Set.of("b", "a")),
                new ConcurrentSkipListSet<>(Set.of("b", "a")),
                Set.of(),
                Set.of(1),
                Set.of(1, 2, 3),
                new CopyOnWriteArrayList<>(mixed),
                new CopyOnWriteArraySet<>(mixed),
                new HashMap<>(map),
                map,
                new TreeMap<>(Map.of("b", 1, "a", 2)),
                new ConcurrentSkipListMap<>(Map.of("b", 1, "a", 2)),
                new ConcurrentHashMap<>(Map.of("b", 1, "a", 2)),
                Map.of(),
                Map.of(1, 2),
                Map.of(1, 2, 3, 4),
                Collections.emptyList(),
                Collections.emptySet(),
                Collections.emptyMap(),
                Collections.singletonList(null),
                Collections.singleton(null),
                Collections.singletonMap(null, null),
                Collections.unmodifiableList(mixed),
                Collections.unmodifiableList(new LinkedList<>(mixed)),
                Collections.unmodifiableSet(new LinkedHashSet<>(mixed)),
                Collections.unmodifiableMap(map),
                Optional.empty(),
                Optional.of(List.of("x")),
                // Through the object codec, with nothing but built-in classes.
                new TreeMap<>(Map.of("B", 1)),
                new java.util.Vector<>(mixed),
                new Properties(),
                EnumSet.of(DayOfWeek.MONDAY),
                new EnumMap<>(Map.of(DayOfWeek.MONDAY, 1)),
                new GregorianCalendar(2026, 1, 2),
                Collections.synchronizedList(new ArrayList<>(List.of(1))),
                Collections.synchronizedMap(new HashMap<>(Map.of(1, 2))),
                Collections.unmodifiableSortedMap(new TreeMap<>(Map.of("a", 1))),
                ConcurrentHashMap.newKeySet());
    }

    @ParameterizedTest
    @MethodSource("values")
    void whatComesBackIsEqualAndOfTheSameClass(Object value) {
        byte[] encoded = codec.encode("a", value);
        Object decoded = codec.decode("a", encoded);
        assertThat(decoded).isEqualTo(value);
        if (!value.getClass().getName().contains("Unmodifiable")) {
            assertThat(decoded.getClass()).isEqualTo(value.getClass());
        }
        assertThat(decoded.toString()).isEqualTo(value.toString());
        // What was read and not changed is encoded to what the stored bytes are recoded to: the in-place check.
        byte[] recoded = codec.recode("a", encoded);
        assertThat(codec.encode("a", decoded)).isEqualTo(recoded);
        assertThat(codec.recode("a", recoded)).isEqualTo(recoded);
    }

    @Test
    void elementsKeepTheirClasses() {
        List<Object> value = new ArrayList<>(List.of((byte) 1, (short) 1, 1, 1L, 1f, 1d, 'a', "a"));
        List<?> decoded = (List<?>) codec.decode("a", codec.encode("a", value));
        assertThat(decoded.stream().map(Object::getClass).toList())
                .isEqualTo(value.stream().map(Object::getClass).toList());
    }

    @Test
    void arraysComeBack() {
        assertThat(roundTrip(new byte[] {1, 2, -3})).isEqualTo(new byte[] {1, 2, -3});
        assertThat(roundTrip(new int[] {1, 2})).isEqualTo(new int[] {1, 2});
        assertThat(roundTrip(new char[] {'a'})).isEqualTo(new char[] {'a'});
        assertThat(roundTrip(new long[][] {{1}, {2, 3}})).isEqualTo(new long[][] {{1}, {2, 3}});
        assertThat(roundTrip(new String[] {"a", null})).isEqualTo(new String[] {"a", null});
        assertThat(roundTrip(new Object[] {1, "a", null})).isEqualTo(new Object[] {1, "a", null});
        assertThat(roundTrip(new Cart.Item[] {new Cart.Item("a", 1)}))
                .isEqualTo(new Cart.Item[] {new Cart.Item("a", 1)});
    }

    @Test
    void queuesComeBackInOrder() {
        for (Queue<Object> queue : List.<Queue<Object>>of(
                new ArrayDeque<>(),
                new ConcurrentLinkedQueue<>(),
                new ConcurrentLinkedDeque<>(),
                new PriorityQueue<>())) {
            queue.addAll(List.of(3, 1, 2));
            Object decoded = roundTrip(queue);
            assertThat(decoded.getClass()).isEqualTo(queue.getClass());
            assertThat(((Collection<?>) decoded).toArray()).isEqualTo(queue.toArray());
        }
    }

    @Test
    void unmodifiableCollectionsComeBackUnmodifiableAndInOrder() {
        Set<Object> set = Collections.unmodifiableSet(new LinkedHashSet<>(List.of(9, 1, 5)));
        Object decoded = roundTrip(set);
        assertThat(decoded.getClass()).isEqualTo(set.getClass());
        assertThat((Set<?>) decoded).map(String::valueOf).containsExactly("9", "1", "5");
        Collection<?> collection = (Collection<?>) roundTrip(Collections.unmodifiableCollection(List.of(2, 1)));
        assertThat(collection).map(String::valueOf).containsExactly("2", "1");
    }

    @Test
    void orderByComparatorIsKept() {
        TreeMap<String, Integer> map = new TreeMap<>(Comparator.reverseOrder());
        map.putAll(Map.of("a", 1, "b", 2));
        assertThat(((TreeMap<?, ?>) roundTrip(map)).firstKey()).isEqualTo("b");
        TreeSet<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.add("A");
        assertThat(((TreeSet<?>) roundTrip(set)).comparator()).isEqualTo(String.CASE_INSENSITIVE_ORDER);
    }

    @ParameterizedTest
    @CsvSource({"fa47c35000, 100000.0", "f93c00, 1.0", "f90001, 5.9604645E-8", "f9c400, -4.0", "f97c00, Infinity"})
    void floatsOfRfc8949AppendixAAreRead(String hex, String expected) {
        assertThat(codec.decode("a", HEX.parseHex("00" + hex))).hasToString(expected);
    }

    @Test
    void encodingsAreThoseOfTheStandards() {
        assertThat(hex(0)).isEqualTo("0000");
        assertThat(hex(-1)).isEqualTo("0020");
        assertThat(hex(1_000_000)).isEqualTo("001a000f4240");
        assertThat(hex(1.1)).isEqualTo("00fb3ff199999999999a");
        assertThat(hex(Float.MAX_VALUE)).isEqualTo("00fa7f7fffff");
        assertThat(hex(new BigInteger("18446744073709551616"))).isEqualTo("00c249010000000000000000");
        assertThat(hex(new BigInteger("-18446744073709551617"))).isEqualTo("00c349010000000000000000");
        assertThat(hex(new BigDecimal("273.15"))).isEqualTo("00c48221196ab3");
        assertThat(hex(true)).isEqualTo("00f5");
        assertThat(hex("\u6c34")).isEqualTo("0063e6b0b4");
        assertThat(hex(HEX.parseHex("01020304"))).isEqualTo("004401020304");
        assertThat(hex(new ArrayList<>(List.of(1, 2, 3)))).isEqualTo("0083010203");
        assertThat(hex(new HashMap<>(Map.of(1, 2)))).isEqualTo("00a10102");
        assertThat(hex(new HashSet<>(Set.of("a")))).isEqualTo("00d90102816161");
        assertThat(hex(OffsetDateTime.parse("2013-03-21T20:04:00Z")))
                .isEqualTo("00c074" + HEX.formatHex("2013-03-21T20:04:00Z".getBytes(StandardCharsets.US_ASCII)));
        assertThat(hex(Instant.ofEpochSecond(1_363_896_240L))).isEqualTo("00d903e9a1011a514b67b0");
        assertThat(hex(LocalDate.of(1940, 10, 9)))
                .isEqualTo("00d903ec6a" + HEX.formatHex("1940-10-09".getBytes(StandardCharsets.US_ASCII)));
        assertThat(hex(new UUID(0x0102030405060708L, 9L))).isEqualTo("00d82550" + "01020304050607080000000000000009");
        assertThat(hex(new LinkedList<>(List.of(1)))).isEqualTo("00d81b826a4c696e6b65644c6973748101");
    }

    @Test
    void integersBeyondTheirWidthGetTheNextWiderType() {
        assertThat(decodeHex("18ff")).isEqualTo((short) 255);
        assertThat(decodeHex("19ffff")).isEqualTo(65_535);
        assertThat(decodeHex("1affffffff")).isEqualTo(4_294_967_295L);
        assertThat(decodeHex("1bffffffffffffffff")).isEqualTo(new BigInteger("18446744073709551615"));
        assertThat(decodeHex("3bffffffffffffffff")).isEqualTo(new BigInteger("-18446744073709551616"));
    }

    @ParameterizedTest
    @CsvSource({"01", "10", "ff", "8000"})
    void unknownEnvelopeSaysSo(String hex) {
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", HEX.parseHex(hex)))
                .withMessageContaining("\"cart\"")
                .withMessageContaining("so it was written by a newer version")
                .satisfies(e -> assertThat(e.attribute()).contains("cart"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', it is empty",
        "00, the bytes end too early",
        "00f6, it holds no value",
        "000000, bytes are left over",
        "00d81b816178, type name",
        "00d81b82664f7074696f6e6c, ",
        "00d9ffff00, tag 65535 is not known",
        "00d825420102, wrong number of items",
        "00c074323031332d30332d32315432303a30343a30305b, does not fit its type",
        "00d81b826a4c696e6b65644c69737401, an array was expected",
        "00d81b8274436f6c6c656374696f6e732e656d7074794c6973748101, ",
        "00d81b82665365742e6f66820101, does not fit its type",
        "00d81b8271436f6e63757272656e74486173684d6170a1f601, does not fit its type",
        "00d903e9a2010028390001, nanoseconds",
    })
    void damagedBytesNameTheAttribute(String hex, String part) {
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", HEX.parseHex(hex)))
                .withMessageStartingWith("Attribute \"cart\" cannot be read back: ")
                .withMessageContaining(part == null ? "" : part);
    }

    @Test
    void nullIsNoValue() {
        assertThatNullPointerException().isThrownBy(() -> codec.encode("a", null));
    }

    @Test
    void cycleIsNamedAndNotAStackOverflow() {
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("cart", cycle))
                .withMessageContaining("\"cart\"")
                .withMessageContaining("contain themselves");
        Map<String, Object> map = new HashMap<>();
        map.put("self", Optional.of(List.of(map)));
        assertThatExceptionOfType(SessionCodecException.class).isThrownBy(() -> codec.encode("cart", map));
    }

    @Test
    void nestingUpToTheBoundComesBack() {
        Object value = "leaf";
        for (int i = 0; i < 64; i++) {
            value = new ArrayList<>(List.of(value));
        }
        assertThat(roundTrip(value)).isEqualTo(value);
        Object tooDeep = new ArrayList<>(List.of(value));
        assertThatExceptionOfType(SessionCodecException.class).isThrownBy(() -> codec.encode("a", tooDeep));
        String hex = "00" + "81".repeat(65) + "00";
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("a", HEX.parseHex(hex)))
                .withMessageContaining("nested");
    }

    @Test
    void sharedPartsBecomeEqualCopies() {
        List<Object> shared = new ArrayList<>(List.of(1));
        List<?> decoded = (List<?>) roundTrip(new ArrayList<>(List.of(shared, shared)));
        assertThat(decoded.get(0)).isEqualTo(decoded.get(1)).isNotSameAs(decoded.get(1));
    }

    @Test
    void sharedPartsCannotFillTheMemory() {
        Object value = "0123456789";
        for (int i = 0; i < 60; i++) {
            value = new ArrayList<>(List.of(value, value));
        }
        Object bomb = value;
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("a", bomb))
                .withMessageContaining("genie.session.max-attribute-size");
    }

    @Test
    void sizeIsBoundedToTheByte() {
        ValueCodec small = codec(100);
        assertThat(small.encode("a", "x".repeat(97))).hasSize(100);
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> small.encode("cart", "x".repeat(98)))
                .withMessageContaining("\"cart\"")
                .withMessageContaining("101 bytes")
                .withMessageContaining("at most 100")
                .withMessageContaining("genie.session.max-attribute-size");
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> small.encode("cart", new Cart("x".repeat(10_000))))
                .withMessageContaining("at most 100");
    }

    @Test
    void collectionChangedWhileItIsEncodedIsNamed() {
        // A map that reports another size than it has stands for one that another thread is writing to.
        Map<String, Integer> odd = Collections.unmodifiableMap(new HashMap<>(Map.of("a", 1)) {
            private static final long serialVersionUID = 1L;

            @Override
            public int size() {
                return 2;
            }
        });
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("cart", odd))
                .withMessageContaining("changed by another thread");
    }

    @Test
    void hashTablesAreStableOnceRead() {
        Map<String, String> map = new HashMap<>();
        Set<String> set = new HashSet<>(4096);
        for (int i = 0; i < 1_000; i++) {
            map.put("key-" + i * 31, "value-" + i);
            set.add("element-" + i * 17);
        }
        for (Object value : List.of(map, set)) {
            byte[] stored = codec.encode("a", value);
            Object read = codec.decode("a", stored);
            assertThat(read).isEqualTo(value);
            byte[] recoded = codec.recode("a", stored);
            assertThat(codec.encode("a", read)).isEqualTo(recoded);
            assertThat(codec.recode("a", recoded)).isEqualTo(recoded);
        }
    }

    @Test
    void onlyTypesKnownToBeImmutableCannotChangeInPlace() {
        Stream.of(
                        "a",
                        1,
                        1L,
                        1f,
                        true,
                        'c',
                        BigDecimal.TEN,
                        BigInteger.TEN,
                        UUID.randomUUID(),
                        Instant.EPOCH,
                        ZoneId.of("UTC"),
                        ZoneId.of("Europe/Paris"),
                        ZoneOffset.UTC,
                        DayOfWeek.MONDAY,
                        Cart.Size.LARGE,
                        Locale.ROOT,
                        URI.create("a:b"),
                        Currency.getInstance("EUR"),
                        List.of(1, List.of("a")),
                        Set.of(1),
                        Map.of("a", List.of()),
                        Optional.of("a"),
                        Collections.emptyList(),
                        Stream.of(1, null).toList())
                .forEach(value -> assertThat(codec.canChangeInPlace(value))
                        .as("%s", value)
                        .isFalse());
        Stream.of(
                        new byte[0],
                        new Date(0),
                        new ArrayList<>(),
                        new HashMap<>(),
                        Arrays.asList(1),
                        List.of(new ArrayList<>()),
                        Map.of("a", new int[0]),
                        Optional.of(new Date(0)),
                        Collections.unmodifiableList(new ArrayList<>()),
                        new Cart(),
                        new Cart.Item("a", 1),
                        new BigDecimal("1") {
                            private static final long serialVersionUID = 1L;
                        })
                .forEach(value -> assertThat(codec.canChangeInPlace(value))
                        .as("%s", value)
                        .isTrue());
    }

    private Object roundTrip(Object value) {
        return codec.decode("a", codec.encode("a", value));
    }

    private String hex(Object value) {
        return HEX.formatHex(codec.encode("a", value));
    }

    private Object decodeHex(String hex) {
        return codec.decode("a", HEX.parseHex("00" + hex));
    }
}
