package io.geniesession.spi;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one kind of setting are written, read and compared. Immutable.
 *
 * @param kind what a value is
 * @param requirement what a value must be, for messages, such as {@code a duration}
 * @param forms how to write a value, for messages
 * @param reader reads a value; empty if the text is not one
 * @param writer the inverse of {@code reader}
 * @param order how values compare, or null if they have no bounds
 */
record SettingType<T>(
        Kind kind,
        String requirement,
        String forms,
        Function<String, Optional<T>> reader,
        Function<T, String> writer,
        @Nullable Comparator<T> order) {

    /** What a value is; decides what else may be declared. */
    enum Kind {
        DURATION("duration"),
        SIZE("size"),
        INTEGER("integer"),
        FLAG("true or false"),
        TEXT("text"),
        SECRET("secret text"),
        LIST("list"),
        CHOICE("choice");

        private final String unit;

        Kind(String unit) {
            this.unit = unit;
        }

        /** What the settings table calls it. */
        String unit() {
            return unit;
        }

        /** Whether the empty text is a value: an empty password and an empty list are. */
        boolean allowsEmpty() {
            return this == SECRET || this == LIST;
        }

        /** Whether a pattern can be declared. */
        boolean allowsPattern() {
            return this == TEXT || this == SECRET || this == LIST;
        }
    }

    private static final Pattern DURATION = Pattern.compile("([+-]?\\d{1,18})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18}) ?(b|kb|mb|gb)");
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,10}");

    /** Milliseconds per unit, largest first, so that a value is written in the largest unit that fits. */
    private static final List<Map.Entry<String, Long>> DURATION_UNITS = List.of(
            Map.entry("d", 86_400_000L),
            Map.entry("h", 3_600_000L),
            Map.entry("m", 60_000L),
            Map.entry("s", 1_000L),
            Map.entry("ms", 1L));

    /** Bytes per unit, largest first. */
    private static final List<Map.Entry<String, Long>> SIZE_UNITS = List.of(
            Map.entry("GB", 1L << 30), Map.entry("MB", 1L << 20), Map.entry("kB", 1L << 10), Map.entry("B", 1L));

    static SettingType<Duration> ofDuration() {
        return new SettingType<>(
                Kind.DURATION,
                "a duration",
                "Write it with its unit, as 500ms, 45s, 30m, 12h or 7d, or in ISO-8601 form as PT30M, in"
                        + " whole milliseconds; a bare number is accepted for 0 only",
                SettingType::readDuration,
                SettingType::writeDuration,
                Duration::compareTo);
    }

    static SettingType<Long> ofSize() {
        return new SettingType<>(
                Kind.SIZE,
                "a size",
                "Write it with its unit, as 512B, 64kB, 2MB or 1GB (1 kB is 1024 bytes); a bare number is"
                        + " accepted for 0 only",
                SettingType::readSize,
                SettingType::writeSize,
                Long::compare);
    }

    static SettingType<Integer> ofInteger() {
        return new SettingType<>(
                Kind.INTEGER,
                "an integer",
                "Write it in digits, without a unit and without separators",
                SettingType::readInteger,
                String::valueOf,
                Integer::compare);
    }

    static SettingType<Boolean> ofFlag() {
        return new SettingType<>(
                Kind.FLAG, "true or false", "Write true or false", SettingType::readFlag, String::valueOf, null);
    }

    static SettingType<String> ofText() {
        return new SettingType<>(
                Kind.TEXT,
                "text without control characters",
                "Write at least one character, or remove the setting",
                SettingType::readText,
                Function.identity(),
                null);
    }

    static SettingType<String> ofSecret() {
        return new SettingType<>(
                Kind.SECRET, "text", "Check it where it is set", Optional::of, Function.identity(), null);
    }

    static SettingType<List<String>> ofList() {
        return new SettingType<>(
                Kind.LIST,
                "a list",
                "Separate the entries by commas",
                SettingType::readList,
                entries -> String.join(",", entries),
                null);
    }

    static <E extends Enum<E>> SettingType<E> ofChoice(Class<E> type) {
        Map<String, E> choices = Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(SettingType::kebab, Function.identity()));
        String listed =
                Arrays.stream(type.getEnumConstants()).map(SettingType::kebab).collect(Collectors.joining(", "));
        return new SettingType<>(
                Kind.CHOICE,
                "one of " + listed,
                "Write one of " + listed,
                text -> Optional.ofNullable(choices.get(text.toLowerCase(Locale.ROOT))),
                SettingType::kebab,
                null);
    }

    private static String kebab(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Optional<Duration> readDuration(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Matcher simple = DURATION.matcher(text);
        return simple.matches()
                ? product(simple.group(1), simple.group(2), DURATION_UNITS).map(Duration::ofMillis)
                : readIsoDuration(text);
    }

    private static Optional<Duration> readIsoDuration(String text) {
        try {
            Duration duration = Duration.parse(text);
            return duration.equals(Duration.ofMillis(duration.toMillis())) ? Optional.of(duration) : Optional.empty();
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static String writeDuration(Duration duration) {
        try {
            long millis = duration.toMillis();
            return duration.equals(Duration.ofMillis(millis)) ? quotient(millis, DURATION_UNITS) : duration.toString();
        } catch (ArithmeticException e) {
            return duration.toString();
        }
    }

    private static Optional<Long> readSize(String text) {
        if (text.equals("0")) {
            return Optional.of(0L);
        }
        Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        return size.matches() ? product(size.group(1), size.group(2), SIZE_UNITS) : Optional.empty();
    }

    private static String writeSize(long bytes) {
        return quotient(bytes, SIZE_UNITS);
    }

    /** Empty if the product does not fit, which no bound of ours would allow either. */
    private static Optional<Long> product(String digits, String unit, List<Map.Entry<String, Long>> units) {
        for (Map.Entry<String, Long> candidate : units) {
            if (candidate.getKey().equalsIgnoreCase(unit)) {
                BigInteger product = new BigInteger(digits).multiply(BigInteger.valueOf(candidate.getValue()));
                return product.bitLength() < Long.SIZE ? Optional.of(product.longValue()) : Optional.empty();
            }
        }
        throw new IllegalStateException("no unit " + unit);
    }

    private static String quotient(long amount, List<Map.Entry<String, Long>> units) {
        if (amount == 0) {
            return "0";
        }
        for (Map.Entry<String, Long> unit : units) {
            if (amount % unit.getValue() == 0) {
                return amount / unit.getValue() + unit.getKey();
            }
        }
        throw new IllegalStateException("the last unit divides every amount");
    }

    private static Optional<Integer> readInteger(String text) {
        try {
            return INTEGER.matcher(text).matches() ? Optional.of(Integer.valueOf(text)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Boolean> readFlag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Optional<String> readText(String text) {
        return text.chars().anyMatch(Character::isISOControl) ? Optional.empty() : Optional.of(text);
    }

    /** Blank entries are dropped: a list continued over lines often ends in a comma. */
    private static Optional<List<String>> readList(String text) {
        return Optional.of(Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(e -> !e.isEmpty())
                .toList());
    }
}
