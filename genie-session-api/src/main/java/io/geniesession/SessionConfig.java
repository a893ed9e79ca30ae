package io.geniesession;

import static java.util.Objects.requireNonNull;

import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.Setting;
import io.geniesession.spi.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values that decide how sessions behave, checked one by one and against each other.
 *
 * <p>Each value is one of {@link CoreSettings}; what is not set has its default. A value given to the builder counts as set
 * by code and is stronger than every other source. Immutable.
 */
public final class SessionConfig {

    /** The default quantum is the idle timeout divided by this. */
    private static final int QUANTA_PER_IDLE_TIMEOUT = 30;

    /** The default quantum of sessions that never end by idling: that of the default idle timeout. */
    private static final Duration QUANTUM_OF_NEVER = Duration.ofMinutes(1);

    private final Settings settings;
    private final Clock clock;
    private final ClassLoader classLoader;
    private final @Nullable String adapter;
    private final String application;
    private final Duration idleTimeout;
    private final Duration emptyIdleTimeout;
    private final Duration lifetime;
    private final @Nullable Duration quantum;
    private final int maxSessionsPerPrincipal;
    private final CookieConfig cookie;
    private final List<String> types;
    private final TypesMode typesMode;
    private final Undecodable undecodable;
    private final View view;
    private final long maxAttributeSize;
    private final long maxSessionSize;
    private final int maxAttributes;
    private final boolean sweep;
    private final Duration sweepInterval;
    private final Duration sweepMargin;
    private final int sweepBatch;
    private final int sweepRest;
    private final Duration updateDeadline;

    /** What happens to a value of a class that is not on the list of allowed types. */
    public enum TypesMode {
        /** The value is refused. */
        ENFORCE,
        /** The value is accepted, and the line to add to the list is logged once per class. */
        REPORT
    }

    /** What happens when a stored attribute cannot be decoded. */
    public enum Undecodable {
        /** It counts as not set; its bytes stay stored for nodes that understand them. */
        ABSENT,
        /** Reading it throws. */
        FAIL
    }

    /** What becomes of data that was stored before keys were in use. */
    public enum Unprotected {
        /** It is read. */
        ACCEPT,
        /** It counts as unreadable, or unknown. */
        REFUSE
    }

    /** What requests of one session that run at the same time on one node see of each other. */
    public enum View {
        /** Each works on a view of its own: the session as it was loaded, and its own changes. */
        REQUEST,
        /** They share one view: the same objects, and changes are seen at once. */
        SHARED
    }

    private SessionConfig(Settings settings, CookieConfig cookie, Clock clock, ClassLoader classLoader) {
        this.settings = settings;
        this.clock = clock;
        this.classLoader = classLoader;
        this.adapter = settings.find(CoreSettings.ADAPTER).orElse(null);
        this.application = settings.get(CoreSettings.APPLICATION);
        this.idleTimeout = settings.get(CoreSettings.IDLE_TIMEOUT);
        this.emptyIdleTimeout = settings.find(CoreSettings.EMPTY_IDLE_TIMEOUT).orElse(idleTimeout);
        this.lifetime = settings.get(CoreSettings.LIFETIME);
        this.quantum = settings.find(CoreSettings.QUANTUM).orElse(null);
        this.maxSessionsPerPrincipal = settings.get(CoreSettings.MAX_SESSIONS_PER_PRINCIPAL);
        this.cookie = cookie;
        this.types = settings.get(CoreSettings.TYPES);
        this.typesMode = settings.get(CoreSettings.TYPES_MODE);
        this.undecodable = settings.get(CoreSettings.UNDECODABLE);
        this.view = settings.get(CoreSettings.VIEW);
        this.maxAttributeSize = settings.get(CoreSettings.MAX_ATTRIBUTE_SIZE);
        this.maxSessionSize = settings.get(CoreSettings.MAX_SESSION_SIZE);
        this.maxAttributes = settings.get(CoreSettings.MAX_ATTRIBUTES);
        this.sweep = settings.get(CoreSettings.SWEEP);
        this.sweepInterval = settings.get(CoreSettings.SWEEP_INTERVAL);
        this.sweepMargin = settings.get(CoreSettings.SWEEP_MARGIN);
        this.sweepBatch = settings.get(CoreSettings.SWEEP_BATCH);
        this.sweepRest = settings.get(CoreSettings.SWEEP_REST);
        this.updateDeadline = settings.get(CoreSettings.UPDATE_DEADLINE);
    }

