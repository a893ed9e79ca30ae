package io.geniesession;

import io.geniesession.internal.codec.TypePolicy;
import io.geniesession.internal.codec.ValueCodec;
import io.geniesession.internal.crypto.IdDigest;
import io.geniesession.internal.crypto.IdDigests;
import io.geniesession.internal.crypto.KeyRings;
import io.geniesession.internal.crypto.SessionCipher;
import io.geniesession.internal.crypto.ValueCipher;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.KeySource;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionAdapterProvider;
import io.geniesession.spi.SessionRecord;
import io.geniesession.spi.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What all sessions of one {@link Sessions} share. Safe for use by several threads. */
final class SessionRuntime {
    private static final System.Logger LOG = System.getLogger(Sessions.class.getName());
    private static final int LISTED_AT_ONCE = 200;

    private final SessionConfig config;
    private final Clock clock;
    private final ValueCodec codec;
    private final ValueCipher cipher;
    private final IdDigests ids;
    private final Notifier notifier;
    private final Updates updates;
    private final SessionAdapter adapter;
    private final String adapterName;
    private final boolean keepsReferences;

    /** The expiry of most sessions, which share it; a store in this process then holds it once. */
    private final Expiry usualExpiry;

    /** Null if every request has a view of its own. */
    private final @Nullable SharedViews views;

    /** The latest answer of the clock; threads may take turns with it in any order, because each looks at what it got. */
    private Instant now = Instant.EPOCH;

