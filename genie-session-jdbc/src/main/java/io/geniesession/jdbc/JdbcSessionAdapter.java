package io.geniesession.jdbc;

import static java.util.Objects.requireNonNull;

import io.geniesession.EndReason;
import io.geniesession.Expiry;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionLog;
import io.geniesession.spi.SessionRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions in a table of H2 or PostgreSQL.
 *
 * <p>A session is one row: a snapshot of its attributes and the changes since, which a persist only adds to. On PostgreSQL
 * every method is one statement and one round trip. {@code docs/schema.md} has the table, the statements and the rights they
 * need.
 *
 * <p>Opened by {@link JdbcSessionAdapterProvider}, from settings alone or with the application's own {@code DataSource}:
 *
 * <pre>{@code
 * Sessions sessions = Sessions.builder()
 *     .adapter(JdbcSessionAdapter.with(dataSource))
 *     .open();
 * }</pre>
 *
 * <p>Safe for use by several threads.
 */
public final class JdbcSessionAdapter implements SessionAdapter {

    private static final System.Logger LOG = System.getLogger(JdbcSessionAdapter.class.getName());

    private static final Base64.Encoder TO_PUBLIC_ID = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder FROM_PUBLIC_ID = Base64.getUrlDecoder();

    /** A version that no session has: a strict persist that asks for it conflicts, or finds the session gone. */
    private static final Long NO_VERSION = -1L;

    private final AdapterContext context;
    private final SqlRunner sql;
    private final Dialect dialect;
    private final Requests requests;
    private final ClockWatch clockWatch;
    private final IndexedSessions indexed;

    JdbcSessionAdapter(AdapterContext context, SqlRunner sql, Dialect dialect, Requests requests) {
        this.context = context;
        this.sql = sql;
        this.dialect = dialect;
        this.requests = requests;
        this.clockWatch = new ClockWatch(context);
        this.indexed = new JdbcIndexedSessions(this, sql, dialect);
    }

    /**
     * Opens sessions in the database that the settings name.
     *
     * @param context the settings and what else the core lends
     * @return the adapter, with a pool of its own
     * @throws io.geniesession.SessionConfigException if a setting is wrong, or the database refuses what the settings ask
     *     for; the message says how to mend it
     * @throws SessionStoreException if the database does not answer
     */
    public static JdbcSessionAdapter open(AdapterContext context) {
        return new JdbcSessionAdapterProvider().open(context);
    }

    /**
     * Returns a provider that opens sessions in the application's own database.
     *
     * @param dataSource where connections come from; stays open when the adapter is closed. Its connections have auto-commit
     *     on and take no part in transactions of the application
     * @return the provider
     */
    public static JdbcSessionAdapterProvider with(DataSource dataSource) {
        return new JdbcSessionAdapterProvider(requireNonNull(dataSource, "dataSource"));
    }

    /** {@inheritDoc} Always false. */
    @Override
    public boolean keepsReferences() {
        return false;
    }

    @Override
    public Optional<SessionRecord> create(NewSession session) {
        SessionRow row = row(session);
        List<String> names = new ArrayList<>(session.indexes().keySet());
        List<String> values = names.stream().map(session.indexes()::get).toList();
        if (requests.create(new Requests.Creation(row, names, values))) {
            return Optional.of(record(row));
        }
        return existing(row).filter(stored -> isSame(stored, row)).map(this::record);
    }

    /** Returns what is there instead of a new session: maybe itself, sent before with an answer that was lost. */
    private Optional<SessionRow> existing(SessionRow created) {
        try {
            return sql.run(
                    Requests.CREATE, Effect.REPEATABLE, call -> dialect.reload(call, created.key(), Long.MIN_VALUE));
        } catch (SessionStoreException e) {
            // So as long as nobody has looked, it may be stored.
            throw SqlErrors.copy(e, true);
        }
    }

    private static SessionRow row(NewSession session) {
        Map<String, Optional<String>> indexes = new HashMap<>();
        session.indexes().forEach((name, value) -> indexes.put(name, Optional.of(value)));
        long created = Millis.of(session.createdAt());
        Expiry expiry = session.expiry();
        return new SessionRow(
                session.key().value(),
                session.id().digest(),
                1,
                created,
                created,
                expiry.maxIdle().toMillis(),
                expiry.touchEvery().toMillis(),
                Millis.lifetimeEnd(expiry),
                SessionLog.encode(session.attributes(), Set.of(), indexes),
                new byte[0]);
    }

    /** Tells whether a row is what this very creation stored: the one before, whose answer was lost. */
    private static boolean isSame(SessionRow stored, SessionRow created) {
        return stored.version() == 1
                && Arrays.equals(stored.digest(), created.digest())
                && stored.createdAt() == created.createdAt()
                && stored.maxIdle() == created.maxIdle()
                && stored.touchEvery() == created.touchEvery()
                && stored.lifetimeEnd() == created.lifetimeEnd()
                && hasSameContent(SessionLog.read(stored.snapshot()), SessionLog.read(created.snapshot()));
    }

