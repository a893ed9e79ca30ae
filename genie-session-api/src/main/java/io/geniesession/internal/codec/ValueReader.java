package io.geniesession.internal.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
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
 * Reads one attribute's value from one CBOR item. Belongs to one thread.
 *
 * <p>Content that a type refuses (a day 32, a null in a {@code ConcurrentHashMap}) surfaces as the exception of that
 * type; {@link ValueCodec} turns it into its own.
 */
@SuppressWarnings({"JavaUtilDate", "JdkObsolete"}) // what applications put in comes back, old classes too
final class ValueReader {
    private final String attribute;
    private final ObjectCodec objects;
    private final byte[] source;
    private final CborReader in;
    private final KeyCollisions collisions = new KeyCollisions();

    ValueReader(String attribute, ObjectCodec objects, byte[] source, CborReader in) {
        this.attribute = attribute;
        this.objects = objects;
        this.source = source;
        this.in = in;
    }

    @Nullable
    Object read(int depth) throws CborException {
        in.head();
        return switch (in.major()) {
            case Cbor.UNSIGNED, Cbor.NEGATIVE -> number();
            case Cbor.BYTES -> in.bytesBody();
            case Cbor.TEXT -> in.textBody();
            case Cbor.ARRAY -> fill(new ArrayList<>(in.count(1)), in.argument(), deeper(depth));
            case Cbor.MAP -> hashed(new HashMap<>(capacity(in.count(2))), in.argument(), deeper(depth));
            case Cbor.TAG -> tagged(in.argument(), depth);
            default -> simple();
        };
    }

    private static int deeper(int depth) throws CborException {
        if (depth >= ValueCodec.MAX_DEPTH) {
            throw new CborException("it is nested more than " + ValueCodec.MAX_DEPTH + " deep");
        }
        return depth + 1;
    }

    /** Returns the capacity at which a hash table takes so many elements without growing. */
    private static int capacity(int count) {
        return (int) Math.min(count * 4L / 3 + 1, 1 << 30);
    }

    private <C extends Collection<@Nullable Object>> C fill(C target, long count, int depth) throws CborException {
        for (long left = count; left > 0; left--) {
            target.add(read(depth));
        }
        return target;
    }

    private <M extends Map<@Nullable Object, @Nullable Object>> M fill(M target, long count, int depth)
            throws CborException {
        for (long left = count; left > 0; left--) {
            Object key = read(depth);
            target.put(key, read(depth));
        }
        return target;
    }

    private <C extends Collection<@Nullable Object>> C hashed(C target, long count, int depth) throws CborException {
        KeyCollisions.Table table = collisions.table();
        for (long left = count; left > 0; left--) {
            Object element = read(depth);
            table.add(element, target);
            target.add(element);
        }
        return target;
    }

    private <M extends Map<@Nullable Object, @Nullable Object>> M hashed(M target, long count, int depth)
            throws CborException {
        KeyCollisions.Table table = collisions.table();
        for (long left = count; left > 0; left--) {
            Object key = read(depth);
            table.add(key, target.keySet());
            target.put(key, read(depth));
        }
        return target;
    }

    /** The width of the argument is the width of the Java type; a value beyond its range gets the next wider one. */
    private Object number() {
        long argument = in.argument();
        boolean negative = in.major() == Cbor.NEGATIVE;
        if (argument < 0) {
            BigInteger magnitude = new BigInteger(Long.toUnsignedString(argument));
            return negative ? magnitude.not() : magnitude;
        }
        long value = negative ? ~argument : argument;
        int info = in.info();
        if (info == Cbor.ONE_BYTE && value == (byte) value) {
            return (byte) value;
        }
        if (info == Cbor.ONE_BYTE || (info == Cbor.TWO_BYTES && value == (short) value)) {
            return (short) value;
        }
        if (info < Cbor.ONE_BYTE || info == Cbor.TWO_BYTES || (info == Cbor.FOUR_BYTES && value == (int) value)) {
            return (int) value;
        }
        return value;
    }

