package io.geniesession.internal.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
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
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
import org.jspecify.annotations.Nullable;

/**
 * The classes that have a CBOR form of their own, found by exact class, and the names that tag 27 gives to some of them.
 *
 * <p>The names are part of the stored format: one may be added, none may be changed.
 */
enum Kind {
    BOOLEAN(Form.VALUE, Boolean.class),
    BYTE(Form.VALUE, Byte.class),
    SHORT(Form.VALUE, Short.class),
    INTEGER(Form.VALUE, Integer.class),
    LONG(Form.VALUE, Long.class),
    FLOAT(Form.VALUE, Float.class),
    DOUBLE(Form.VALUE, Double.class),
    BIG_INTEGER(Form.VALUE, BigInteger.class),
    BIG_DECIMAL(Form.VALUE, BigDecimal.class),
    BYTES(Form.MUTABLE_VALUE, byte[].class),
    STRING(Form.VALUE, "String", String.class),
    CHARACTER(Form.VALUE, "Character", Character.class),
    UUID_(Form.VALUE, UUID.class),
    URI_(Form.VALUE, "URI", URI.class),
    LOCALE(Form.VALUE, "Locale", Locale.class),
    CURRENCY(Form.VALUE, "Currency", Currency.class),
    DATE(Form.MUTABLE_VALUE, "Date", Date.class),

    INSTANT(Form.VALUE, Instant.class),
    DURATION(Form.VALUE, Duration.class),
    LOCAL_DATE(Form.VALUE, "LocalDate", LocalDate.class),
    LOCAL_TIME(Form.VALUE, "LocalTime", LocalTime.class),
    LOCAL_DATE_TIME(Form.VALUE, "LocalDateTime", LocalDateTime.class),
    OFFSET_TIME(Form.VALUE, "OffsetTime", OffsetTime.class),
    OFFSET_DATE_TIME(Form.VALUE, "OffsetDateTime", OffsetDateTime.class),
    ZONED_DATE_TIME(Form.VALUE, "ZonedDateTime", ZonedDateTime.class),
    ZONE_OFFSET(Form.VALUE, "ZoneOffset", ZoneOffset.class),
    ZONE_ID(Form.VALUE, "ZoneId", ZoneId.of("Europe/Paris").getClass()),
    PERIOD(Form.VALUE, "Period", Period.class),
    YEAR(Form.VALUE, "Year", Year.class),
    YEAR_MONTH(Form.VALUE, "YearMonth", YearMonth.class),
    MONTH_DAY(Form.VALUE, "MonthDay", MonthDay.class),
    MONTH(Form.VALUE, "Month", Month.class),
    DAY_OF_WEEK(Form.VALUE, "DayOfWeek", DayOfWeek.class),

    ARRAY_LIST(Form.COLLECTION, ArrayList.class),
    LINKED_LIST(Form.COLLECTION, "LinkedList", LinkedList.class),
    ARRAY_DEQUE(Form.COLLECTION, "ArrayDeque", ArrayDeque.class),
    COPY_ON_WRITE_ARRAY_LIST(Form.CONCURRENT_COLLECTION, "CopyOnWriteArrayList", CopyOnWriteArrayList.class),
    COPY_ON_WRITE_ARRAY_SET(Form.CONCURRENT_COLLECTION, "CopyOnWriteArraySet", CopyOnWriteArraySet.class),
    CONCURRENT_LINKED_QUEUE(Form.CONCURRENT_COLLECTION, "ConcurrentLinkedQueue", ConcurrentLinkedQueue.class),
    CONCURRENT_LINKED_DEQUE(Form.CONCURRENT_COLLECTION, "ConcurrentLinkedDeque", ConcurrentLinkedDeque.class),
    HASH_SET(Form.COLLECTION, HashSet.class),
    LINKED_HASH_SET(Form.COLLECTION, "LinkedHashSet", LinkedHashSet.class),
    TREE_SET(Form.COLLECTION, "TreeSet", TreeSet.class),
    CONCURRENT_SKIP_LIST_SET(Form.CONCURRENT_COLLECTION, "ConcurrentSkipListSet", ConcurrentSkipListSet.class),

    HASH_MAP(Form.MAP, HashMap.class),
    LINKED_HASH_MAP(Form.MAP, "LinkedHashMap", LinkedHashMap.class),
    TREE_MAP(Form.MAP, "TreeMap", TreeMap.class),
    CONCURRENT_HASH_MAP(Form.CONCURRENT_MAP, "ConcurrentHashMap", ConcurrentHashMap.class),
    CONCURRENT_SKIP_LIST_MAP(Form.CONCURRENT_MAP, "ConcurrentSkipListMap", ConcurrentSkipListMap.class),

