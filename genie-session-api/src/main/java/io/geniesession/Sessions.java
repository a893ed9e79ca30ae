package io.geniesession;

import static java.util.Objects.requireNonNull;

import io.geniesession.internal.AdapterDiscovery;
import io.geniesession.internal.SettingsLoader;
import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.KeySource;
import io.geniesession.spi.SessionAdapterProvider;
import io.geniesession.spi.Setting;
import io.geniesession.spi.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one application: the entry to everything.
 *
 * <pre>{@code
 * try (Sessions sessions = Sessions.open()) {        // the adapter on the class path, all settings at their defaults
 *   Session session = sessions.start(exchange);      // of the request's cookie, or new
 *   session.set("cart", List.of("tea", "cake"));
 *   sessions.persist(session);                       // before the response is sent; sets the cookie if there is a new id
 * }
 * }</pre>
 *
 * <p>In a servlet container {@code genie-session-servlet} makes these calls; {@code request.getSession()} is all an
 * application needs there.
 *
 * <p>An open instance owns its adapter and a thread that sweeps expired sessions. Safe for use by several threads.
 */
public final class Sessions implements AutoCloseable {
    private final SessionRuntime runtime;
    private final SessionOpener opener;
    private final Sweeper sweeper;

    private Sessions(SessionRuntime runtime) {
        this.runtime = runtime;
        this.opener = new SessionOpener(runtime);
        this.sweeper = new Sweeper(runtime);
        sweeper.start();
    }

    /**
     * Opens the sessions with the settings found in system properties, environment and class path, and the adapter found on the
     * class path.
     *
     * @return the sessions, to be closed by the caller
     * @throws SessionConfigException if a setting is wrong, or none or several adapters are found and no setting decides
     * @throws SessionStoreException if the store does not answer
     */
    public static Sessions open() {
        return builder().open();
    }

    /**
     * Opens the sessions of a configuration made in code, with the adapter that it names, otherwise the one on the class path.
     *
     * @param config the configuration
     * @return the sessions, to be closed by the caller
     * @throws SessionConfigException if none or several adapters are found and the configuration names none
     * @throws SessionStoreException if the store does not answer
     */
    public static Sessions open(SessionConfig config) {
        List<SessionAdapterProvider> found = AdapterDiscovery.find(config.classLoader());
        Notifier notifier = new Notifier(List.of(), Notifier.NO_METER);
        return new Sessions(
                new SessionRuntime(config, notifier, AdapterDiscovery.choose(found, config.adapter()), null));
    }

    /**
     * Begins to configure sessions in code.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the settings in force.
     *
     * @return the configuration
     */
    public SessionConfig config() {
        return runtime.config();
    }

    /**
     * Returns the id of the exchange's session: from the request, else from the response, else new. An id that a client sends
     * and the store does not know is never adopted.
     *
     * @param exchange the request and its response
     * @return the secret id; for a session that is not stored yet the one it will have
     * @throws SessionStoreException if the store could not be asked
     */
    public SessionId id(Exchange exchange) {
        return ((LiveSession) session(exchange)).secret();
    }

    /**
     * Returns the session of this exchange, which is the same each time; it is started if it was not. After it has ended, a new
     * one begins.
     *
     * @param exchange the request and its response
     * @return the session
     * @throws SessionStoreException if the store could not be asked
     */
    public Session session(Exchange exchange) {
        return start(exchange);
    }

    /**
     * Starts the session of this exchange: the one that a cookie of the request opens, otherwise a new one under a new id.
     * Nothing is stored and no cookie set before the session is persisted with something in it.
     *
     * @param exchange the request and its response
     * @return the session, attached to the exchange
     * @throws SessionStoreException if the store could not be asked; the client's cookie is left as it is
     */
    public Session start(Exchange exchange) {
        return start(exchange, SessionOpener.AS_CONFIGURED);
    }

