package io.geniesession.internal.codec;

import io.geniesession.SessionCodecException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneRulesException;
import java.util.Arrays;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Currency;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes one attribute's value as one CBOR item. Belongs to one thread. */
@SuppressWarnings("JavaUtilDate") // applications still put it in
final class ValueWriter {
    private final String attribute;
    private final ObjectCodec objects;
    private final CborWriter out;
    private long keys;

    ValueWriter(String attribute, ObjectCodec objects, CborWriter out) {
        this.attribute = attribute;
        this.objects = objects;
        this.out = out;
    }

    void write(@Nullable Object value, int depth) throws CborException {
        if (value == null) {
            out.nothing();
        } else if (value instanceof String text) {
            text(text);
        } else {
            Kind kind = Kind.of(value.getClass());
            if (kind == null || hasComparator(value)) {
                objects.write(attribute, value, out);
            } else {
                write(kind, value, depth);
            }
        }
    }

    /** Tells whether there are so many keys of sets and maps that only reading shows whether they can be read. */
    boolean hasManyKeys() {
        return keys > KeyCollisions.HARMLESS;
    }

    private void write(Kind kind, Object value, int depth) throws CborException {
        switch (kind.form()) {
            case VALUE, MUTABLE_VALUE -> value(kind, value);
            case COLLECTION, IMMUTABLE_COLLECTION, CONCURRENT_COLLECTION ->
                collection(kind, (Collection<?>) value, deeper(depth));
            case MAP, IMMUTABLE_MAP, CONCURRENT_MAP -> map(kind, (Map<?, ?>) value, deeper(depth));
            case OPTIONAL -> optional(kind, (Optional<?>) value, deeper(depth));
        }
    }

    /** An order other than the natural one is an object of its own, which only the object codec can write. */
    private static boolean hasComparator(Object value) {
        if (value instanceof SortedSet<?> set) {
            return set.comparator() != null;
        }
        return value instanceof SortedMap<?, ?> map && map.comparator() != null;
    }

    private int deeper(int depth) {
        if (depth >= ValueCodec.MAX_DEPTH) {
            throw new SessionCodecException(
                    "Attribute \"" + attribute + "\" cannot be stored: its collections are nested more than "
                            + ValueCodec.MAX_DEPTH + " deep, or contain themselves",
                    attribute,
                    null,
                    null);
        }
        return depth + 1;
    }

    private void collection(Kind kind, Collection<?> value, int depth) throws CborException {
        if (value instanceof Set) {
            keys += value.size();
        }
        if (kind == Kind.HASH_SET) {
            out.tag(Tags.SET);
        } else if (kind != Kind.ARRAY_LIST) {
            named(kind, 1);
        }
        if (kind.form() == Kind.Form.CONCURRENT_COLLECTION) {
            Object[] snapshot = value.toArray();
            out.array(snapshot.length);
            for (Object element : snapshot) {
                write(element, depth);
            }
            return;
        }
        int left = value.size();
        out.array(left);
        for (Object element : value) {
            if (--left < 0) {
                break;
            }
            write(element, depth);
        }
        requireUnchanged(left, value);
    }

    private void map(Kind kind, Map<?, ?> value, int depth) throws CborException {
        keys += value.size();
        if (kind != Kind.HASH_MAP) {
            named(kind, 1);
        }
        if (kind.form() == Kind.Form.CONCURRENT_MAP) {
            Object[] snapshot = value.entrySet().toArray();
            out.map(snapshot.length);
            for (Object entry : snapshot) {
                entry((Map.Entry<?, ?>) entry, depth);
            }
            return;
        }
        int left = value.size();
        out.map(left);
        for (Map.Entry<?, ?> entry : value.entrySet()) {
            if (--left < 0) {
                break;
            }
            entry(entry, depth);
        }
        requireUnchanged(left, value);
    }

    private void entry(Map.Entry<?, ?> entry, int depth) throws CborException {
        write(entry.getKey(), depth);
        write(entry.getValue(), depth);
    }