    LIST_OF(
            Form.IMMUTABLE_COLLECTION,
            "List.of",
            List.of().getClass(),
            List.of(1).getClass(),
            List.of(1, 2, 3).getClass()),
    SET_OF(
            Form.IMMUTABLE_COLLECTION,
            "Set.of",
            Set.of().getClass(),
            Set.of(1).getClass(),
            Set.of(1, 2, 3).getClass()),
    MAP_OF(Form.IMMUTABLE_MAP, "Map.of", Map.of().getClass(), Map.of(1, 1).getClass()),
    ARRAYS_AS_LIST(Form.COLLECTION, "Arrays.asList", Arrays.asList().getClass()),
    EMPTY_LIST(
            Form.IMMUTABLE_COLLECTION,
            "Collections.emptyList",
            Collections.emptyList().getClass()),
    EMPTY_SET(
            Form.IMMUTABLE_COLLECTION,
            "Collections.emptySet",
            Collections.emptySet().getClass()),
    EMPTY_MAP(Form.IMMUTABLE_MAP, "Collections.emptyMap", Collections.emptyMap().getClass()),
    SINGLETON_LIST(
            Form.IMMUTABLE_COLLECTION,
            "Collections.singletonList",
            Collections.singletonList(1).getClass()),
    SINGLETON(
            Form.IMMUTABLE_COLLECTION,
            "Collections.singleton",
            Collections.singleton(1).getClass()),
    SINGLETON_MAP(
            Form.IMMUTABLE_MAP,
            "Collections.singletonMap",
            Collections.singletonMap(1, 1).getClass()),
    UNMODIFIABLE_COLLECTION(
            Form.COLLECTION,
            "Collections.unmodifiableCollection",
            Collections.unmodifiableCollection(new ArrayList<>()).getClass()),
    UNMODIFIABLE_LIST(
            Form.COLLECTION,
            "Collections.unmodifiableList",
            Collections.unmodifiableList(new ArrayList<>()).getClass(),
            Collections.unmodifiableList(notRandomAccess()).getClass()),
    UNMODIFIABLE_SET(
            Form.COLLECTION,
            "Collections.unmodifiableSet",
            Collections.unmodifiableSet(new HashSet<>()).getClass()),
    UNMODIFIABLE_MAP(
            Form.MAP,
            "Collections.unmodifiableMap",
            Collections.unmodifiableMap(new HashMap<>()).getClass()),
    OPTIONAL(Form.OPTIONAL, "Optional", Optional.class);

    /** How a kind is taken apart, and whether what it holds can change. */
    enum Form {
        VALUE,
        MUTABLE_VALUE,
        COLLECTION,
        /** Its size and its iterator may disagree while others write to it. */
        CONCURRENT_COLLECTION,
        IMMUTABLE_COLLECTION,
        MAP,
        CONCURRENT_MAP,
        IMMUTABLE_MAP,
        OPTIONAL
    }

    private static final Map<Class<?>, Kind> BY_CLASS = new HashMap<>();
    private static final Map<String, Kind> BY_NAME = new HashMap<>();

    static {
        for (Kind kind : values()) {
            for (Class<?> type : kind.classes) {
                BY_CLASS.put(type, kind);
            }
            if (kind.typeName != null) {
                BY_NAME.put(kind.typeName, kind);
            }
        }
    }

    private final Form form;
    private final @Nullable String typeName;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Class<?>> classes;

    Kind(Form form, Class<?> type) {
        this.form = form;
        this.typeName = null;
        this.classes = List.of(type);
    }

    Kind(Form form, String typeName, Class<?>... classes) {
        this.form = form;
        this.typeName = typeName;
        this.classes = List.of(classes);
    }

    /** Returns the kind of exactly this class, or null if it has no form of its own. */
    static @Nullable Kind of(Class<?> type) {
        return BY_CLASS.get(type);
    }

    /** Returns the kind that tag 27 calls so, or null if there is none. */
    static @Nullable Kind named(String typeName) {
        return BY_NAME.get(typeName);
    }

    @SuppressWarnings("JdkObsolete") // the wrapper's class depends on whether the list has random access
    private static List<Object> notRandomAccess() {
        return new LinkedList<>();
    }

    Form form() {
        return form;
    }

    /** Returns the name for tag 27, or null if the kind is a plain CBOR item. */
    @Nullable
    String typeName() {
        return typeName;
    }
}