    /**
     * Starts the session of this exchange with other settings for its cookie; otherwise as {@link #start(Exchange)}.
     *
     * @param exchange the request and its response
     * @param cookie changes the configured cookie settings, such as {@code c -> c.path("/shop")}
     * @return the session, attached to the exchange; one that was attached before keeps its cookie settings
     * @throws SessionConfigException if the cookie's settings contradict each other
     * @throws SessionStoreException if the store could not be asked
     */
    public Session start(Exchange exchange, Consumer<CookieConfig.Builder> cookie) {
        requireNonNull(exchange, "exchange");
        requireNonNull(cookie, "cookie");
        return opener.start(exchange, cookie);
    }

    /**
     * Starts the session that this id opens, whatever the request's cookies say. If the id opens none, a new session under a new
     * id begins: nobody chooses an id. If the request did not come with the id, the cookie is set at once.
     *
     * @param id the id
     * @param exchange the request and its response
     * @return the session, attached to the exchange instead of an earlier one
     * @throws SessionStoreException if the store could not be asked
     */
    public Session start(SessionId id, Exchange exchange) {
        return start(id, exchange, SessionOpener.AS_CONFIGURED);
    }

    /**
     * Starts the session that this id opens, with other settings for its cookie; otherwise as
     * {@link #start(SessionId, Exchange)}.
     *
     * @param id the id
     * @param exchange the request and its response
     * @param cookie changes the configured cookie settings
     * @return the session, attached to the exchange instead of an earlier one
     * @throws SessionConfigException if the cookie's settings contradict each other
     * @throws SessionStoreException if the store could not be asked
     */
    public Session start(SessionId id, Exchange exchange, Consumer<CookieConfig.Builder> cookie) {
        requireNonNull(id, "id");
        requireNonNull(exchange, "exchange");
        requireNonNull(cookie, "cookie");
        return opener.start(id, exchange, cookie);
    }

    /**
     * Begins a new session that belongs to no exchange. It is stored by its first persist with something in it.
     *
     * @return the session
     */
    public Session create() {
        return LiveSession.begin(runtime, runtime.now(), true);
    }

    /**
     * Loads the session that an id opens. This is an access.
     *
     * @param id the id
     * @return the session, or empty if the id is unknown, given up or the session expired
     * @throws SessionStoreException if the store could not be asked
     */
    public Optional<Session> load(SessionId id) {
        Session session = opener.load(requireNonNull(id, "id"), true);
        return session == null ? Optional.empty() : Optional.of(session);
    }

    /**
     * Loads the session that an id opens, without being an access: reading keeps it alive no longer. Changes that are persisted
     * are an access as always.
     *
     * @param id the id
     * @return the session, or empty if the id is unknown, given up or the session expired
     * @throws SessionStoreException if the store could not be asked
     */
    public Optional<Session> peek(SessionId id) {
        return Optional.ofNullable(opener.load(requireNonNull(id, "id"), false));
    }

    /**
     * Loads the session of this key, without being an access; otherwise as {@link #peek(SessionId)}. For operators, who know
     * keys and never ids.
     *
     * @param key the key
     * @return the session, or empty if it ended
     * @throws SessionStoreException if the store could not be asked
     */
    public Optional<Session> peek(SessionKey key) {
        return opener.load(requireNonNull(key, "key"), false);
    }

    /**
     * Loads the session of this key. This is an access; otherwise as {@link #peek(SessionKey)}.
     *
     * @param key the key
     * @return the session, or empty if it ended
     * @throws SessionStoreException if the store could not be asked
     */
    public Optional<Session> load(SessionKey key) {
        return opener.load(requireNonNull(key, "key"), true);
    }

    /**
     * Persists a session; the same as {@link Session#persist()}.
     *
     * @param session a session of this instance
     * @return what came of it
     * @throws SessionStoreException if the store could not be asked
     */
    public PersistOutcome persist(Session session) {
        return session.persist();
    }

    /**
     * Tells that a request, or whatever else has started or loaded a session, is over. Where requests share a view
     * ({@code genie.session.view=shared}) this request is no longer one of those that hold it; otherwise nothing happens. The
     * servlet binding calls it. A session that is never released is forgotten when nothing refers to it any more. A second call
     * does nothing.
     *
     * @param session a session of this instance, persisted before
     */
    public void release(Session session) {
        ((LiveSession) session).leave();
    }

