package io.geniesession.spi;

import static java.util.Objects.requireNonNull;

import io.geniesession.SessionConfigException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The values that were set, of all sources, each with the place it comes from.
 *
 * <p>A value is read and checked whenever it is asked for; settings are meant to be read at start-up. Immutable.
 */
public final class Settings {

    private static final String CODE = "code";
    private static final String DEFAULT = "default";

    /** The texts as they were set, by full name, so that no typed value outlives its setting's declaration. */
    private final SortedMap<String, Entry> entries;

    private record Entry(String text, String origin) {}

    private Settings(SortedMap<String, Entry> entries) {
        this.entries = entries;
    }

    /**
     * Returns settings that come from code.
     *
     * @param values the values as they would be written in a settings file, by full name
     * @return the settings; names are not checked against a catalogue
     */
    public static Settings of(Map<String, String> values) {
        return of(values, Map.of());
    }

    /**
     * Returns settings that come from several places.
     *
     * @param values the values as they would be written in a settings file, by full name
     * @param origins the places for messages, by full name; a name without one comes from {@code code}
     * @return the settings; names are not checked against a catalogue
     */
    public static Settings of(Map<String, String> values, Map<String, String> origins) {
        SortedMap<String, Entry> entries = new TreeMap<>();
        values.forEach((name, text) ->
                entries.put(name, new Entry(requireNonNull(text, name), origins.getOrDefault(name, CODE))));
        return new Settings(entries);
    }

    /**
     * Returns these settings with one value set by code.
     *
     * @param setting the setting
     * @param value its value, which replaces any value set before
     * @param <T> the type of the value
     * @return settings that hold the value
     * @throws SessionConfigException if the value is outside the setting's bounds, or is a text with white space around it or a list
     *     with an entry that is blank or holds a comma
     */
    public <T> Settings with(Setting<T> setting, T value) {
        String text = setting.write(value);
        if (!setting.read(text, CODE).equals(value)) {
            throw new SessionConfigException(
                    setting.name() + " (" + CODE + ") has white space around a text, or a comma,"
                            + " white space or nothing as an entry of a list, which no setting can hold. Remove it.");
        }
        SortedMap<String, Entry> changed = new TreeMap<>(entries);
        changed.put(setting.name(), new Entry(text, CODE));
        return new Settings(changed);
    }

    /**
     * Returns the value of a setting, or its default.
     *
     * @param setting the setting
     * @param <T> the type of the value
     * @return the value
     * @throws SessionConfigException if the value cannot be read or is outside the bounds, or if nothing is set and the
     *     setting has no default
     */
    public <T> T get(Setting<T> setting) {
        return find(setting)
                .orElseThrow(() -> new SessionConfigException(setting.name()
                        + " is not set and has no default. Set it in code, as system property "
                        + setting.name()
                        + ", as environment variable "
                        + setting.environmentName()
                        + ", as servlet context parameter or in genie-session.properties."));
    }

    /**
     * Returns the value of a setting, or its default if it has one.
     *
     * @param setting the setting
     * @param <T> the type of the value
     * @return the value, or empty if nothing is set and the setting has no default
     * @throws SessionConfigException if the value cannot be read or is outside the bounds
     */
    public <T> Optional<T> find(Setting<T> setting) {
        Entry entry = entries.get(setting.name());
        return entry == null ? setting.defaultValue() : Optional.of(setting.read(entry.text, entry.origin));
    }

    /**
     * Says where the value of a setting comes from, for messages.
     *
     * @param setting the setting
     * @return such as {@code system property genie.session.idle-timeout}; {@code default} if nothing is set
     */
    public String origin(Setting<?> setting) {
        Entry entry = entries.get(setting.name());
        return entry == null ? DEFAULT : entry.origin;
    }

    /**
     * Says whether a setting was set.
     *
     * @param setting the setting
     * @return false if only its default, if any, counts
     */
    public boolean isSet(Setting<?> setting) {
        return entries.containsKey(setting.name());
    }

    /**
     * Returns the names of what was set.
     *
     * @return full names, in their natural order
     */
    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(entries.keySet()));
    }

    /**
     * Returns the names of what was set, without any value.
     *
     * @return a text that is safe to log
     */
    @Override
    public String toString() {
        return "Settings" + entries.keySet();
    }
}