    /**
     * Reads the settings of all applications.
     *
     * @param settings the settings; what they leave out has its default
     * @return the configuration, with the system clock and the context class loader of the calling thread
     * @throws SessionConfigException if a value is outside its bounds, or two contradict each other; the message names the
     *     settings, where they were set, and the bounds
     */
    public static SessionConfig from(Settings settings) {
        return builder(settings).build();
    }

    /**
     * Starts from the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return builder(Settings.of(Map.of()));
    }

    /**
     * Starts from settings, which values given to the builder override.
     *
     * @param settings the settings
     * @return a builder
     */
    public static Builder builder(Settings settings) {
        return new Builder(settings);
    }

    /**
     * Returns the name of the adapter to use.
     *
     * @return the name, or empty: the only one found
     */
    public Optional<String> adapter() {
        return Optional.ofNullable(adapter);
    }

    /**
     * Returns the name that keeps the sessions of several applications in one store apart.
     *
     * @return 1 to 64 letters, digits, {@code _} or {@code -}; default {@code default}
     */
    public String application() {
        return application;
    }

    /**
     * Returns how long a session lives without an access.
     *
     * @return the idle timeout; zero: for ever; default 30 minutes
     */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    /**
     * Returns how long a session that nobody ever wrote to lives without an access.
     *
     * @return at most {@link #idleTimeout()}, which is the default; zero: for ever
     */
    public Duration emptyIdleTimeout() {
        return emptyIdleTimeout;
    }

    /**
     * Returns how long after its creation a session ends however active it is.
     *
     * @return at least {@link #idleTimeout()}; zero, the default: no limit
     */
    public Duration lifetime() {
        return lifetime;
    }

    /**
     * Returns how stale the stored last access may get before a request that only reads writes it.
     *
     * @return less than {@link #idleTimeout()}; default 1/30 of it, or one minute if sessions live for ever
     */
    public Duration quantum() {
        return quantumFor(idleTimeout);
    }