    private @Nullable Object simple() throws CborException {
        return switch (in.info()) {
            case Cbor.FALSE & 0x1F -> false;
            case Cbor.TRUE & 0x1F -> true;
            case Cbor.NULL & 0x1F -> null;
            case Cbor.TWO_BYTES -> half((int) in.argument());
            case Cbor.FOUR_BYTES -> Float.intBitsToFloat((int) in.argument());
            case Cbor.EIGHT_BYTES -> Double.longBitsToDouble(in.argument());
            default -> throw new CborException("a simple value is not known");
        };
    }

    /** Never written here, but the shortest form that other writers choose. */
    private static float half(int bits) {
        int exponent = (bits >> 10) & 0x1F;
        int fraction = bits & 0x3FF;
        float magnitude = switch (exponent) {
            case 0 -> Math.scalb((float) fraction, -24);
            case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Math.scalb(fraction + 1024f, exponent - 25);
        };
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    private @Nullable Object tagged(long tag, int depth) throws CborException {
        if (tag < 0 || tag > Integer.MAX_VALUE) {
            throw new CborException("a tag is not known");
        }
        return switch ((int) tag) {
            case Tags.DATE_TIME -> OffsetDateTime.parse(in.text());
            case Tags.UNSIGNED_BIGNUM -> new BigInteger(1, in.bytes());
            case Tags.NEGATIVE_BIGNUM -> new BigInteger(1, in.bytes()).not();
            case Tags.DECIMAL_FRACTION -> decimal();
            case Tags.NAMED -> named(depth);
            case Tags.UUID -> uuid();
            case Tags.SET -> {
                int count = arrayHead();
                yield hashed(new HashSet<>(capacity(count)), count, deeper(depth));
            }
            case Tags.TIME -> instant();
            case Tags.DURATION -> duration();
            case Tags.DATE -> LocalDate.parse(in.text());
            case ObjectCodec.TAG -> object();
            default -> throw new CborException("tag " + tag + " is not known");
        };
    }

    private Object object() throws CborException {
        int length = in.skipBytes();
        return objects.read(attribute, source, in.position() - length, length);
    }

    private BigDecimal decimal() throws CborException {
        requireCount(2, arrayHead());
        long exponent = integer();
        BigInteger mantissa = mantissa();
        if (-exponent != (int) -exponent) {
            throw new CborException("an exponent is out of range");
        }
        return new BigDecimal(mantissa, (int) -exponent);
    }

    private BigInteger mantissa() throws CborException {
        in.head();
        if (in.major() == Cbor.UNSIGNED || in.major() == Cbor.NEGATIVE) {
            Object number = number();
            return number instanceof BigInteger big ? big : BigInteger.valueOf(((Number) number).longValue());
        }
        if (in.major() == Cbor.TAG && in.argument() == Tags.UNSIGNED_BIGNUM) {
            return new BigInteger(1, in.bytes());
        }
        if (in.major() == Cbor.TAG && in.argument() == Tags.NEGATIVE_BIGNUM) {
            return new BigInteger(1, in.bytes()).not();
        }
        throw new CborException("a whole number was expected");
    }

    private UUID uuid() throws CborException {
        byte[] bytes = in.bytes();
        requireCount(16, bytes.length);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private Instant instant() throws CborException {
        int items = secondsHead();
        long seconds = integer();
        return Instant.ofEpochSecond(seconds, nanos(items));
    }

    private Duration duration() throws CborException {
        int items = secondsHead();
        long seconds = integer();
        return Duration.ofSeconds(seconds, nanos(items));
    }

    private int secondsHead() throws CborException {
        in.head();
        if (in.major() != Cbor.MAP) {
            throw new CborException("a map was expected");
        }
        int items = in.count(2);
        if (items < 1 || items > 2 || integer() != Tags.SECONDS) {
            throw new CborException("a time has parts that are not known");
        }
        return items;
    }

    private long nanos(int items) throws CborException {
        if (items == 1) {
            return 0;
        }
        if (integer() != Tags.NANOSECONDS) {
            throw new CborException("a time has parts that are not known");
        }
        long nanos = integer();
        if (nanos < 0 || nanos > 999_999_999) {
            throw new CborException("nanoseconds are out of range");
        }
        return nanos;
    }

    private Object named(int depth) throws CborException {
        int items = arrayHead() - 1;
        String name = in.text();
        Kind kind = Kind.named(name);
        if (kind == null) {
            throw new CborException("the type name of a tag 27 is not known; a newer version may have written it");
        }
        return switch (kind.form()) {
            case VALUE, MUTABLE_VALUE -> value(kind, items);
            case COLLECTION, CONCURRENT_COLLECTION, IMMUTABLE_COLLECTION -> {
                requireCount(1, items);
                yield collection(kind, arrayHead(), deeper(depth));
            }
            case MAP, CONCURRENT_MAP, IMMUTABLE_MAP -> {
                requireCount(1, items);
                yield map(kind, mapHead(), deeper(depth));
            }
            case OPTIONAL -> optional(items, deeper(depth));
        };
    }

    private Optional<Object> optional(int items, int depth) throws CborException {
        if (items == 0) {
            return Optional.empty();
        }
        requireCount(1, items);
        Object value = read(depth);
        if (value == null) {
            throw new CborException("a value is missing");
        }
        return Optional.of(value);
    }

    private Object value(Kind kind, int items) throws CborException {
        requireCount(
                switch (kind) {
                    case PERIOD -> 3;
                    case ZONED_DATE_TIME, YEAR_MONTH, MONTH_DAY -> 2;
                    default -> 1;
                },
                items);
        return switch (kind) {
            case STRING -> utf16();
            case CHARACTER -> character();
            case DATE -> new Date(integer());
            case PERIOD -> Period.of(small(), small(), small());
            case YEAR -> Year.of(small());
            case YEAR_MONTH -> YearMonth.of(small(), small());
            case MONTH_DAY -> MonthDay.of(small(), small());
            case MONTH -> Month.of(small());
            case DAY_OF_WEEK -> DayOfWeek.of(small());
            case CURRENCY -> Currency.getInstance(in.text());
            case LOCALE -> Locale.forLanguageTag(in.text());
            case URI_ -> URI.create(in.text());
            case LOCAL_DATE -> LocalDate.parse(in.text());
            case LOCAL_TIME -> LocalTime.parse(in.text());
            case LOCAL_DATE_TIME -> LocalDateTime.parse(in.text());
            case OFFSET_TIME -> OffsetTime.parse(in.text());
            case OFFSET_DATE_TIME -> OffsetDateTime.parse(in.text());
            case ZONED_DATE_TIME -> zonedDateTime();
            case ZONE_ID -> ZoneId.of(in.text());
            case ZONE_OFFSET -> ZoneOffset.of(in.text());
            default -> throw new CborException("a type name does not stand for a single value");
        };
    }

    private ZonedDateTime zonedDateTime() throws CborException {
        OffsetDateTime moment = OffsetDateTime.parse(in.text());
        // Keeps the moment even if the zone's rules were changed since it was written.
        return ZonedDateTime.ofInstant(moment.toLocalDateTime(), moment.getOffset(), ZoneId.of(in.text()));
    }

    private String utf16() throws CborException {
        byte[] bytes = in.bytes();
        if (bytes.length % 2 != 0) {
            throw new CborException("a text of UTF-16 has half a char");
        }
        return ByteBuffer.wrap(bytes).asCharBuffer().toString();
    }

    private char character() throws CborException {
        long code = integer();
        if (code != (char) code) {
            throw new CborException("a char is out of range");
        }
        return (char) code;
    }

    private Object collection(Kind kind, int count, int depth) throws CborException {
        return switch (kind) {
            case LINKED_LIST -> fill(new LinkedList<>(), count, depth);
            case ARRAY_DEQUE -> fill(new ArrayDeque<>(count), count, depth);
            case LINKED_HASH_SET -> hashed(new LinkedHashSet<>(capacity(count)), count, depth);
            case TREE_SET -> fill(new TreeSet<>(), count, depth);
            case COPY_ON_WRITE_ARRAY_LIST -> new CopyOnWriteArrayList<>(elements(count, depth));
            case COPY_ON_WRITE_ARRAY_SET -> copyOnWriteSet(count, depth);
            case CONCURRENT_LINKED_QUEUE -> fill(new ConcurrentLinkedQueue<>(), count, depth);
            case CONCURRENT_LINKED_DEQUE -> fill(new ConcurrentLinkedDeque<>(), count, depth);
            case CONCURRENT_SKIP_LIST_SET -> fill(new ConcurrentSkipListSet<>(), count, depth);
            case LIST_OF -> listOf(elements(count, depth));
            case SET_OF -> setOf(elements(count, depth));
            case ARRAYS_AS_LIST -> Arrays.asList(elements(count, depth).toArray());
            case EMPTY_LIST -> empty(count, Collections.emptyList());
            case EMPTY_SET -> empty(count, Collections.emptySet());
            case SINGLETON_LIST -> Collections.singletonList(only(count, depth));
            case SINGLETON -> Collections.singleton(only(count, depth));
            case UNMODIFIABLE_COLLECTION -> Collections.unmodifiableCollection(elements(count, depth));
            case UNMODIFIABLE_LIST -> Collections.unmodifiableList(elements(count, depth));
            case UNMODIFIABLE_SET ->
                Collections.unmodifiableSet(hashed(new LinkedHashSet<>(capacity(count)), count, depth));
            default -> throw new CborException("a type name does not stand for a collection");
        };
    }

    private List<@Nullable Object> elements(int count, int depth) throws CborException {
        return fill(new ArrayList<>(count), count, depth);
    }

    private @Nullable Object only(int count, int depth) throws CborException {
        requireCount(1, count);
        return read(depth);
    }

    private static Object empty(int count, Object value) throws CborException {
        requireCount(0, count);
        return value;
    }

    /** Only {@code Stream.toList} makes lists of this kind that hold nulls. */
    private static Object listOf(List<@Nullable Object> elements) {
        for (Object element : elements) {
            if (element == null) {
                return elements.stream().toList();
            }
        }
        return List.of(elements.toArray());
    }

    private Object copyOnWriteSet(int count, int depth) throws CborException {
        collisions.allPairs(count);
        return new CopyOnWriteArraySet<>(elements(count, depth));
    }

    private Object setOf(List<@Nullable Object> elements) throws CborException {
        collisions.openTable(elements);
        return Set.of(elements.toArray());
    }

    private Object map(Kind kind, int count, int depth) throws CborException {
        return switch (kind) {
            case LINKED_HASH_MAP -> hashed(new LinkedHashMap<>(capacity(count)), count, depth);
            case TREE_MAP -> fill(new TreeMap<>(), count, depth);
            case CONCURRENT_HASH_MAP -> hashed(new ConcurrentHashMap<>(capacity(count)), count, depth);
            case CONCURRENT_SKIP_LIST_MAP -> fill(new ConcurrentSkipListMap<>(), count, depth);
            case MAP_OF -> mapOf(count, depth);
            case EMPTY_MAP -> empty(count, Collections.emptyMap());
            case SINGLETON_MAP -> {
                requireCount(1, count);
                Object key = read(depth);
                yield Collections.singletonMap(key, read(depth));
            }
            case UNMODIFIABLE_MAP ->
                Collections.unmodifiableMap(hashed(new LinkedHashMap<>(capacity(count)), count, depth));
            default -> throw new CborException("a type name does not stand for a map");
        };
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Object mapOf(int count, int depth) throws CborException {
        Map.Entry[] entries = new Map.Entry[count];
        List<Object> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Object key = read(depth);
            Object value = read(depth);
            if (key == null || value == null) {
                throw new CborException("a value is missing");
            }
            entries[i] = Map.entry(key, value);
            keys.add(key);
        }
        collisions.openTable(keys);
        return Map.ofEntries(entries);
    }

    private int arrayHead() throws CborException {
        in.head();
        if (in.major() != Cbor.ARRAY) {
            throw new CborException("an array was expected");
        }
        return in.count(1);
    }

    private int mapHead() throws CborException {
        in.head();
        if (in.major() != Cbor.MAP) {
            throw new CborException("a map was expected");
        }
        return in.count(2);
    }

    private long integer() throws CborException {
        in.head();
        if (in.major() > Cbor.NEGATIVE || in.argument() < 0) {
            throw new CborException("a whole number was expected");
        }
        return in.major() == Cbor.NEGATIVE ? ~in.argument() : in.argument();
    }

    private int small() throws CborException {
        long value = integer();
        if (value != (int) value) {
            throw new CborException("a number is out of range");
        }
        return (int) value;
    }

    private static void requireCount(int expected, int found) throws CborException {
        if (expected != found) {
            throw new CborException("a part has the wrong number of items");
        }
    }
}