    /**
     * Lists sessions by a named index, without reading attributes, in the order in which the entry was set.
     *
     * @param index the index, such as {@link Session#PRINCIPAL}
     * @param value its value
     * @param page which part of the listing
     * @return the page
     * @throws UnsupportedOperationException if the adapter cannot find sessions by index
     * @throws SessionStoreException if the store could not be asked
     */
    public Page<SessionInfo> find(String index, String value, PageRequest page) {
        return indexed().find(new IndexEntry(index, value), runtime.now(), page);
    }

    /**
     * Lists all sessions of a principal, the one signed in first at the head.
     *
     * @param principal who is signed in
     * @return the sessions
     * @throws UnsupportedOperationException if the adapter cannot find sessions by index
     * @throws SessionStoreException if the store could not be asked
     */
    public List<SessionInfo> ofPrincipal(String principal) {
        return runtime.all(new IndexEntry(Session.PRINCIPAL, principal));
    }

    /**
     * Counts sessions by a named index.
     *
     * @param index the index, such as {@link Session#PRINCIPAL}
     * @param value its value
     * @return how many live sessions have it
     * @throws UnsupportedOperationException if the adapter cannot find sessions by index
     * @throws SessionStoreException if the store could not be asked
     */
    public long count(String index, String value) {
        return indexed().count(new IndexEntry(index, value), runtime.now());
    }

    /**
     * Counts all live sessions, which may take a while in a large store.
     *
     * @return how many
     * @throws SessionStoreException if the store could not be asked
     */
    public long count() {
        return runtime.adapter().count(runtime.now());
    }

    /**
     * Ends a session, on all nodes at once: a request that has it loaded can save nothing to it any more.
     *
     * @param key the session's key
     * @return false if it had ended before
     * @throws SessionStoreException if the store could not be asked
     */
    public boolean end(SessionKey key) {
        return runtime.end(requireNonNull(key, "key"), runtime.now());
    }

    /**
     * Ends all sessions that have this value in a named index, such as all of one principal ("sign out everywhere").
     *
     * @param index the index, such as {@link Session#PRINCIPAL}
     * @param value its value
     * @param except sessions to be left alone, such as the one that asks
     * @return how many ended
     * @throws UnsupportedOperationException if the adapter cannot find sessions by index
     * @throws SessionStoreException if the store could not be asked; some may have ended
     */
    public int endAll(String index, String value, SessionKey... except) {
        var ended = indexed().deleteAll(new IndexEntry(index, value), Set.of(except), runtime.now(), runtime.detail());
        ended.forEach(runtime::ended);
        return ended.size();
    }

    /**
     * Returns the public ids under which the store may know a secret. There are several while the keys of
     * {@code genie.session.id-digest.keys} are being changed.
     *
     * @param id the secret
     * @return the public ids, the one that a new session would have first; {@link SessionId#publicId()} alone if there are no
     *     keys
     */
    public List<String> publicIds(SessionId id) {
        requireNonNull(id, "id");
        return runtime.digests().stream()
                .map(digest -> id.with(digest).publicId())
                .toList();
    }

    /**
     * Adds a listener, which hears from now on. One that hears from the very start is handed to
     * {@link Builder#listener}.
     *
     * @param listener hears of sessions that begin, change their id and end
     */
    public void addListener(SessionListener listener) {
        runtime.notifier().add(requireNonNull(listener, "listener"));
    }

    /**
     * Removes a listener, whichever way it was added. Quiet if it is none.
     *
     * @param listener the listener
     */
    public void removeListener(SessionListener listener) {
        runtime.notifier().remove(requireNonNull(listener, "listener"));
    }

    /**
     * Tells whether the adapter keeps values as the objects that they are, so that no bytes are made of them.
     *
     * @return false for every store outside of this process
     */
    public boolean keepsReferences() {
        return runtime.keepsReferences();
    }