    /**
     * Returns the quantum of a session whose own idle timeout differs from the configured one.
     *
     * @param sessionIdleTimeout the session's idle timeout; zero or negative: it never ends by idling
     * @return the quantum that was set if it is less than this idle timeout or the session never ends by idling; else 1/30 of
     *     the idle timeout, in whole milliseconds, or one minute if the session never ends by idling
     */
    public Duration quantumFor(Duration sessionIdleTimeout) {
        boolean never = sessionIdleTimeout.isNegative() || sessionIdleTimeout.isZero();
        if (quantum != null && (never || quantum.compareTo(sessionIdleTimeout) < 0)) {
            return quantum;
        }
        return never
                ? QUANTUM_OF_NEVER
                : sessionIdleTimeout.dividedBy(QUANTA_PER_IDLE_TIMEOUT).truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Returns how many sessions one principal may have at the same time.
     *
     * @return the limit; zero, the default: none
     */
    public int maxSessionsPerPrincipal() {
        return maxSessionsPerPrincipal;
    }

    /**
     * Returns how the session cookie is written.
     *
     * @return the cookie settings
     */
    public CookieConfig cookie() {
        return cookie;
    }

    /**
     * Returns which classes may be attribute values besides the built-in types.
     *
     * @return classes or packages, such as {@code com.shop.**}; default none
     */
    public List<String> types() {
        return types;
    }

    /**
     * Returns what happens to a value of a class that is not on the list of allowed types.
     *
     * @return the choice; default {@link TypesMode#ENFORCE}
     */
    public TypesMode typesMode() {
        return typesMode;
    }

    /**
     * Returns what happens when a stored attribute cannot be decoded.
     *
     * @return the choice; default {@link Undecodable#ABSENT}
     */
    public Undecodable undecodable() {
        return undecodable;
    }

    /**
     * Returns what requests of one session that run at the same time on one node see of each other.
     *
     * @return the choice; default {@link View#REQUEST}
     */
    public View view() {
        return view;
    }

    /**
     * Returns how large one attribute may be, encoded.
     *
     * @return bytes, at most {@link #maxSessionSize()}; default 2 MB
     */
    public long maxAttributeSize() {
        return maxAttributeSize;
    }

    /**
     * Returns how large all attributes of one session may be together, encoded.
     *
     * @return bytes; default 8 MB
     */
    public long maxSessionSize() {
        return maxSessionSize;
    }

    /**
     * Returns how many attributes one session may have.
     *
     * @return the limit; default 10000
     */
    public int maxAttributes() {
        return maxAttributes;
    }

    /**
     * Says whether this node removes expired sessions.
     *
     * @return default true
     */
    public boolean sweep() {
        return sweep;
    }

    /**
     * Returns how often this node removes expired sessions.
     *
     * @return the interval; default 60 seconds
     */
    public Duration sweepInterval() {
        return sweepInterval;
    }

    /**
     * Returns how long after its expiry a session is removed at the earliest.
     *
     * @return the margin; default 60 seconds
     */
    public Duration sweepMargin() {
        return sweepMargin;
    }

    /**
     * Returns how many sessions one step of the sweep removes at most.
     *
     * @return the limit; default 100
     */
    public int sweepBatch() {
        return sweepBatch;
    }

    /**
     * Returns how many times as long as a full step of the sweep took it rests before the next, at most a second. When a turn of
     * the sweep has lasted for the interval and more is left, the next follows at once and its rests are half as long.
     *
     * @return the multiple; default 50
     */
    public int sweepRest() {
        return sweepRest;
    }

    /**
     * Returns how long an atomic update waits and retries before it fails with a conflict.
     *
     * @return the deadline; default 5 seconds
     */
    public Duration updateDeadline() {
        return updateDeadline;
    }

    /**
     * Returns the clock that writes and judges every moment.
     *
     * @return default {@link Clock#systemUTC()}
     */
    public Clock clock() {
        return clock;
    }

    /**
     * Returns the class loader that finds adapters and the classes of attribute values.
     *
     * @return default the context class loader of the thread that built this configuration
     */
    public ClassLoader classLoader() {
        return classLoader;
    }

    /**
     * Returns the settings that this configuration was read from, those of the adapter among them.
     *
     * @return the settings, with what was given to the builder; a {@link CookieConfig} given to it is in {@link #cookie()} only
     */
    public Settings settings() {
        return settings;
    }

    private SessionConfig checked() {
        if (isPositive(idleTimeout)) {
            requireBelowIdleTimeout();
        }
        if (maxAttributeSize > maxSessionSize) {
            throw contradiction(CoreSettings.MAX_ATTRIBUTE_SIZE, "must be at most", CoreSettings.MAX_SESSION_SIZE);
        }
        return this;
    }

    private void requireBelowIdleTimeout() {
        if (quantum != null && quantum.compareTo(idleTimeout) >= 0) {
            throw contradiction(CoreSettings.QUANTUM, "must be less than", CoreSettings.IDLE_TIMEOUT);
        }
        if (!isPositive(emptyIdleTimeout) || emptyIdleTimeout.compareTo(idleTimeout) > 0) {
            throw contradiction(
                    CoreSettings.EMPTY_IDLE_TIMEOUT,
                    "(0 = never) must be more than 0 and at most",
                    CoreSettings.IDLE_TIMEOUT);
        }
        if (isPositive(lifetime) && lifetime.compareTo(idleTimeout) < 0) {
            throw contradiction(CoreSettings.LIFETIME, "must be 0 (no limit) or at least", CoreSettings.IDLE_TIMEOUT);
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }

    private SessionConfigException contradiction(Setting<?> wrong, String relation, Setting<?> other) {
        return new SessionConfigException(
                stated(wrong) + " " + relation + " " + stated(other) + ". Change one of the two.");
    }

    private <T> String stated(Setting<T> setting) {
        return setting.name() + "=" + setting.write(settings.get(setting)) + " (" + settings.origin(setting) + ")";
    }

    /**
     * Returns the most telling values; no secret is among them.
     *
     * @return a text that is safe to log
     */
    @Override
    public String toString() {
        return "SessionConfig[application=" + application
                + ", idleTimeout=" + idleTimeout
                + ", lifetime=" + lifetime
                + ", quantum=" + quantum()
                + ", " + cookie + "]";
    }

    /**
     * Builds a {@link SessionConfig}. Each value is checked when it is given, the combination by {@link #build()}. For use by
     * one thread.
     */
    public static final class Builder {

        private Settings settings;
        private @Nullable CookieConfig cookie;
        private Clock clock = Clock.systemUTC();
        private @Nullable ClassLoader classLoader;

        private Builder(Settings settings) {
            this.settings = requireNonNull(settings, "settings");
        }

        /**
         * Sets the name of the adapter to use, needed only if several are on the class path.
         *
         * @param adapter the name, in kebab-case
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder adapter(String adapter) {
            return set(CoreSettings.ADAPTER, adapter);
        }

        /**
         * Sets the name that keeps the sessions of several applications in one store apart.
         *
         * @param application 1 to 64 letters, digits, {@code _} or {@code -}
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder application(String application) {
            return set(CoreSettings.APPLICATION, application);
        }

        /**
         * Sets how long a session lives without an access.
         *
         * @param idleTimeout from zero, which means for ever, to 3650 days
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder idleTimeout(Duration idleTimeout) {
            return set(CoreSettings.IDLE_TIMEOUT, idleTimeout);
        }

        /**
         * Sets how long a session that nobody ever wrote to lives without an access.
         *
         * @param emptyIdleTimeout from zero, which means for ever, to the idle timeout
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder emptyIdleTimeout(Duration emptyIdleTimeout) {
            return set(CoreSettings.EMPTY_IDLE_TIMEOUT, emptyIdleTimeout);
        }

        /**
         * Sets how long after its creation a session ends however active it is.
         *
         * @param lifetime zero, which means no limit, or from the idle timeout to 3650 days
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder lifetime(Duration lifetime) {
            return set(CoreSettings.LIFETIME, lifetime);
        }

        /**
         * Sets how stale the stored last access may get before a request that only reads writes it.
         *
         * @param quantum from zero, which means that every request writes, to less than the idle timeout
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder quantum(Duration quantum) {
            return set(CoreSettings.QUANTUM, quantum);
        }

        /**
         * Sets how many sessions one principal may have at the same time; the oldest end first.
         *
         * @param maxSessionsPerPrincipal from 0, which means no limit, to 100000
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder maxSessionsPerPrincipal(int maxSessionsPerPrincipal) {
            return set(CoreSettings.MAX_SESSIONS_PER_PRINCIPAL, maxSessionsPerPrincipal);
        }

        /**
         * Sets how the session cookie is written.
         *
         * @param cookie the cookie settings, which replace all that were set before
         * @return this builder
         */
        public Builder cookie(CookieConfig cookie) {
            this.cookie = requireNonNull(cookie, "cookie");
            return this;
        }

        /**
         * Sets which classes may be attribute values besides the built-in types.
         *
         * @param types classes or packages, such as {@code com.shop.**}
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder types(List<String> types) {
            return set(CoreSettings.TYPES, types);
        }

        /**
         * Sets what happens to a value of a class that is not on the list of allowed types.
         *
         * @param typesMode the choice
         * @return this builder
         */
        public Builder typesMode(TypesMode typesMode) {
            return set(CoreSettings.TYPES_MODE, typesMode);
        }

        /**
         * Sets what happens when a stored attribute cannot be decoded.
         *
         * @param undecodable the choice
         * @return this builder
         */
        public Builder undecodable(Undecodable undecodable) {
            return set(CoreSettings.UNDECODABLE, undecodable);
        }

        /**
         * Sets what requests of one session that run at the same time on one node see of each other.
         *
         * @param view the choice
         * @return this builder
         */
        public Builder view(View view) {
            return set(CoreSettings.VIEW, view);
        }

        /**
         * Sets how large one attribute may be, encoded.
         *
         * @param maxAttributeSize bytes, from 1 to 64 MB and at most the limit of the session
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder maxAttributeSize(long maxAttributeSize) {
            return set(CoreSettings.MAX_ATTRIBUTE_SIZE, maxAttributeSize);
        }

        /**
         * Sets how large all attributes of one session may be together, encoded.
         *
         * @param maxSessionSize bytes, from 1 to 256 MB
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder maxSessionSize(long maxSessionSize) {
            return set(CoreSettings.MAX_SESSION_SIZE, maxSessionSize);
        }

        /**
         * Sets how many attributes one session may have.
         *
         * @param maxAttributes from 1 to 1000000
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder maxAttributes(int maxAttributes) {
            return set(CoreSettings.MAX_ATTRIBUTES, maxAttributes);
        }

        /**
         * Sets whether this node removes expired sessions; at least one node has to.
         *
         * @param sweep false to leave it to other nodes
         * @return this builder
         */
        public Builder sweep(boolean sweep) {
            return set(CoreSettings.SWEEP, sweep);
        }

        /**
         * Sets how often this node removes expired sessions.
         *
         * @param sweepInterval from 1 second to 1 day
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder sweepInterval(Duration sweepInterval) {
            return set(CoreSettings.SWEEP_INTERVAL, sweepInterval);
        }

        /**
         * Sets how long after its expiry a session is removed at the earliest.
         *
         * @param sweepMargin from zero to 1 hour; allows for clocks that differ
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder sweepMargin(Duration sweepMargin) {
            return set(CoreSettings.SWEEP_MARGIN, sweepMargin);
        }

        /**
         * Sets how many sessions one step of the sweep removes at most.
         *
         * @param sweepBatch from 1 to 10000
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder sweepBatch(int sweepBatch) {
            return set(CoreSettings.SWEEP_BATCH, sweepBatch);
        }

        /**
         * Sets how many times as long as a full step of the sweep took it rests before the next.
         *
         * @param sweepRest from 0, never, to 1000
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder sweepRest(int sweepRest) {
            return set(CoreSettings.SWEEP_REST, sweepRest);
        }

        /**
         * Sets how long an atomic update waits and retries before it fails with a conflict.
         *
         * @param updateDeadline from 10 milliseconds to 5 minutes
         * @return this builder
         * @throws SessionConfigException if the value is outside its bounds
         */
        public Builder updateDeadline(Duration updateDeadline) {
            return set(CoreSettings.UPDATE_DEADLINE, updateDeadline);
        }

        /**
         * Sets the clock that writes and judges every moment.
         *
         * @param clock the clock, one for the whole application
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets the class loader that finds adapters and the classes of attribute values.
         *
         * @param classLoader the class loader of the application
         * @return this builder
         */
        public Builder classLoader(ClassLoader classLoader) {
            this.classLoader = requireNonNull(classLoader, "classLoader");
            return this;
        }

        private <T> Builder set(Setting<T> setting, T value) {
            settings = settings.with(setting, value);
            return this;
        }

        /**
         * Builds the configuration.
         *
         * @return the configuration
         * @throws SessionConfigException if a value of the settings is outside its bounds, or two contradict each other; the
         *     message names the settings, where they were set, and the bounds
         */
        public SessionConfig build() {
            return new SessionConfig(
                            settings,
                            cookie == null ? CookieConfig.from(settings) : cookie,
                            clock,
                            classLoader == null ? contextClassLoader() : classLoader)
                    .checked();
        }

        private static ClassLoader contextClassLoader() {
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            return context == null ? SessionConfig.class.getClassLoader() : context;
        }
    }
}
