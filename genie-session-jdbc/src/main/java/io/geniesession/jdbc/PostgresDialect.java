package io.geniesession.jdbc;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL 14 and later. Every method is one statement, and every statement its own transaction.
 *
 * <p>At READ COMMITTED a statement that waited for a row's lock looks at the row again, as the one before left it: the guards
 * in the WHERE clauses hold for that row. Subselects do not look again, which is why index entries are locked where they decide
 * ({@link #DELETE_INDEXED}) and why removal is an upsert of NULL (a DELETE in a WITH clause would miss an entry that the one
 * before has just set).
 */
final class PostgresDialect extends Dialect {

    private static final String LOAD_FORMER = """
            SELECT session_key, id_digest, version, created_at, last_accessed, max_idle, touch_every, lifetime_end,
              snapshot, changes, previous_until
            FROM {session}
            WHERE previous_digest = ?
              AND expires_at > ?
            """;

    /** A session without index entries, as those of visitors who have not signed in. */
    private static final String CREATE = """
            INSERT INTO {session} (session_key, id_digest, version, created_at, last_accessed, max_idle, touch_every,
              lifetime_end, previous_until, expires_at, expiry_bucket, changes, snapshot)
            VALUES (?, ?, 1, ?, ?, ?, ?, ?, 0, ?, ?, '', ?)
            ON CONFLICT DO NOTHING""";

    /** As {@link #CREATE}, for a session at each position of the lists. */
    private static final String CREATE_ALL = """
            INSERT INTO {session} (session_key, id_digest, version, created_at, last_accessed, max_idle, touch_every,
              lifetime_end, previous_until, expires_at, expiry_bucket, changes, snapshot)
            SELECT c.session_key, c.id_digest, 1, c.created_at, c.last_accessed, c.max_idle, c.touch_every,
              c.lifetime_end, 0, c.expires_at, c.expiry_bucket, '', c.snapshot
            FROM unnest(?::uuid[], ?::bytea[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
              ?::bigint[], ?::bigint[], ?::bytea[]) c (session_key, id_digest, created_at, last_accessed, max_idle,
              touch_every, lifetime_end, expires_at, expiry_bucket, snapshot)
            ON CONFLICT DO NOTHING
            RETURNING session_key
            """;

    private static final String CREATE_INDEXED = """
            WITH created AS (
            {create}
            RETURNING session_key
            ), entries AS (
              INSERT INTO {index} (session_key, name, value, since)
              SELECT c.session_key, e.name, e.value, ?::bigint
              FROM created c, unnest(?::text[], ?::text[]) e (name, value)
            )
            SELECT count(*)
            FROM created
            """;

    /**
     * What an access sets, of a session {@code s} by a change {@code c}. The columns of the expiry are set here and not generated
     * by the table, because PostgreSQL parses and prepares the expression of a generated column for each statement anew.
     */
    private static final String ACCESS = """
            last_accessed = GREATEST(s.last_accessed, c.accessed),
              expires_at = {expiry},
              expiry_bucket = ({expiry} >> {bucket}) + 1""";

    private static final String EXPIRY = """
            CASE WHEN s.max_idle = 0 THEN s.lifetime_end
                ELSE LEAST(s.lifetime_end, GREATEST(s.last_accessed, c.accessed) + s.max_idle + s.touch_every) END""";

    /** The same with the idle timeout and the lifetime that a change may bring. */
    private static final String NEW_EXPIRY = """
            CASE WHEN COALESCE(c.max_idle, s.max_idle) = 0 THEN COALESCE(c.lifetime_end, s.lifetime_end)
                  ELSE LEAST(COALESCE(c.lifetime_end, s.lifetime_end), GREATEST(s.last_accessed, c.accessed)
                    + COALESCE(c.max_idle, s.max_idle) + COALESCE(c.touch_every, s.touch_every)) END""";

    /** The parameters stand in a subselect that has them as columns; the planner puts them where the columns are used. */
    private static final String APPEND = """
            UPDATE {session} s
            SET changes = c.entries || s.changes,
              version = s.version + 1,
              {access}
            FROM (SELECT ?::bytea, ?::bigint, ?::uuid) c (entries, accessed, session_key)
            WHERE s.session_key = c.session_key
              AND s.expires_at > c.accessed
            RETURNING s.version, s.last_accessed, s.max_idle, s.touch_every, s.lifetime_end
            """;

    private static final String COMPACT = """
            UPDATE {session} s
            SET snapshot = CASE WHEN s.version = c.base THEN c.snapshot ELSE s.snapshot END,
              changes = CASE WHEN s.version = c.base THEN ''::bytea ELSE c.entries || s.changes END,
              version = s.version + 1,
              {access}
            FROM (SELECT ?::bytea, ?::bigint, ?::bytea, ?::bigint, ?::uuid)
              c (snapshot, base, entries, accessed, session_key)
            WHERE s.session_key = c.session_key
              AND s.expires_at > c.accessed
            RETURNING s.version, s.last_accessed, s.max_idle, s.touch_every, s.lifetime_end
            """;

    /**
     * All that a persist may do. The snapshot replaces the log only while the version is its base, otherwise the entries are
     * added like any others. The last column looks at the session as it was when the statement began, before it may have
     * waited: true, a guard was against the change already; false, no guard was; NULL, there was no session.
     */
    private static final String CHANGE = """
            WITH changed AS (
              UPDATE {session} s
              SET {renewal}
                snapshot = CASE WHEN c.snapshot IS NOT NULL AND s.version = c.base THEN c.snapshot ELSE s.snapshot END,
                changes = CASE WHEN c.snapshot IS NOT NULL AND s.version = c.base THEN ''::bytea
                  ELSE c.entries || s.changes END,
                version = s.version + 1,
                max_idle = COALESCE(c.max_idle, s.max_idle),
                touch_every = COALESCE(c.touch_every, s.touch_every),
                lifetime_end = COALESCE(c.lifetime_end, s.lifetime_end),
                {access}
              FROM (SELECT ?::bytea, ?::bigint, ?::bytea, ?::bigint, ?::bigint, ?::bigint, ?::bigint, ?::uuid, ?::bigint)
                c (snapshot, base, entries, accessed, max_idle, touch_every, lifetime_end, session_key, expected)
              WHERE s.session_key = c.session_key
                {guard}
                AND s.expires_at > c.accessed
                AND (c.expected IS NULL OR s.version = c.expected)
              RETURNING s.session_key, s.version, s.last_accessed, s.max_idle, s.touch_every, s.lifetime_end
            ), entries AS (
              INSERT INTO {index} AS i (session_key, name, value, since)
              SELECT c.session_key, e.name, e.value, ?::bigint
              FROM changed c, unnest(?::text[], ?::text[]) e (name, value)
              ON CONFLICT (session_key, name) DO UPDATE
              SET value = EXCLUDED.value,
                since = CASE WHEN i.value = EXCLUDED.value THEN GREATEST(i.since, EXCLUDED.since)
                  ELSE EXCLUDED.since END
            )
            SELECT c.version, c.last_accessed, c.max_idle, c.touch_every, c.lifetime_end,
              c.version IS NOT NULL,
              (SELECT COALESCE(s.version <> ?::bigint, false) OR COALESCE(s.id_digest <> ?, false)
                FROM {session} s WHERE s.session_key = ? AND s.expires_at > ?)
            FROM (SELECT 1) one
            LEFT JOIN changed c ON true
            """;

    /** What {@link #CHANGE} also sets if the session gets a new id, which it does only while it still has the old one. */
    private static final String RENEWAL = "id_digest = ?, previous_digest = s.id_digest, previous_until = ?,";

    private static final String RENEWAL_GUARD = "AND s.id_digest = ?";

    /** A touch that is lost in a crash costs nothing: it does not wait for the disk. */
    private static final String TOUCH = """
            WITH relaxed AS MATERIALIZED (
              SELECT set_config('synchronous_commit', 'off', true)
            )
            UPDATE {session} s
            SET {access}
            FROM relaxed, (SELECT ?::bigint, ?::uuid) c (accessed, session_key)
            WHERE s.session_key = c.session_key
              AND s.expires_at > c.accessed
            """;

    private static final String LOAD_ALL = """
            SELECT session_key, id_digest, version, created_at, last_accessed, max_idle, touch_every, lifetime_end,
              snapshot, changes
            FROM {session}
            WHERE id_digest = ANY (?)
              AND expires_at > ?
            """;

    /**
     * Locks the rows first, in one order, and leaves out those that others hold: statements of several rows can then neither
     * wait for each other in a circle nor be held up. The order of the array would be no order of locking, because the plan
     * may go another way.
     */
    private static final String CHANGE_ALL = """
            WITH change (session_key, entries, persists, accessed, snapshot, base) AS (
              SELECT *
              FROM unnest(?::uuid[], ?::bytea[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bigint[])
            ), locked AS MATERIALIZED (
              SELECT session_key
              FROM {session}
              WHERE session_key = ANY (?::uuid[])
              ORDER BY session_key
              FOR NO KEY UPDATE SKIP LOCKED
            )
            UPDATE {session} s
            SET snapshot = CASE WHEN s.version = c.base THEN c.snapshot ELSE s.snapshot END,
              changes = CASE WHEN s.version = c.base THEN ''::bytea ELSE c.entries || s.changes END,
              version = s.version + c.persists,
              {access}
            FROM change c
            JOIN locked USING (session_key)
            WHERE s.session_key = c.session_key
              AND s.expires_at > c.accessed
            RETURNING s.session_key, s.version, s.last_accessed, s.max_idle, s.touch_every, s.lifetime_end
            """;

    /** As {@link #TOUCH} and {@link #CHANGE_ALL}. */
    private static final String TOUCH_ALL = """
            WITH relaxed AS MATERIALIZED (
              SELECT set_config('synchronous_commit', 'off', true)
            ), change (session_key, accessed) AS (
              SELECT *
              FROM unnest(?::uuid[], ?::bigint[])
            ), locked AS MATERIALIZED (
              SELECT s.session_key
              FROM relaxed, {session} s
              WHERE s.session_key = ANY (?::uuid[])
              ORDER BY s.session_key
              FOR NO KEY UPDATE OF s SKIP LOCKED
            )
            UPDATE {session} s
            SET {access}
            FROM change c
            JOIN locked USING (session_key)
            WHERE s.session_key = c.session_key
              AND s.expires_at > c.accessed
            RETURNING s.session_key
            """;

    /** What is known of a session {@code s} that ends, with the attributes: the columns of {@link SessionRow}. */
    private static final String WHOLE = """
            s.session_key, s.id_digest, s.version, s.created_at, s.last_accessed, s.max_idle, s.touch_every,
              s.lifetime_end, s.snapshot, s.changes""";

    /**
     * The same without the attributes: the columns of {@link FactsRow#readEnded}, the index entries in two arrays. These are as of
     * the beginning of the statement; if that had to wait for somebody who changed the session, the log is there to be asked.
     */
    private static final String FACTS = """
            s.session_key, s.id_digest, s.version, s.created_at, s.last_accessed, s.max_idle, s.touch_every,
              s.lifetime_end, octet_length(s.snapshot)::bigint + octet_length(s.changes),
              ARRAY(SELECT o.name FROM {index} o
                WHERE o.session_key = s.session_key AND o.value IS NOT NULL ORDER BY o.name) AS names,
              ARRAY(SELECT o.value FROM {index} o
                WHERE o.session_key = s.session_key AND o.value IS NOT NULL ORDER BY o.name) AS texts,
              CASE WHEN (SELECT o.version FROM {session} o WHERE o.session_key = s.session_key) = s.version
                THEN NULL ELSE ARRAY[s.snapshot, s.changes] END AS log""";

    private static final String DELETE = """
            DELETE FROM {session} s
            WHERE s.session_key = ?
              AND s.expires_at > ?
            RETURNING {ended}
            """;

    private static final String SWEEP = """
            WITH dead AS MATERIALIZED (
              SELECT session_key
              FROM {session}
              WHERE expiry_bucket <= ?
                AND expires_at <= ?
              ORDER BY expiry_bucket
              LIMIT ?
              FOR UPDATE SKIP LOCKED
            ), swept AS (
              DELETE FROM {session} s
              USING dead
              WHERE s.session_key = dead.session_key
              RETURNING {ended}
            )
            SELECT swept.*, clock.now
            FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now) clock
            LEFT JOIN swept ON true
            """;

    private static final String DELETE_INDEXED = """
            WITH chosen AS MATERIALIZED (
              SELECT s.session_key
              FROM {session} s
              JOIN {index} i ON i.session_key = s.session_key
              WHERE i.name = ?
                AND i.value = ?
                AND s.expires_at > ?
                AND s.session_key <> ALL (?)
              ORDER BY s.session_key
              FOR UPDATE OF s, i
            )
            DELETE FROM {session} s
            USING chosen
            WHERE s.session_key = chosen.session_key
            RETURNING {ended}
            """;

    private final String loadFormer;
    private final String create;
    private final String createAll;
    private final String createIndexed;
    private final String append;
    private final String compact;
    private final String change;
    private final String changeAndRenew;
    private final String touch;
    private final String loadAll;
    private final String changeAll;
    private final String touchAll;
    private final String delete;
    private final String deleteFacts;
    private final String sweep;
    private final String sweepFacts;
    private final String deleteIndexed;
    private final String deleteIndexedFacts;

    PostgresDialect(TableName table) {
        super(table);
        this.loadFormer = sql(LOAD_FORMER);
        this.create = sql(CREATE);
        this.createAll = sql(CREATE_ALL);
        this.createIndexed = sql(CREATE_INDEXED.replace("{create}", CREATE));
        this.append = accessing(APPEND, EXPIRY);
        this.compact = accessing(COMPACT, EXPIRY);
        this.change = accessing(CHANGE.replace("{renewal}", "").replace("{guard}", ""), NEW_EXPIRY);
        this.changeAndRenew =
                accessing(CHANGE.replace("{renewal}", RENEWAL).replace("{guard}", RENEWAL_GUARD), NEW_EXPIRY);
        this.touch = accessing(TOUCH, EXPIRY);
        this.loadAll = sql(LOAD_ALL);
        this.changeAll = accessing(CHANGE_ALL, EXPIRY);
        this.touchAll = accessing(TOUCH_ALL, EXPIRY);
        this.delete = sql(DELETE.replace("{ended}", WHOLE));
        this.deleteFacts = sql(DELETE.replace("{ended}", FACTS));
        this.sweep = sql(SWEEP.replace("{ended}", WHOLE));
        this.sweepFacts = sql(SWEEP.replace("{ended}", FACTS));
        this.deleteIndexed = sql(DELETE_INDEXED.replace("{ended}", WHOLE));
        this.deleteIndexedFacts = sql(DELETE_INDEXED.replace("{ended}", FACTS));
    }

    private String accessing(String template, String expiry) {
        return sql(template.replace("{access}", ACCESS)
                .replace("{expiry}", expiry)
                .replace("{bucket}", String.valueOf(BUCKET_BITS)));
    }

    @Override
    boolean foldsToUpperCase() {
        return false;
    }

    @Override
    String folder() {
        return "postgresql";
    }

    @Override
    boolean isReadOnly(SqlCall call) throws SQLException {
        return call.first("SELECT current_setting('transaction_read_only')::boolean", p -> {}, row -> row.getBoolean(1))
                .orElseThrow();
    }

    @Override
    String keyCondition() {
        return "session_key = ?";
    }

    @Override
    Parameters key(Parameters parameters, UUID key) throws SQLException {
        return parameters.key(key);
    }

    @Override
    String link() {
        return "session_key";
    }

    @Override
    String moreColumns() {
        return ", previous_digest, previous_until, expires_at, expiry_bucket";
    }

    @Override
    String rightsBesides() {
        return "SELECT, INSERT and UPDATE on " + table() + "_index";
    }

    @Override
    List<String> moreRights() {
        return List.of();
    }

    @Override
    Optional<FormerRow> loadFormer(SqlCall call, byte[] digest, long now) throws SQLException {
        return call.first(loadFormer, p -> p.bytes(digest).number(now), FormerRow::read);
    }

    @Override
    boolean create(SqlCall call, Requests.Creation creation) throws SQLException {
        SessionRow row = creation.row();
        if (creation.indexes().isEmpty()) {
            return createPlain(call, row);
        }
        return only(
                        call,
                        createIndexed,
                        p -> bindCreation(p, row)
                                .number(row.createdAt())
                                .texts("text", creation.indexes())
                                .texts("text", creation.values()))
                == 1;
    }

    /** Stores a session without index entries; false if its key or id is in use. */
    boolean createPlain(SqlCall call, SessionRow row) throws SQLException {
        return call.update(create, p -> bindCreation(p, row)) == 1;
    }

    private static Parameters bindCreation(Parameters p, SessionRow row) throws SQLException {
        return facts(p.key(row.key()), row)
                .number(row.expiresAt())
                .number(bucket(row))
                .bytes(row.snapshot());
    }

    private static long bucket(SessionRow row) {
        return (row.expiresAt() >> BUCKET_BITS) + 1;
    }

    @Override
    RowOutcome change(SqlCall call, RowChange rowChange) throws SQLException {
        if (rowChange.isCombinable()) {
            return appendOrCompact(call, rowChange);
        }
        RowChange.@Nullable NewId renewal = rowChange.renewal();
        Optional<RowOutcome> outcome = call.first(
                        renewal == null ? change : changeAndRenew,
                        p -> {
                            if (renewal != null) {
                                p.bytes(renewal.to()).number(renewal.formerUntil());
                            }
                            bindChange(p, rowChange, renewal);
                        },
                        row -> row.getBoolean(6)
                                ? Optional.<RowOutcome>of(RowOutcome.Stored.read(row, rowChange))
                                : refused(row.getObject(7, Boolean.class)))
                .flatMap(answer -> answer);
        return outcome.isPresent() ? outcome.get() : refused(call, rowChange);
    }

    /** Returns empty if the session was there and as the change asks for: then somebody ended or changed it meanwhile. */
    private static Optional<RowOutcome> refused(@Nullable Boolean conflict) {
        return Boolean.FALSE.equals(conflict)
                ? Optional.empty()
                : Optional.of(new RowOutcome.Refused(conflict != null));
    }

    private static void bindChange(Parameters p, RowChange change, RowChange.@Nullable NewId renewal)
            throws SQLException {
        p.bytes(change.snapshot())
                .number(change.base())
                .bytes(change.delta())
                .number(change.accessed())
                .number(change.maxIdle())
                .number(change.touchEvery())
                .number(change.lifetimeEnd())
                .key(change.key())
                .number(change.expected());
        if (renewal != null) {
            p.bytes(renewal.from());
        }
        p.number(change.accessed()).texts("text", change.indexes()).texts("text", change.values());
        p.number(change.expected()).bytes(renewal == null ? null : renewal.from());
        p.key(change.key()).number(change.accessed());
    }

    private RowOutcome appendOrCompact(SqlCall call, RowChange rowChange) throws SQLException {
        byte[] snapshot = rowChange.snapshot();
        Optional<RowOutcome> stored = call.first(
                snapshot == null ? append : compact,
                p -> {
                    if (snapshot != null) {
                        p.bytes(snapshot).number(rowChange.base());
                    }
                    p.bytes(rowChange.delta()).number(rowChange.accessed()).key(rowChange.key());
                },
                row -> RowOutcome.Stored.read(row, rowChange));
        return stored.orElseGet(() -> new RowOutcome.Refused(false));
    }

    @Override
    boolean touch(SqlCall call, Requests.Touch asked) throws SQLException {
        return call.update(touch, p -> p.number(asked.accessed()).key(asked.key())) == 1;
    }

    /** Stores several sessions without index entries; false as from a single one, null for a key that is there twice. */
    List<@Nullable Boolean> createAll(SqlCall call, List<SessionRow> rows) throws SQLException {
        // In the order of their keys, so that a batch that is sent again never waits for another one in a circle.
        Map<UUID, SessionRow> distinct = new TreeMap<>();
        rows.forEach(row -> distinct.putIfAbsent(row.key(), row));
        Set<UUID> stored = new HashSet<>(
                call.list(createAll, p -> bindCreations(p, distinct.values()), row -> row.getObject(1, UUID.class)));
        List<@Nullable Boolean> answers = new ArrayList<>(rows.size());
        Set<UUID> answered = new HashSet<>();
        rows.forEach(row -> answers.add(answered.add(row.key()) ? stored.contains(row.key()) : null));
        return answers;
    }

    private static void bindCreations(Parameters p, Collection<SessionRow> rows) throws SQLException {
        p.keys(rows.stream().map(SessionRow::key).toList())
                .array("bytea", rows.stream().map(SessionRow::digest).toArray(byte[][]::new))
                .array("int8", column(rows, SessionRow::createdAt))
                .array("int8", column(rows, SessionRow::lastAccessed))
                .array("int8", column(rows, SessionRow::maxIdle))
                .array("int8", column(rows, SessionRow::touchEvery))
                .array("int8", column(rows, SessionRow::lifetimeEnd))
                .array("int8", column(rows, SessionRow::expiresAt))
                .array("int8", column(rows, PostgresDialect::bucket))
                .array("bytea", rows.stream().map(SessionRow::snapshot).toArray(byte[][]::new));
    }

    private static Long[] column(Collection<SessionRow> rows, ToLongFunction<SessionRow> value) {
        return rows.stream().map(value::applyAsLong).toArray(Long[]::new);
    }

    /** Returns the sessions of several ids in their order. */
    List<Optional<SessionRow>> loadAll(SqlCall call, List<Requests.Load> loads) throws SQLException {
        byte[][] digests = loads.stream().map(Requests.Load::digest).toArray(byte[][]::new);
        long earliest = loads.stream().mapToLong(Requests.Load::now).min().orElseThrow();
        Map<ByteBuffer, SessionRow> rows = new HashMap<>();
        for (SessionRow row : call.list(loadAll, p -> p.array("bytea", digests).number(earliest), SessionRow::read)) {
            rows.put(ByteBuffer.wrap(row.digest()), row);
        }
        return loads.stream()
                .map(load -> Optional.ofNullable(rows.get(ByteBuffer.wrap(load.digest())))
                        .filter(row -> row.expiresAt() > load.now()))
                .toList();
    }

    /** Applies several changes; null stands for those whose session is locked, gone or refused for another reason. */
    List<@Nullable RowOutcome> changeAll(SqlCall call, List<RowChange> changes) throws SQLException {
        MergedChanges merged = new MergedChanges(changes);
        Map<UUID, RowOutcome.Stored> rows = new HashMap<>();
        call.list(
                changeAll, merged::bind, row -> rows.put(row.getObject(1, UUID.class), RowOutcome.Stored.read(row, 2)));
        return merged.outcomes(rows);
    }

    /** Moves several accesses forward; null stands for those whose session is locked or gone. */
    List<@Nullable Boolean> touchAll(SqlCall call, List<Requests.Touch> touches) throws SQLException {
        Map<UUID, Long> latest = new HashMap<>();
        touches.forEach(touch -> latest.merge(touch.key(), touch.accessed(), Math::max));
        UUID[] keys = latest.keySet().toArray(UUID[]::new);
        Long[] accesses = latest.values().toArray(Long[]::new);
        Set<UUID> touched = new HashSet<>(call.list(
                touchAll,
                p -> p.array("uuid", keys).array("int8", accesses).array("uuid", keys),
                row -> row.getObject(1, UUID.class)));
        List<@Nullable Boolean> answers = new ArrayList<>(touches.size());
        touches.forEach(touch -> answers.add(touched.contains(touch.key()) ? Boolean.TRUE : null));
        return answers;
    }

    @Override
    Optional<SessionRow> delete(SqlCall call, UUID key, long now) throws SQLException {
        return call.first(delete, p -> p.key(key).number(now), SessionRow::read);
    }

    @Override
    Optional<FactsRow> deleteFacts(SqlCall call, UUID key, long now) throws SQLException {
        return call.first(deleteFacts, p -> p.key(key).number(now), FactsRow::readEnded);
    }

    @Override
    Swept<SessionRow> sweep(SqlCall call, long before, int limit) throws SQLException {
        return swept(call, sweep, before, limit, SessionRow::read, SessionRow.COLUMNS);
    }

    @Override
    Swept<FactsRow> sweepFacts(SqlCall call, long before, int limit) throws SQLException {
        return swept(call, sweepFacts, before, limit, FactsRow::readEnded, FactsRow.COLUMNS + 1);
    }

    /** Reads rows that may be one of NULLs, each with the database's clock behind its columns. */
    private static <T> Swept<T> swept(
            SqlCall call, String statement, long before, int limit, SqlCall.RowReader<T> reader, int columns)
            throws SQLException {
        List<T> rows = new ArrayList<>();
        List<Long> clocks = call.list(
                statement, p -> p.number(before >> BUCKET_BITS).number(before).number(limit), row -> {
                    if (row.getObject(1) != null) {
                        rows.add(reader.read(row));
                    }
                    return row.getLong(columns + 1);
                });
        return new Swept<>(rows, OptionalLong.of(clocks.get(0)));
    }

    @Override
    List<SessionRow> deleteIndexed(SqlCall call, String name, String value, List<UUID> except, long now)
            throws SQLException {
        return call.list(
                deleteIndexed, p -> p.text(name).text(value).number(now).keys(except), SessionRow::read);
    }

    @Override
    List<FactsRow> deleteIndexedFacts(SqlCall call, String name, String value, List<UUID> except, long now)
            throws SQLException {
        return call.list(
                deleteIndexedFacts, p -> p.text(name).text(value).number(now).keys(except), FactsRow::readEnded);
    }
}
