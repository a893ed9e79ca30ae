package io.geniesession.internal;

import static java.util.Objects.requireNonNull;

import io.geniesession.SessionConfigException;
import io.geniesession.spi.Setting;
import io.geniesession.spi.Settings;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the settings of all sources, strongest first: code, system properties, environment variables, servlet context
 * parameters, the file {@code genie-session.properties}, defaults of a container.
 *
 * <p>A name that no setting of the catalogue has is refused, wherever it stands, and so is a value outside its bounds, even
 * if a stronger source hides it: what is written down wrong is found on the first start, not when the stronger source goes.
 * All faults are reported together. For use by one thread.
 */
public final class SettingsLoader {

    /** The file on the class path. */
    public static final String FILE = "genie-session.properties";

    /**
     * What an orchestrator puts into the environment of every process near a service called {@code genie-session…}. It
     * shares our prefix by accident, and the application often cannot turn it off.
     */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            ".*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private final SettingNames names;
    private Map<String, String> code = Map.of();
    private Map<String, String> systemProperties = Map.of();
    private Map<String, String> environment = Map.of();
    private Map<String, String> contextParameters = Map.of();
    private Map<String, String> defaults = Map.of();
    private String defaultsOrigin = "";
    private @Nullable ClassLoader classLoader;

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> origins = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    private SettingsLoader(Collection<? extends Setting<?>> catalogue) {
        this.names = new SettingNames(catalogue);
    }

    /**
     * Prepares loading from no source at all.
     *
     * @param catalogue every setting there is: of the core, of all adapters found and of the binding
     * @return a loader, good for one {@link #load()}
     * @throws IllegalArgumentException if two different settings have one name, or one environment variable
     */
    public static SettingsLoader ofNothing(Collection<? extends Setting<?>> catalogue) {
        return new SettingsLoader(catalogue);
    }

    /**
     * Prepares loading from the system properties and the environment of this process.
     *
     * @param catalogue every setting there is: of the core, of all adapters found and of the binding
     * @return a loader, good for one {@link #load()}
     * @throws IllegalArgumentException if two different settings have one name, or one environment variable
     */
    public static SettingsLoader ofThisProcess(Collection<? extends Setting<?>> catalogue) {
        Map<String, String> properties = new TreeMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            properties.put(name, System.getProperty(name, ""));
        }
        return new SettingsLoader(catalogue).systemProperties(properties).environment(System.getenv());
    }

    /**
     * Adds settings made by code.
     *
     * @param settings values by full name; every name must be known
     * @return this loader
     */
    public SettingsLoader code(Map<String, String> settings) {
        this.code = Map.copyOf(settings);
        return this;
    }

    /**
     * Adds system properties.
     *
     * @param properties properties; those outside {@code genie.session.*} do not count
     * @return this loader
     */
    public SettingsLoader systemProperties(Map<String, String> properties) {
        this.systemProperties = Map.copyOf(properties);
        return this;
    }

    /**
     * Adds environment variables.
     *
     * @param variables variables; those outside {@code GENIE_SESSION_*} do not count
     * @return this loader
     */
    public SettingsLoader environment(Map<String, String> variables) {
        this.environment = Map.copyOf(variables);
        return this;
    }

    /**
     * Adds servlet context parameters.
     *
     * @param parameters parameters; those outside {@code genie.session.*} do not count
     * @return this loader
     */
    public SettingsLoader contextParameters(Map<String, String> parameters) {
        this.contextParameters = Map.copyOf(parameters);
        return this;
    }

    /**
     * Adds the file {@value #FILE}, if there is one.
     *
     * @param loader the class loader that finds the file
     * @return this loader
     */
    public SettingsLoader classLoader(ClassLoader loader) {
        this.classLoader = requireNonNull(loader, "loader");
        return this;
    }

    /**
     * Adds what a container says about sessions in its own terms, weaker than every other source.
     *
     * @param settings values by full name; every name must be known
     * @param origin where the values come from, for messages
     * @return this loader
     */
    public SettingsLoader defaults(Map<String, String> settings, String origin) {
        this.defaults = Map.copyOf(settings);
        this.defaultsOrigin = requireNonNull(origin, "origin");
        return this;
    }

    /**
     * Gathers the settings.
     *
     * @return the settings, each from the strongest source that has it
     * @throws SessionConfigException if a name is unknown, a value is outside its bounds, or the file cannot be read, is
     *     there more than once or is not UTF-8; the message names every fault with its place and how to mend it, and no
     *     value of an unknown name or of a secret
     */
    public Settings load() {
        readNamed(sorted(code), name -> "code", true);
        readNamed(sorted(systemProperties), name -> "system property " + name, false);
        readEnvironment();
        readNamed(sorted(contextParameters), name -> "servlet context parameter " + name, false);
        readFile();
        readNamed(sorted(defaults), name -> defaultsOrigin, true);
        failOnFaults();
        return Settings.of(values, origins);
    }

    private static Map<String, String> sorted(Map<String, String> source) {
        return new TreeMap<>(source);
    }

    private void readNamed(Map<String, String> source, UnaryOperator<String> origin, boolean ours) {
        source.forEach((name, text) -> {
            if (ours || name.startsWith(Setting.PREFIX)) {
                accept(name, text, origin.apply(name));
            }
        });
    }

    private void readEnvironment() {
        Map<String, String> seen = new TreeMap<>();
        sorted(environment).forEach((variable, text) -> {
            String normalised = SettingNames.toVariable(variable);
            if (normalised.startsWith(SettingNames.VARIABLE_PREFIX)) {
                String other = seen.put(normalised, variable);
                if (other == null) {
                    acceptVariable(variable, normalised, text);
                } else {
                    faults.add("The environment variables " + other + " and " + variable
                            + " are one setting spelled in two ways. Keep one of them.");
                }
            }
        });
    }

    private void acceptVariable(String variable, String normalised, String text) {
        Setting<?> setting = names.byVariable(normalised);
        if (setting != null) {
            accept(setting.name(), text, "environment variable " + variable);
        } else if (!SERVICE_LINK.matcher(normalised).matches()) {
            faults.add(names.unknownVariable(variable, normalised));
        }
    }

    private void readFile() {
        if (classLoader == null) {
            return;
        }
        try {
            URL file = SettingsFile.find(classLoader, FILE);
            if (file != null) {
                readNamed(SettingsFile.read(file), name -> "file " + FILE, true);
            }
        } catch (SessionConfigException e) {
            faults.add(String.valueOf(e.getMessage()));
        }
    }

    private void accept(String name, String text, String origin) {
        Setting<?> setting = names.byName(name);
        if (setting == null) {
            faults.add(names.unknownName(name, origin));
            return;
        }
        try {
            setting.read(text, origin);
        } catch (SessionConfigException e) {
            faults.add(String.valueOf(e.getMessage()));
        }
        if (values.putIfAbsent(name, text) == null) {
            origins.put(name, origin);
        }
    }

    private void failOnFaults() {
        if (faults.size() == 1) {
            throw new SessionConfigException(faults.get(0));
        }
        if (!faults.isEmpty()) {
            throw new SessionConfigException(faults.size() + " settings are wrong:\n- " + String.join("\n- ", faults));
        }
    }
}