    /** Types that were logged as undecodable; bounded, because types can come from hostile bytes. */
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    SessionRuntime(
            SessionConfig config, Notifier notifier, SessionAdapterProvider provider, @Nullable KeySource keySource) {
        this.config = config;
        this.clock = config.clock();
        this.usualExpiry = Expiry.idle(config.idleTimeout(), config.quantumFor(config.idleTimeout()));
        this.codec = codecOf(config);
        KeyRings keys = new KeyRings(config.settings(), keySource, config.classLoader());
        this.cipher = keys.valueCipher();
        this.ids = keys.idDigests();
        this.notifier = notifier;
        this.updates = new Updates(config.updateDeadline());
        this.adapterName = provider.name();
        SessionAdapter opened = provider.open(new Context());
        this.adapter = notifier.isMetered() ? new MeteredAdapter(opened, notifier) : opened;
        this.keepsReferences = adapter.keepsReferences();
        if (keepsReferences && cipher.isConfigured()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "genie.session.encryption has no effect: the session adapter \"" + adapterName
                            + "\" keeps values as objects in this process and stores no bytes");
        }
        this.views = config.view() == SessionConfig.View.SHARED ? new SharedViews(this) : null;
    }

    private static ValueCodec codecOf(SessionConfig config) {
        TypePolicy types = new TypePolicy(
                config.types(), TypePolicy.Mode.valueOf(config.typesMode().name()));
        return new ValueCodec(types, config.classLoader(), Math.toIntExact(config.maxAttributeSize()));
    }

    SessionConfig config() {
        return config;
    }

    ValueCodec codec() {
        return codec;
    }

    /** The cipher of one session, for one view of it. */
    SessionCipher cipher(SessionKey session) {
        return cipher.of(session);
    }

    /** A new id, known by the digest that is in use. */
    SessionId newId() {
        return SessionId.generate().with(ids.active());
    }

    /** The same secret by the digest that is in use for new ids. */
    SessionId upToDate(SessionId id) {
        return id.with(ids.active());
    }

    /** The digests by which the store may know an id, in the order in which to ask. */
    List<IdDigest> digests() {
        return ids.inUse();
    }

    /** Whether the store is to know this id by the digest in use rather than by the one that it was found by. */
    boolean isOutdated(SessionId id) {
        return ids.isOutdated(id.digesting());
    }

    Notifier notifier() {
        return notifier;
    }

    Updates updates() {
        return updates;
    }

    SessionAdapter adapter() {
        return adapter;
    }

    boolean keepsReferences() {
        return keepsReferences;
    }

    /** The attributes of a session that begins. */
    Attributes newAttributes() {
        return views == null ? new Attributes(this, null) : views.begin();
    }

    /**
     * The attributes of a session that was loaded.
     *
     * @param began what {@link #loadingBegins} has answered before
     * @param joins whether other requests may share them
     * @return null if another request of this node has ended the session since it was loaded
     */
    @Nullable
    Attributes attributesOf(SessionRecord loaded, long began, Instant now, boolean joins) {
        return views == null || !joins ? new Attributes(this, loaded) : views.join(loaded, began, now);
    }

    /** To be called before a session is loaded that requests may share. */
    long loadingBegins() {
        return views == null ? 0 : System.nanoTime();
    }

    /** What requests share, if they do. */
    @Nullable
    SharedViews views() {
        return views;
    }

    Detail detail() {
        return notifier.detail();
    }

    /** The time in the precision of every store. The requests of one millisecond share one object. */
    Instant now() {
        long millis = clock.millis();
        Instant latest = now;
        if (latest.toEpochMilli() != millis) {
            latest = Instant.ofEpochMilli(millis);
            now = latest;
        }
        return latest;
    }

    Expiry expiry(Duration idleTimeout, Optional<Instant> lifetimeEnd) {
        return lifetimeEnd.isEmpty() && idleTimeout.equals(usualExpiry.maxIdle())
                ? usualExpiry
                : new Expiry(idleTimeout, config.quantumFor(idleTimeout), lifetimeEnd);
    }

    IndexedSessions indexed() {
        return adapter.indexed()
                .orElseThrow(() -> new UnsupportedOperationException(
                        "The session adapter \"" + adapterName + "\" cannot find sessions by principal or index"));
    }

    List<SessionInfo> all(IndexEntry entry) {
        IndexedSessions indexed = indexed();
        Instant now = now();
        List<SessionInfo> all = new ArrayList<>();
        Optional<PageRequest> request = Optional.of(PageRequest.first(LISTED_AT_ONCE));
        while (request.isPresent()) {
            PageRequest current = request.get();
            Page<SessionInfo> page = indexed.find(entry, now, current);
            all.addAll(page.items());
            request = page.next().map(current::after);
        }
        return all;
    }

    boolean end(SessionKey key, Instant now) {
        Optional<EndedSession> ended = adapter.delete(key, now, detail());
        ended.ifPresent(this::ended);
        return ended.isPresent();
    }

    void ended(EndedSession ended) {
        if (views != null && ended.reason() == EndReason.DELETED) {
            views.ended(ended.info().key());
        }
        notifier.ended(ended, this);
    }

    /**
     * Ends the sessions that were signed in first until the principal has no more than the limit. Called after the sign-in is
     * stored: of several sign-ins at the same time the last to come here sees them all, and all agree on which are the oldest.
     * The sign-in has happened, so a store that fails now does not undo it; the next one of the principal ends what is too much.
     */
    void limitSessionsOf(String principal) {
        int limit = config.maxSessionsPerPrincipal();
        if (limit == 0) {
            return;
        }
        try {
            endOldestOf(principal, limit);
        } catch (SessionStoreException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A principal may have more sessions than genie.session.max-sessions-per-principal allows until the"
                            + " next sign-in. "
                            + e.getMessage());
        }
    }

    private void endOldestOf(String principal, int limit) {
        List<SessionInfo> sessions = all(new IndexEntry(Session.PRINCIPAL, principal));
        Instant now = now();
        for (SessionInfo oldest : sessions.subList(0, Math.max(0, sessions.size() - limit))) {
            end(oldest.key(), now);
        }
    }

    /** Counts an attribute that cannot be decoded and logs it once per type, or throws, as the settings say. */
    void undecodable(String attribute, SessionCodecException problem) {
        notifier.undecodable(attribute);
        if (config.undecodable() == SessionConfig.Undecodable.FAIL) {
            throw problem;
        }
        if (logged.size() < 1_000 && logged.add(problem.type().orElse(attribute))) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Attribute \"" + attribute
                            + "\" cannot be decoded and is treated as absent; its bytes stay stored. "
                            + problem.getMessage());
        }
    }

    /** Closes the adapter, and wipes the keys once nothing can be stored any more. */
    void close() {
        try {
            adapter.close();
        } finally {
            cipher.close();
            ids.close();
        }
    }

    /** What the adapter is lent. */
    private final class Context implements AdapterContext {
        @Override
        public Settings settings() {
            return config.settings();
        }

        @Override
        public Clock clock() {
            return clock;
        }

        @Override
        public AttributeValue valueOf(byte[] encoded) {
            return LiveValue.ofBytes(encoded);
        }

        @Override
        public void ended(EndedSession session) {
            SessionRuntime.this.ended(session);
        }

        @Override
        public Detail endedDetail() {
            return notifier.detail();
        }

        @Override
        public void available(boolean available) {
            notifier.meter(meter -> meter.available(available));
        }
    }
}
