package io.geniesession.internal;

import io.geniesession.spi.Setting;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final Pattern NO_PART_OF_A_NAME = Pattern.compile("[^\\p{L}\\p{N}._\\-\\p{Cc}\\p{Cf}]");

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
        String shown = withoutValue(name);
        String what = printable(shown) + " (" + printable(origin.replace(name, shown)) + ")";
        return what + fault(name, Setting.PREFIX, Setting::name);
    }

    String unknownVariable(String variable, String normalised) {
        String what = "Environment variable " + printable(withoutValue(variable));
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

    /** Ends where a value may have run into the name, as in {@code -Dname:value}, for the value may be a secret. */
    private String withoutValue(String name) {
        Matcher other = NO_PART_OF_A_NAME.matcher(name);
        int end = other.find() ? other.start() : name.length();
        for (Setting<?> setting : byName.values()) {
            for (String spelling : List.of(setting.name(), setting.environmentName())) {
                if (setting.isSecret() && name.regionMatches(true, 0, spelling, 0, spelling.length())) {
                    end = Math.min(end, spelling.length());
                }
            }
        }
        return end == name.length() ? name : name.substring(0, end) + "…";
    }

    private static String printable(String name) {
        String clean = name.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
        return clean.length() > SHOWN_CHARACTERS ? clean.substring(0, SHOWN_CHARACTERS) + "…" : clean;
    }
}