    /**
     * Asks the store one harmless question, for health checks.
     *
     * @throws SessionStoreException if the store does not answer
     */
    public void check() {
        runtime.adapter().load(SessionId.generate(), runtime.now());
    }

    /**
     * Takes a turn of the sweep: removes sessions that expired longer ago than the margin, now instead of with the next turn of
     * the background thread, and at its pace: in batches with rests between them, for at most the sweep's interval. Closing and an
     * interrupt, which is kept, end it after a batch. A job that wants all of them removed calls it until it returns 0, or sets
     * {@code genie.session.sweep-rest} to 0 where nobody else uses the store.
     *
     * @return how many were removed; there may be more
     * @throws SessionStoreException if the store could not be asked
     */
    public int sweep() {
        return sweeper.sweep();
    }

    private IndexedSessions indexed() {
        return runtime.indexed();
    }

    /** How many sessions are in use by requests that share a view. */
    int viewsInUse() {
        SharedViews views = runtime.views();
        return views == null ? 0 : views.size();
    }

    /** Stops sweeping and closes the adapter. A second call does nothing. */
    @Override
    public void close() {
        sweeper.close();
        runtime.close();
    }

    /**
     * Configures sessions in code, which is stronger than every other source of settings.
     *
     * <p>Belongs to one thread.
     */
    public static final class Builder {
        private final Map<String, String> values = new LinkedHashMap<>();
        private final List<SessionListener> listeners = new ArrayList<>();
        private Map<String, String> contextParameters = Map.of();
        private Map<String, String> defaults = Map.of();
        private String defaultsOrigin = "";
        private final List<Setting<?>> bindingSettings = new ArrayList<>();
        private Clock clock = Clock.systemUTC();
        private SessionMeter meter = Notifier.NO_METER;
        private @Nullable ClassLoader classLoader;
        private @Nullable SessionAdapterProvider provider;
        private @Nullable KeySource keySource;

        private Builder() {}