    /** Compares without regard to order, which differs between processes. */
    private static boolean hasSameContent(SessionLog one, SessionLog other) {
        return one.indexes().equals(other.indexes())
                && one.attributeNames().equals(other.attributeNames())
                && one.attributeNames().stream()
                        .allMatch(name -> Arrays.equals(
                                one.attribute(name).orElseThrow(),
                                other.attribute(name).orElseThrow()));
    }

    @Override
    public Optional<SessionRecord> load(SessionId id, Instant now) {
        return requests.load(new Requests.Load(id.digest(), Millis.of(now))).map(this::record);
    }

    @Override
    public Optional<SessionRecord> reload(SessionKey key, Instant now) {
        return sql.run(Requests.LOAD, Effect.READ, call -> dialect.reload(call, key.value(), Millis.of(now)))
                .map(this::record);
    }

    @Override
    public Optional<FormerId> loadFormer(SessionId id, Instant now) {
        return sql.run(
                        "look up a former id",
                        Effect.READ,
                        call -> dialect.loadFormer(call, id.digest(), Millis.of(now)))
                .map(row -> new FormerId(record(row.session()), Millis.instant(row.usableUntil())));
    }

    @Override
    public PersistResult persist(SessionRecord base, SessionChanges changes) {
        JdbcSessionRecord record = own(base);
        byte[] delta = SessionLog.encode(changes.set(), changes.removed(), changes.indexes());
        SessionLog next = record.log().with(delta);
        byte[] snapshot = isCompactionDue(record, delta.length) ? next.compact() : null;
        RowChange change = rowChange(record, changes, delta, snapshot);
        RowOutcome outcome = requests.change(change);
        if (outcome instanceof RowOutcome.Stored stored) {
            return new PersistResult.Saved(next(record, changes, stored, next, snapshot));
        }
        return ((RowOutcome.Refused) outcome).conflict() ? new PersistResult.Conflict() : new PersistResult.Gone();
    }

    private static boolean isCompactionDue(JdbcSessionRecord record, int change) {
        return !record.isBehind() && Compaction.isDue(record.snapshotSize(), record.changesSize(), change);
    }

    private static RowChange rowChange(
            JdbcSessionRecord record, SessionChanges changes, byte[] delta, byte @Nullable [] snapshot) {
        List<String> names = new ArrayList<>();
        List<@Nullable String> values = new ArrayList<>();
        changes.indexes().forEach((name, value) -> {
            names.add(name);
            values.add(value.orElse(null));
        });
        long version = record.info().version();
        return new RowChange(
                record.info().key().value(),
                delta,
                Millis.of(changes.accessedAt()),
                version,
                snapshot,
                changes.strict() ? (record.isBehind() ? NO_VERSION : Long.valueOf(version)) : null,
                changes.expiry().map(JdbcSessionAdapter::newExpiry).orElse(null),
                changes.renewal().map(renewal -> newId(record, renewal)).orElse(null),
                names,
                values);
    }

    private static RowChange.NewExpiry newExpiry(Expiry expiry) {
        return new RowChange.NewExpiry(
                expiry.maxIdle().toMillis(), expiry.touchEvery().toMillis(), Millis.lifetimeEnd(expiry));
    }

    private static RowChange.NewId newId(JdbcSessionRecord record, Renewal renewal) {
        return new RowChange.NewId(
                FROM_PUBLIC_ID.decode(record.info().publicId()),
                renewal.to().digest(),
                Millis.of(renewal.formerUsableUntil()));
    }

    /** The view of the base with the changes; it keeps the id that the base knows, so that a renewal by others is noticed. */
    private JdbcSessionRecord next(
            JdbcSessionRecord base,
            SessionChanges changes,
            RowOutcome.Stored stored,
            SessionLog log,
            byte @Nullable [] snapshot) {
        SessionInfo before = base.info();
        boolean behind = base.isBehind() || stored.version() != before.version() + 1;
        byte[] compacted = stored.compacted() ? snapshot : null;
        SessionLog content = compacted == null ? log : SessionLog.read(compacted);
        SessionInfo info = new SessionInfo(
                before.key(),
                changes.renewal().map(renewal -> renewal.to().publicId()).orElse(before.publicId()),
                stored.version(),
                before.createdAt(),
                Millis.instant(stored.lastAccessed()),
                Millis.expiry(stored.maxIdle(), stored.touchEvery(), stored.lifetimeEnd()),
                content.indexes(),
                content.size());
        return new JdbcSessionRecord(
                context, info, content, compacted == null ? base.snapshotSize() : compacted.length, behind);
    }