    private void requireUnchanged(int left, Object value) {
        if (left != 0) {
            throw changedMeanwhile(attribute, value);
        }
    }

    static SessionCodecException changedMeanwhile(String attribute, Object value) {
        String type = value.getClass().getName();
        return new SessionCodecException(
                "Attribute \"" + attribute + "\" cannot be stored: its " + type
                        + " was changed by another thread at the same time; use a concurrent collection or put in a copy",
                attribute,
                type,
                new ConcurrentModificationException());
    }

    private void optional(Kind kind, Optional<?> value, int depth) throws CborException {
        if (value.isEmpty()) {
            named(kind, 0);
        } else {
            named(kind, 1);
            write(value.get(), depth);
        }
    }

    /** Writes tag 27 and the head of its array: the name, and room for so many items of data. */
    private void named(Kind kind, int items) throws CborException {
        String name = kind.typeName();
        if (name == null) {
            throw new IllegalStateException(kind + " has no name");
        }
        out.tag(Tags.NAMED);
        out.array(1 + items);
        out.text(name);
    }

    private void named(Kind kind, String data) throws CborException {
        named(kind, 1);
        text(data);
    }

    private void text(String value) throws CborException {
        if (!out.text(value)) {
            // UTF-8 has no form for a lone surrogate; UTF-16 keeps every char.
            ByteBuffer utf16 = ByteBuffer.allocate(Math.multiplyExact(value.length(), 2));
            utf16.asCharBuffer().put(value);
            named(Kind.STRING, 1);
            out.bytes(utf16.array());
        }
    }

    private void value(Kind kind, Object value) throws CborException {
        switch (kind) {
            case BOOLEAN -> out.bool((Boolean) value);
            case BYTE -> out.integer((Byte) value, 1);
            case SHORT -> out.integer((Short) value, 2);
            case INTEGER -> integer((Integer) value);
            case LONG -> out.integer((Long) value, 8);
            case FLOAT -> out.float32((Float) value);
            case DOUBLE -> out.float64((Double) value);
            case BIG_INTEGER -> bignum((BigInteger) value);
            case BIG_DECIMAL -> decimal((BigDecimal) value);
            case BYTES -> out.bytes((byte[]) value);
            case UUID_ -> uuid((UUID) value);
            case INSTANT -> {
                Instant instant = (Instant) value;
                seconds(Tags.TIME, instant.getEpochSecond(), instant.getNano());
            }
            case DURATION -> {
                Duration duration = (Duration) value;
                seconds(Tags.DURATION, duration.getSeconds(), duration.getNano());
            }
            case LOCAL_DATE -> date((LocalDate) value);
            case OFFSET_DATE_TIME -> dateTime((OffsetDateTime) value);
            case ZONED_DATE_TIME -> zonedDateTime((ZonedDateTime) value);
            case ZONE_ID, ZONE_OFFSET -> zone(kind, (ZoneId) value);
            default -> namedValue(kind, value);
        }
    }

    private void namedValue(Kind kind, Object value) throws CborException {
        switch (kind) {
            case CHARACTER -> numbers(kind, (Character) value);
            case DATE -> {
                named(kind, 1);
                out.integer(((Date) value).getTime());
            }
            case PERIOD -> {
                Period period = (Period) value;
                numbers(kind, period.getYears(), period.getMonths(), period.getDays());
            }
            case YEAR -> numbers(kind, ((Year) value).getValue());
            case YEAR_MONTH -> numbers(kind, ((YearMonth) value).getYear(), ((YearMonth) value).getMonthValue());
            case MONTH_DAY -> numbers(kind, ((MonthDay) value).getMonthValue(), ((MonthDay) value).getDayOfMonth());
            case MONTH -> numbers(kind, ((Month) value).getValue());
            case DAY_OF_WEEK -> numbers(kind, ((DayOfWeek) value).getValue());
            case CURRENCY -> named(kind, ((Currency) value).getCurrencyCode());
            case LOCALE -> locale((Locale) value);
            case URI_, LOCAL_TIME, LOCAL_DATE_TIME, OFFSET_TIME -> named(kind, value.toString());
            default -> throw new IllegalStateException(kind + " has no form");
        }
    }