        /**
         * Gives a setting a value.
         *
         * @param name the setting, such as {@code genie.session.idle-timeout}; see {@code docs/settings.md}
         * @param value its value, as in a properties file
         * @return this
         */
        public Builder set(String name, String value) {
            values.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets how long a session may be idle: {@code genie.session.idle-timeout}.
         *
         * @param timeout the timeout; zero or negative: forever
         * @return this
         */
        public Builder idleTimeout(Duration timeout) {
            return set("genie.session.idle-timeout", timeout.toString());
        }

        /**
         * Sets how long a session lives at most, however busy: {@code genie.session.lifetime}.
         *
         * @param lifetime the lifetime; zero: forever
         * @return this
         */
        public Builder lifetime(Duration lifetime) {
            return set("genie.session.lifetime", lifetime.toString());
        }

        /**
         * Allows classes to be stored as attributes: {@code genie.session.types}.
         *
         * @param patterns classes such as {@code com.shop.Cart}, or packages such as {@code com.shop.**}
         * @return this
         */
        public Builder types(String... patterns) {
            return set("genie.session.types", String.join(",", patterns));
        }

        /**
         * Names the adapter: {@code genie.session.adapter}.
         *
         * @param name what the adapter's provider answers to {@link SessionAdapterProvider#name()}
         * @return this
         */
        public Builder adapter(String name) {
            return set("genie.session.adapter", name);
        }

        /**
         * Gives the adapter's provider itself; nothing is looked for then.
         *
         * @param adapterProvider the provider
         * @return this
         */
        public Builder adapter(SessionAdapterProvider adapterProvider) {
            provider = requireNonNull(adapterProvider, "adapterProvider");
            return this;
        }

        /**
         * Sets where keys come from that stand in no setting. Default: what {@link java.util.ServiceLoader} finds, otherwise
         * nowhere.
         *
         * @param source the source, asked when the sessions are opened
         * @return this
         */
        public Builder keySource(KeySource source) {
            keySource = requireNonNull(source, "source");
            return this;
        }

        /**
         * Sets the one clock that writes and judges all times. Default: the system's.
         *
         * @param newClock the clock
         * @return this
         */
        public Builder clock(Clock newClock) {
            clock = requireNonNull(newClock, "newClock");
            return this;
        }

        /**
         * Sets the loader of adapters, settings files and the classes of attributes. Default: the context class loader of the
         * thread that opens.
         *
         * @param loader the loader
         * @return this
         */
        public Builder classLoader(ClassLoader loader) {
            classLoader = requireNonNull(loader, "loader");
            return this;
        }

        /**
         * Adds a listener.
         *
         * @param listener hears of sessions that begin, change their id and end
         * @return this
         */
        public Builder listener(SessionListener listener) {
            listeners.add(requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Sets what counts. Default: nothing does.
         *
         * @param newMeter the counter
         * @return this
         */
        public Builder meter(SessionMeter newMeter) {
            meter = requireNonNull(newMeter, "newMeter");
            return this;
        }

        /**
         * Hands in the parameters of a servlet context, which are stronger than the properties file and weaker than the
         * environment. Names that do not begin with {@code genie.session.} are ignored.
         *
         * @param parameters names and values
         * @return this
         */
        public Builder contextParameters(Map<String, String> parameters) {
            contextParameters = Map.copyOf(parameters);
            return this;
        }

        /**
         * Hands in what a container says about sessions in its own terms, which is weaker than every other source.
         *
         * @param settings values by the full names of settings
         * @param origin where they come from, for messages
         * @return this
         */
        public Builder defaults(Map<String, String> settings, String origin) {
            defaults = Map.copyOf(settings);
            defaultsOrigin = requireNonNull(origin, "origin");
            return this;
        }

        /**
         * Declares settings of a binding, which would be refused as unknown otherwise.
         *
         * @param settings the settings
         * @return this
         */
        public Builder declare(List<Setting<?>> settings) {
            bindingSettings.addAll(settings);
            return this;
        }

        /**
         * Returns the configuration that {@link #open()} would use now, without opening anything.
         *
         * @return the configuration, checked
         * @throws SessionConfigException if a setting is wrong
         */
        public SessionConfig config() {
            ClassLoader loader = loader();
            return config(loader, providers(loader));
        }

        /**
         * Opens the sessions.
         *
         * @return the sessions, to be closed by the caller
         * @throws SessionConfigException if a setting is wrong, or none or several adapters are found and no setting decides
         * @throws SessionStoreException if the store does not answer
         */
        public Sessions open() {
            ClassLoader loader = loader();
            List<SessionAdapterProvider> providers = providers(loader);
            SessionConfig config = config(loader, providers);
            return open(
                    config, AdapterDiscovery.choose(providers, provider == null ? config.adapter() : Optional.empty()));
        }

        private SessionConfig config(ClassLoader loader, List<SessionAdapterProvider> providers) {
            return SessionConfig.builder(settings(loader, providers))
                    .clock(clock)
                    .classLoader(loader)
                    .build();
        }

        private ClassLoader loader() {
            if (classLoader != null) {
                return classLoader;
            }
            ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
            return ofThread != null ? ofThread : ClassLoader.getSystemClassLoader();
        }

        private List<SessionAdapterProvider> providers(ClassLoader loader) {
            return provider != null ? List.of(provider) : AdapterDiscovery.find(loader);
        }

        private Settings settings(ClassLoader loader, List<SessionAdapterProvider> providers) {
            List<Setting<?>> known = new ArrayList<>(CoreSettings.all());
            known.addAll(bindingSettings);
            providers.forEach(found -> known.addAll(found.settings()));
            return SettingsLoader.ofThisProcess(known)
                    .classLoader(loader)
                    .contextParameters(contextParameters)
                    .defaults(defaults, defaultsOrigin)
                    .code(values)
                    .load();
        }

        private Sessions open(SessionConfig config, SessionAdapterProvider chosen) {
            return new Sessions(new SessionRuntime(config, new Notifier(listeners, meter), chosen, keySource));
        }
    }
}