    @Override
    public boolean touch(SessionRecord base, Instant accessedAt) {
        JdbcSessionRecord record = own(base);
        return requests.touch(new Requests.Touch(record.info().key().value(), Millis.of(accessedAt)));
    }

    @Override
    public Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail) {
        return detail == Detail.ATTRIBUTES
                ? sql.run(
                                "delete a session",
                                Effect.REPEATABLE,
                                call -> dialect.delete(call, key.value(), Millis.of(now)))
                        .map(row -> ended(row, EndReason.DELETED))
                : sql.run(
                                "delete a session",
                                Effect.REPEATABLE,
                                call -> dialect.deleteFacts(call, key.value(), Millis.of(now)))
                        .map(row -> ended(row, EndReason.DELETED));
    }

    /**
     * {@inheritDoc} Sessions are removed by the bucket, some 35 minutes of expiry at a time, so one may stay stored, but not
     * visible, that much longer.
     */
    @Override
    public List<EndedSession> sweep(Instant before, int limit, Detail detail) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", must be at least 1");
        }
        long millis = Millis.of(before);
        return detail == Detail.ATTRIBUTES
                ? watched(sql.run("sweep sessions", Effect.ONCE, call -> dialect.sweep(call, millis, limit)))
                        .map(this::expired)
                        .toList()
                : watched(sql.run("sweep sessions", Effect.ONCE, call -> dialect.sweepFacts(call, millis, limit)))
                        .map(this::expired)
                        .toList();
    }

    private <T> Stream<T> watched(Dialect.Swept<T> swept) {
        clockWatch.compare(swept.databaseClock());
        return swept.rows().stream();
    }

    @Override
    public long count(Instant now) {
        return sql.run("count sessions", Effect.READ, call -> dialect.count(call, Millis.of(now)));
    }

    @Override
    public Optional<IndexedSessions> indexed() {
        return Optional.of(indexed);
    }

    /** {@inheritDoc} Statements that are running complete or fail; the application's own {@code DataSource} stays open. */
    @Override
    public void close() {
        sql.close();
    }

    private static JdbcSessionRecord own(SessionRecord base) {
        if (base instanceof JdbcSessionRecord record) {
            return record;
        }
        throw new IllegalArgumentException("The base is not a record of this adapter but a "
                + requireNonNull(base, "base").getClass().getName());
    }

    // Rows and what they stand for

    private SessionRecord record(SessionRow row) {
        SessionLog log = SessionLog.read(row.snapshot(), row.changes());
        return new JdbcSessionRecord(context, info(row, log), log, row.snapshot().length, false);
    }

    private static SessionInfo info(SessionRow row, SessionLog log) {
        return new SessionInfo(
                new SessionKey(row.key()),
                TO_PUBLIC_ID.encodeToString(row.digest()),
                row.version(),
                Millis.instant(row.createdAt()),
                Millis.instant(row.lastAccessed()),
                Millis.expiry(row.maxIdle(), row.touchEvery(), row.lifetimeEnd()),
                log.indexes(),
                row.size());
    }

    static SessionInfo info(FactsRow row) {
        return new SessionInfo(
                new SessionKey(row.key()),
                TO_PUBLIC_ID.encodeToString(row.digest()),
                row.version(),
                Millis.instant(row.createdAt()),
                Millis.instant(row.lastAccessed()),
                Millis.expiry(row.maxIdle(), row.touchEvery(), row.lifetimeEnd()),
                row.indexes(),
                row.size());
    }

    private EndedSession expired(SessionRow row) {
        EndedSession ended = ended(row, EndReason.IDLE);
        return new EndedSession(ended.info(), reason(ended.info()), ended.attributes());
    }

    private EndedSession expired(FactsRow row) {
        SessionInfo info = info(row);
        return new EndedSession(info, reason(info), Map.of());
    }

    private static EndReason reason(SessionInfo info) {
        return info.expiry().reason(info.lastAccessedAt());
    }

    EndedSession ended(FactsRow row, EndReason reason) {
        return new EndedSession(info(row), reason, Map.of());
    }

    EndedSession ended(SessionRow row, EndReason reason) {
        SessionLog log = readable(row);
        Map<String, AttributeValue> attributes = new HashMap<>();
        for (String name : log.attributeNames()) {
            log.attribute(name).ifPresent(bytes -> attributes.put(name, context.valueOf(bytes)));
        }
        return new EndedSession(info(row, log), reason, attributes);
    }

    /** The session has ended already: damaged attributes must not keep the others of its batch from being reported. */
    static SessionLog readable(SessionRow row) {
        try {
            return SessionLog.read(row.snapshot(), row.changes());
        } catch (SessionStoreException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "The attributes of the ended session " + TO_PUBLIC_ID.encodeToString(row.digest())
                            + " could not be read. " + e.getMessage());
            return SessionLog.read(new byte[0]);
        }
    }
}