    private void numbers(Kind kind, int... data) throws CborException {
        named(kind, data.length);
        for (int number : data) {
            out.integer(number);
        }
    }

    /** An int from -24 to 23 fits into the initial byte, which the other widths never use. */
    private void integer(int value) throws CborException {
        if (value >= -24 && value < 24) {
            out.integer(value);
        } else {
            out.integer(value, 4);
        }
    }

    private void bignum(BigInteger value) throws CborException {
        boolean negative = value.signum() < 0;
        out.tag(negative ? Tags.NEGATIVE_BIGNUM : Tags.UNSIGNED_BIGNUM);
        byte[] magnitude = (negative ? value.not() : value).toByteArray();
        // Two's complement leads with a zero byte where the top bit is set; zero itself is the empty string.
        int skip = magnitude[0] == 0 ? 1 : 0;
        out.bytes(skip == 0 ? magnitude : Arrays.copyOfRange(magnitude, 1, magnitude.length));
    }

    private void decimal(BigDecimal value) throws CborException {
        out.tag(Tags.DECIMAL_FRACTION);
        out.array(2);
        out.integer(-(long) value.scale());
        BigInteger mantissa = value.unscaledValue();
        if (mantissa.bitLength() < Long.SIZE) {
            out.integer(mantissa.longValue());
        } else {
            bignum(mantissa);
        }
    }

    private void uuid(UUID value) throws CborException {
        out.tag(Tags.UUID);
        out.bytes(ByteBuffer.allocate(16)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits())
                .array());
    }

    private void seconds(int tag, long seconds, int nanos) throws CborException {
        out.tag(tag);
        out.map(nanos == 0 ? 1 : 2);
        out.integer(Tags.SECONDS);
        out.integer(seconds);
        if (nanos != 0) {
            out.integer(Tags.NANOSECONDS);
            out.integer(nanos);
        }
    }

    private void date(LocalDate value) throws CborException {
        if (isFourDigits(value.getYear())) {
            out.tag(Tags.DATE);
            out.text(value.toString());
        } else {
            named(Kind.LOCAL_DATE, value.toString());
        }
    }

    private void dateTime(OffsetDateTime value) throws CborException {
        // RFC 3339 has four digits for the year and no seconds in the offset.
        if (isFourDigits(value.getYear()) && value.getOffset().getTotalSeconds() % 60 == 0) {
            out.tag(Tags.DATE_TIME);
            out.text(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(value));
        } else {
            named(Kind.OFFSET_DATE_TIME, value.toString());
        }
    }

    private void zonedDateTime(ZonedDateTime value) throws CborException {
        if (isKnown(value.getZone())) {
            // Two items, because text with a zone's name in brackets is ambiguous where clocks are set back.
            named(Kind.ZONED_DATE_TIME, 2);
            text(value.toOffsetDateTime().toString());
            text(value.getZone().getId());
        } else {
            objects.write(attribute, value, out);
        }
    }

    private void zone(Kind kind, ZoneId value) throws CborException {
        if (isKnown(value)) {
            named(kind, value.getId());
        } else {
            objects.write(attribute, value, out);
        }
    }

    /** An object from a node with newer rules may hold a zone that only Java serialization makes again here. */
    private static boolean isKnown(ZoneId zone) {
        try {
            return zone.getRules() != null;
        } catch (ZoneRulesException e) {
            return false;
        }
    }

    private static boolean isFourDigits(int year) {
        return year >= 0 && year <= 9999;
    }

    private void locale(Locale value) throws CborException {
        String tag = value.toLanguageTag();
        if (Locale.forLanguageTag(tag).equals(value)) {
            named(Kind.LOCALE, tag);
        } else {
            // Locales that BCP 47 has no form for, such as one with a variant of two letters.
            objects.write(attribute, value, out);
        }
    }
}
