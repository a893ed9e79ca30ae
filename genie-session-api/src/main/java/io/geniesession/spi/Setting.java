package io.geniesession.spi;

import static java.util.Objects.requireNonNull;

import io.geniesession.SessionConfigException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Describes one setting: its full name, what it means, how its value is written, its default and its bounds.
 *
 * <p>A setting is declared once, as a constant, and read through {@link Settings}. The declaration is also the source of
 * every error message and of the settings table in the documentation, so that the three cannot differ:
 *
 * <pre>{@code
 * static final Setting<Duration> POOL_TIMEOUT =
 *     Setting.duration("genie.session.jdbc.pool-timeout", "How long a request waits for a connection.")
 *         .withDefault(Duration.ofSeconds(2))
 *         .withBounds(Duration.ofMillis(100), Duration.ofSeconds(60));
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param <T> the type of the value
 */
public final class Setting<T> {

    /** How every name starts. */
    public static final String PREFIX = "genie.session.";

    private static final Pattern NAME = Pattern.compile("genie\\.session(\\.[a-z][a-z0-9]*(-[a-z0-9]+)*)+");

    private static final int SHOWN_CHARACTERS = 80;

    private final String name;
    private final String meaning;
    private final SettingType<T> type;
    private final Rules<T> rules;

    /** What may be declared beyond the type; every component is null if it was not declared. */
    private record Rules<T>(
            @Nullable T defaultValue,
            @Nullable String derivedDefault,
            @Nullable T min,
            @Nullable T max,
            @Nullable Pattern pattern,
            @Nullable String patternWords) {}

    private Setting(String name, String meaning, SettingType<T> type) {
        this(name, meaning, type, new Rules<>(null, null, null, null, null, null));
    }

    private Setting(String name, String meaning, SettingType<T> type, Rules<T> rules) {
        this.name = name;
        this.meaning = meaning;
        this.type = type;
        this.rules = rules;
    }

    private static <T> Setting<T> declare(String name, String meaning, SettingType<T> type) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A setting's name starts with " + PREFIX + " and continues in kebab-case: " + name);
        }
        return new Setting<>(name, requireNonNull(meaning, "meaning"), type);
    }

    /**
     * Declares a span of time, written {@code 500ms}, {@code 45s}, {@code 30m}, {@code 12h}, {@code 7d}, in ISO-8601 form
     * ({@code PT30M}), or {@code 0}; a precision of one millisecond.
     *
     * @param name the full name, such as {@code genie.session.idle-timeout}
     * @param meaning one sentence for the documentation
     * @return the setting, without a default and without bounds
     * @throws IllegalArgumentException if the name does not start with {@link #PREFIX} or is not in kebab-case
     */
    public static Setting<Duration> duration(String name, String meaning) {
        return declare(name, meaning, SettingType.ofDuration());
    }

    /**
     * Declares a whole number.
     *
     * @param name the full name
     * @param meaning one sentence for the documentation
     * @return the setting, without a default and without bounds
     * @throws IllegalArgumentException if the name does not start with {@link #PREFIX} or is not in kebab-case
     */
    public static Setting<Integer> integer(String name, String meaning) {
        return declare(name, meaning, SettingType.ofInteger());
    }

    /**
     * Declares a number of bytes, written {@code 512B}, {@code 64kB}, {@code 2MB}, {@code 1GB} (1 kB is 1024 bytes; case does
     * not matter) or {@code 0}.
     *
     * @param name the full name
     * @param meaning one sentence for the documentation
     * @return the setting, without a default and without bounds
     * @throws IllegalArgumentException if the name does not start with {@link #PREFIX} or is not in kebab-case
     */
    public static Setting<Long> size(String name, String meaning) {
        return declare(name, meaning, SettingType.ofSize());
    }

    /**
     * Declares a text: not empty, without control characters; white space around it is no part of it.
     *
     * @param name the full name
     * @param meaning one sentence for the documentation
     * @return the setting, without a default
     * @throws IllegalArgumentException if the name does not start with {@link #PREFIX} or is not in kebab-case
     */
    public static Setting<String> text(String name, String meaning) {
        return declare(name, meaning, SettingType.ofText());
    }

    /**
     * Declares a text that appears in no message, no log and no {@code toString}: a password, a key, or an address that may
     * contain one. It may be empty, and white space around it belongs to it.
     *
     * @param name the full name
     * @param meaning one sentence for the documentation
     * @return the setting, without a default
     * @throws IllegalArgumentException if the name does not start with {@link #PREFIX} or is not in kebab-case
     */
    public static Setting<String> secret(String name, String meaning) {
        return declare(name, meaning, SettingType.ofSecret());
    }

    /**
     * Declares a switch, written {@code true} or {@code false}.
     *
     * @param name the full name
     * @param meaning one sentence for the documentation
     * @return the setting, without a default
     * @throws IllegalArgumentException if the name does not start with {@link #PREFIX} or is not in kebab-case
     */
    public static Setting<Boolean> flag(String name, String meaning) {
        return declare(name, meaning, SettingType.ofFlag());
    }

    /**
     * Declares a choice among the constants of an enum, written in lower-case kebab-case ({@code SAME_SITE} as
     * {@code same-site}).
     *
     * @param name the full name
     * @param meaning one sentence for the documentation
     * @param type the enum whose constants are the choices
     * @param <E> the enum
     * @return the setting, without a default
     * @throws IllegalArgumentException if the name does not start with {@link #PREFIX} or is not in kebab-case
     */
    public static <E extends Enum<E>> Setting<E> choice(String name, String meaning, Class<E> type) {
        return declare(name, meaning, SettingType.ofChoice(type));
    }

    /**
     * Declares a list of texts, separated by commas; blank entries do not count, and the list may be empty.
     *
     * @param name the full name
     * @param meaning one sentence for the documentation
     * @return the setting, without a default
     * @throws IllegalArgumentException if the name does not start with {@link #PREFIX} or is not in kebab-case
     */
    public static Setting<List<String>> list(String name, String meaning) {
        return declare(name, meaning, SettingType.ofList());
    }

    /**
     * Returns this setting with a default.
     *
     * @param value the value that counts when nothing is set
     * @return the setting with the default
     * @throws IllegalArgumentException if the value breaks the bounds or the pattern declared before
     */
    public Setting<T> withDefault(T value) {
        requireNonNull(value, "value");
        if (!allowed(value)) {
            throw new IllegalArgumentException("The default of " + name + " is outside its own bounds");
        }
        return with(new Rules<>(value, null, rules.min, rules.max, rules.pattern, rules.patternWords));
    }

    /**
     * Returns this setting with a note on what counts when nothing is set and the reader works that out itself.
     *
     * @param note what the documentation shows as the default, such as {@code 1/30 of genie.session.idle-timeout}
     * @return the setting with the note; {@link #defaultValue()} is empty
     */
    public Setting<T> withDerivedDefault(String note) {
        requireNonNull(note, "note");
        return with(new Rules<>(null, note, rules.min, rules.max, rules.pattern, rules.patternWords));
    }

    /**
     * Returns this setting with bounds.
     *
     * @param min the smallest value allowed, inclusive
     * @param max the largest value allowed, inclusive
     * @return the setting with the bounds
     * @throws IllegalStateException if values of this type have no order
     * @throws IllegalArgumentException if {@code min} is above {@code max}, or the default is outside
     */
    public Setting<T> withBounds(T min, T max) {
        Comparator<T> order = type.order();
        if (order == null) {
            throw new IllegalStateException(name + " is a " + unit() + " setting, which has no bounds");
        }
        if (order.compare(min, max) > 0) {
            throw new IllegalArgumentException("The bounds of " + name + " are the wrong way round");
        }
        return with(new Rules<>(rules.defaultValue, rules.derivedDefault, min, max, rules.pattern, rules.patternWords))
                .checked();
    }

    /**
     * Returns this setting with a pattern that the whole text, or every entry of the list, must match.
     *
     * @param regex the regular expression
     * @param words what the expression demands, for messages and documentation: completes "must be …"
     * @return the setting with the pattern
     * @throws IllegalStateException if the values are neither texts nor lists
     * @throws IllegalArgumentException if the default does not match
     */
    public Setting<T> withPattern(String regex, String words) {
        if (!type.kind().allowsPattern()) {
            throw new IllegalStateException(name + " is a " + unit() + " setting, which has no pattern");
        }
        return with(new Rules<>(
                        rules.defaultValue,
                        rules.derivedDefault,
                        rules.min,
                        rules.max,
                        Pattern.compile(regex),
                        requireNonNull(words, "words")))
                .checked();
    }

    private Setting<T> with(Rules<T> changed) {
        return new Setting<>(name, meaning, type, changed);
    }

    private Setting<T> checked() {
        return rules.defaultValue == null ? this : withDefault(rules.defaultValue);
    }

    /**
     * Returns the full name.
     *
     * @return the name, starting with {@link #PREFIX}
     */
    public String name() {
        return name;
    }

    /**
     * Returns the name of the environment variable of this setting: upper case, with {@code _} for {@code .} and {@code -}.
     *
     * @return the variable's name, such as {@code GENIE_SESSION_IDLE_TIMEOUT}
     */
    public String environmentName() {
        return environmentName(name);
    }

    static String environmentName(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /**
     * Returns what the setting means.
     *
     * @return one sentence
     */
    public String meaning() {
        return meaning;
    }

    /**
     * Returns what a value is, for the settings table.
     *
     * @return such as {@code duration}, {@code size} or {@code text}
     */
    public String unit() {
        return type.kind().unit();
    }

    /**
     * Returns the default.
     *
     * @return the value that counts when nothing is set, or empty if there is none or it is worked out from other settings
     */
    public Optional<T> defaultValue() {
        return Optional.ofNullable(rules.defaultValue);
    }

    /**
     * Returns the default as the settings table shows it.
     *
     * @return the default as it would be written, a note on how it is worked out, or empty text if there is none
     */
    public String defaultText() {
        if (rules.derivedDefault != null) {
            return rules.derivedDefault;
        }
        return rules.defaultValue == null || isSecret() ? "" : write(rules.defaultValue);
    }

    /**
     * Returns which values are allowed, as the settings table shows it.
     *
     * @return such as {@code 1s to 1d}; empty text if every value of the type is allowed
     */
    public String boundsText() {
        if (rules.min != null && rules.max != null) {
            return write(rules.min) + " to " + write(rules.max);
        }
        if (rules.patternWords != null) {
            return rules.patternWords;
        }
        return type.kind() == SettingType.Kind.CHOICE ? type.requirement() : "";
    }

    /**
     * Says whether the value must never be shown.
     *
     * @return true for a setting declared by {@link #secret}
     */
    public boolean isSecret() {
        return type.kind() == SettingType.Kind.SECRET;
    }

    /**
     * Returns a value in the form in which it is written in a settings file.
     *
     * @param value the value; a secret's is returned as it is, and is the caller's to keep
     * @return a text that reads as the same value
     */
    public String write(T value) {
        return type.writer().apply(requireNonNull(value, "value"));
    }

    /**
     * Reads a value.
     *
     * @param text the value as written
     * @param origin where the text comes from, for the message: such as {@code system property genie.session.idle-timeout}
     * @return the value, within the bounds
     * @throws SessionConfigException if the text is no value of this type or is outside the bounds; the message names the
     *     setting, the origin, the bounds and the accepted forms, and shows the text unless the setting is a secret
     */
    public T read(String text, String origin) {
        String trimmed = isSecret() ? text : text.strip();
        if (trimmed.isEmpty() && !type.kind().allowsEmpty()) {
            throw refusal(trimmed, origin);
        }
        return type.reader().apply(trimmed).filter(this::allowed).orElseThrow(() -> refusal(trimmed, origin));
    }

    private boolean allowed(T value) {
        return withinBounds(value) && matchesPattern(value);
    }

    private boolean withinBounds(T value) {
        Comparator<T> order = type.order();
        return order == null
                || rules.min == null
                || rules.max == null
                || (order.compare(value, rules.min) >= 0 && order.compare(value, rules.max) <= 0);
    }

    private boolean matchesPattern(T value) {
        Pattern pattern = rules.pattern;
        if (pattern == null) {
            return true;
        }
        return value instanceof List<?> entries
                ? entries.stream()
                        .allMatch(entry -> pattern.matcher(entry.toString()).matches())
                : pattern.matcher(value.toString()).matches();
    }

    private SessionConfigException refusal(String text, String origin) {
        return new SessionConfigException(
                name + " (" + origin + ") " + shown(text) + ", but must be " + requirement() + ". " + advice());
    }

    private String shown(String text) {
        if (isSecret()) {
            return "has a value that is not shown";
        }
        return text.isEmpty() ? "is empty" : "is " + quote(text);
    }

    private String requirement() {
        String pattern = rules.patternWords;
        if (pattern != null) {
            return type.kind() == SettingType.Kind.LIST ? "a list of " + pattern : pattern;
        }
        return rules.min == null ? type.requirement() : type.requirement() + " from " + boundsText();
    }

    private String advice() {
        StringBuilder advice = new StringBuilder();
        if (rules.pattern == null || type.kind() == SettingType.Kind.LIST) {
            advice.append(type.forms()).append(". ");
        }
        if (!defaultText().isEmpty()) {
            advice.append("Default: ").append(defaultText()).append(". ");
        }
        return advice.append("Meaning: ").append(meaning).toString();
    }

    /** Shows a text in one line and at a bounded length, so that a message cannot be made to look like several. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints()
                .limit(SHOWN_CHARACTERS)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(quoted::appendCodePoint);
        return quoted.append(text.length() > SHOWN_CHARACTERS ? "…\"" : "\"").toString();
    }

    /**
     * Returns the full name.
     *
     * @return {@link #name()}
     */
    @Override
    public String toString() {
        return name;
    }
}
