package io.geniesession.internal;

import io.geniesession.spi.Setting;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The names that can be set, and what to say about one that cannot. Immutable. */
final class SettingNames {

    static final String VARIABLE_PREFIX = "GENIE_SESSION_";

    /** Settings of artifacts of ours that need not be on the class path, by what follows the prefix. */
    private static final Map<String, String> FAMILIES = Map.of(
            "jdbc", "io.geniesession:genie-session-jdbc",
            "memory", "io.geniesession:genie-session-memory",
            "servlet", "io.geniesession:genie-session-servlet");

    private static final int SHOWN_CHARACTERS = 100;

    private final Map<String, Setting<?>> byName = new TreeMap<>();
    private final Map<String, Setting<?>> byVariable = new HashMap<>();

    SettingNames(Collection<? extends Setting<?>> catalogue) {
        for (Setting<?> setting : catalogue) {
            register(byName, setting.name(), setting);
            register(byVariable, setting.environmentName(), setting);
        }
    }

    private static void register(Map<String, Setting<?>> known, String name, Setting<?> setting) {
        Setting<?> other = known.putIfAbsent(name, setting);
        if (other != null && other != setting) {
            throw new IllegalArgumentException("Two settings are called " + name);
        }
    }

    static String toVariable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    @Nullable
    Setting<?> byName(String name) {
        return byName.get(name);
    }

    @Nullable
    Setting<?> byVariable(String normalised) {
        return byVariable.get(normalised);
    }

    String unknownName(String name, String origin) {
        String what = printable(name) + " (" + printable(origin) + ")";
        return what + fault(name, Setting.PREFIX, Setting::name);
    }

    String unknownVariable(String variable, String normalised) {
        String what = "Environment variable " + printable(variable);
        return what + fault(normalised, VARIABLE_PREFIX, Setting::environmentName);
    }

    private String fault(String name, String prefix, Function<Setting<?>, String> spelling) {
        String artifact = missingArtifact(name);
        if (artifact != null) {
            return " belongs to " + artifact + ", which is not on the class path. Add it, or remove the setting.";
        }
        Setting<?> nearest = nearest(name);
        return nearest == null
                ? " is no setting. Remove it, or take a name from docs/settings.md; names start with " + prefix
                : " is no setting. Did you mean " + spelling.apply(nearest) + "?";
    }

    private @Nullable String missingArtifact(String name) {
        String variable = toVariable(name);
        for (Map.Entry<String, String> family : FAMILIES.entrySet()) {
            String start = VARIABLE_PREFIX + toVariable(family.getKey()) + "_";
            if (variable.startsWith(start) && byVariable.keySet().stream().noneMatch(v -> v.startsWith(start))) {
                return family.getValue();
            }
        }
        return null;
    }

    /** Null if no name is near enough for a typo to be plausible: a third of the letters may differ, four at most. */
    private @Nullable Setting<?> nearest(String name) {
        String letters = letters(name);
        if (letters.length() > SHOWN_CHARACTERS) {
            return null;
        }
        int plausible = Math.max(1, Math.min(4, letters.length() / 3));
        return byName.values().stream()
                .filter(setting -> EditDistance.between(letters, letters(setting.name())) <= plausible)
                .min(Comparator.comparingInt(setting -> EditDistance.between(letters, letters(setting.name()))))
                .orElse(null);
    }

    /** Separators and case are what people get wrong most, so they count for nothing. */
    private static String letters(String name) {
        String bare = name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
        return bare.startsWith("geniesession") ? bare.substring("geniesession".length()) : bare;
    }

    private static String printable(String name) {
        String clean = name.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
        return clean.length() > SHOWN_CHARACTERS ? clean.substring(0, SHOWN_CHARACTERS) + "…" : clean;
    }
}
