package io.geniesession.jdbc;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    /** How many slots a row has; decision 0008 tells why. */
    private static final int SLOTS = 12;

    /** Each slot has a version and a last access beside it: the latest ones are the row's. */
    private static final String VERSION = "GREATEST(version, " + eachSlot("slot%1$d_version", ", ") + ")";

    private static final String ACCESSED = "GREATEST(last_accessed, " + eachSlot("slot%1$d_accessed", ", ") + ")";

    private static final String EXPIRES = "CASE WHEN max_idle = 0 THEN lifetime_end" + " ELSE LEAST(lifetime_end, "
            + ACCESSED + " + max_idle + touch_every) END";

    private static final String SIZE = "octet_length(snapshot)::bigint + octet_length(changes)"
            + eachSlot(" + COALESCE(octet_length(slot%1$d), 0)", "");

    private static final String COLUMNS = """
            session_key, id_digest, {version}, created_at, {accessed}, max_idle, touch_every, lifetime_end,
              snapshot, changes{slots}""";

    private static final String CREATE = """
            WITH created AS (
              INSERT INTO {session} (session_key, id_digest, version, created_at, last_accessed, max_idle, touch_every,
                lifetime_end, previous_until, changes, snapshot{slots})
              VALUES (?, ?, 1, ?, ?, ?, ?, ?, 0, '', ?{values})
              ON CONFLICT DO NOTHING
              RETURNING session_key
            ), entries AS (
              INSERT INTO {index} (session_key, name, value, since)
              SELECT c.session_key, e.name, e.value, ?::bigint
              FROM created c, unnest(?::text[], ?::text[]) e (name, value)
            )
            SELECT count(*)
            FROM created
            """;

    private static final String APPEND = """
            UPDATE {session}
            SET changes = changes || ?,
              version = {version} + 1,
              last_accessed = GREATEST({accessed}, ?)
            WHERE session_key = ?
              AND {expires} > ?
            RETURNING {version}, {accessed}, max_idle, touch_every, lifetime_end
            """;

    /**
     * Writes one slot, together with the numbers beside it: what the log of the database gets is this one stretch of the row. If
     * the version is no longer the base, the entries are appended like any others. They are sent once if the slot has no
     * others.
     */
    private static final String WRITE_SLOT = """
            UPDATE {session} s
            SET {slot} = CASE WHEN {version} = c.base THEN c.content ELSE s.{slot} END,
              changes = CASE WHEN {version} = c.base THEN ''::bytea
                ELSE s.changes || COALESCE(c.entries, c.content) END,
              {slot}_version = {version} + 1,
              {slot}_accessed = GREATEST({accessed}, c.accessed)
            FROM (SELECT ?::bigint AS base, ?::bytea AS content, ?::bytea AS entries, ?::bigint AS accessed) c
            WHERE session_key = ?
              AND {expires} > c.accessed
            RETURNING {version}, {accessed}, max_idle, touch_every, lifetime_end
            """;

    /**
     * All that a persist may do. A rewrite replaces what it says only while the version is its base, otherwise the entries are
     * appended like any others. The last column tells, if nothing was updated, whether a guard or the lack of a session was
     * the reason.
     */
    private static final String CHANGE = """
            WITH changed AS (
              UPDATE {session} s
              SET {renewal}
                snapshot = CASE WHEN c.snapshot IS NOT NULL AND {version} = c.base THEN c.snapshot ELSE s.snapshot END,
                changes = CASE WHEN {version} = c.base THEN ''::bytea ELSE s.changes || c.entries END,
                {rewritten},
                version = {version} + 1,
                last_accessed = GREATEST({accessed}, c.accessed),
                max_idle = COALESCE(?::bigint, max_idle),
                touch_every = COALESCE(?::bigint, touch_every),
                lifetime_end = COALESCE(?::bigint, lifetime_end)
              FROM (SELECT ?::bigint AS base, ?::bytea AS snapshot, ?::int AS slot, ?::bytea AS content,
                ?::int AS cleared, ?::bytea AS entries, ?::bigint AS accessed) c
              WHERE session_key = ?
                {guard}
                AND {expires} > c.accessed
                AND (?::bigint IS NULL OR {version} = ?::bigint)
              RETURNING session_key, {version} AS version, {accessed} AS last_accessed, max_idle, touch_every, lifetime_end
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
              EXISTS (SELECT 1 FROM {session} WHERE session_key = ? AND {expires} > ?)
            FROM (SELECT 1) one
            LEFT JOIN changed c ON true
            """;

    /** What a rewrite does to one slot, in {@link #CHANGE} and {@link #CHANGE_ALL}. */
    private static final String REWRITTEN = """
            slot%1$d = CASE WHEN c.slot = %1$d AND {current} = c.base THEN c.content
                WHEN (c.cleared >> (%1$d - 1)) & 1 = 1 AND {current} = c.base THEN NULL ELSE s.slot%1$d END""";

    /** What {@link #CHANGE} also sets if the session gets a new id, which it does only while it still has the old one. */
    private static final String RENEWAL = "id_digest = ?, previous_digest = id_digest, previous_until = ?,";

    private static final String RENEWAL_GUARD = "AND id_digest = ?";

    /** A touch that is lost in a crash costs nothing: it does not wait for the disk. */
    private static final String TOUCH = """
            WITH relaxed AS MATERIALIZED (
              SELECT set_config('synchronous_commit', 'off', true)
            )
            UPDATE {session}
            SET last_accessed = GREATEST({accessed}, ?)
            FROM relaxed
            WHERE session_key = ?
              AND {expires} > ?
            """;

    private static final String LOAD_ALL = """
            SELECT {columns}
            FROM {session}
            WHERE id_digest = ANY (?)
            """;

    /**
     * Locks the rows first, in one order, and leaves out those that others hold: statements of several rows can then neither
     * wait for each other in a circle nor be held up. The order of the array would be no order of locking, because the plan
     * may go another way.
     */
    private static final String CHANGE_ALL = """
            WITH change (session_key, persists, accessed, entries, base, snapshot, slot, content, cleared, appended) AS (
              SELECT *
              FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bytea[],
                ?::bigint[], ?::bytea[], ?::int[], ?::bytea[], ?::int[], ?::bytea[])
            ), locked AS MATERIALIZED (
              SELECT session_key, {version} AS current
              FROM {session}
              WHERE session_key = ANY (?::uuid[])
              ORDER BY session_key
              FOR NO KEY UPDATE SKIP LOCKED
            )
            UPDATE {session} s
            SET snapshot = CASE WHEN locked.current = c.base THEN COALESCE(c.snapshot, s.snapshot) ELSE s.snapshot END,
              changes = CASE WHEN locked.current = c.base THEN COALESCE(c.appended, ''::bytea)
                ELSE s.changes || COALESCE(c.entries, c.content) END,
              {rewritten},
              version = CASE WHEN c.slot = 0 THEN locked.current + c.persists ELSE s.version END,
              last_accessed = CASE WHEN c.slot = 0 THEN GREATEST({accessed}, c.accessed) ELSE s.last_accessed END,
              {numbers}
            FROM change c
            JOIN locked USING (session_key)
            WHERE s.session_key = c.session_key
              AND {expires} > c.accessed
            RETURNING s.session_key, {version}, {accessed}, s.max_idle, s.touch_every, s.lifetime_end
            """;

    /** The numbers beside a slot, which are the row's if the slot is written. */
    private static final String NUMBERS = """
            slot%1$d_version = CASE WHEN c.slot = %1$d THEN locked.current + c.persists ELSE s.slot%1$d_version END,
              slot%1$d_accessed = CASE WHEN c.slot = %1$d THEN GREATEST({accessed}, c.accessed) ELSE s.slot%1$d_accessed END""";

    /** As {@link #TOUCH} and {@link #CHANGE_ALL}. */
    private static final String TOUCH_ALL = """
            WITH relaxed AS MATERIALIZED (
              SELECT set_config('synchronous_commit', 'off', true)
            ), touch (session_key, accessed) AS (
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
            SET last_accessed = GREATEST({accessed}, t.accessed)
            FROM touch t
            JOIN locked USING (session_key)
            WHERE s.session_key = t.session_key
              AND {expires} > t.accessed
            RETURNING s.session_key
            """;

    /** What is known of a session {@code s} that ends, with the attributes: the columns of {@link SessionRow}. */
    private static final String WHOLE = """
            s.session_key, id_digest, {version} AS version, created_at, {accessed} AS last_accessed, max_idle, touch_every,
              lifetime_end, snapshot, changes{slots}""";

    /** The same without the attributes: the columns of {@link FactsRow}, the index entries in two arrays. */
    private static final String FACTS = """
            s.session_key, id_digest, {version} AS version, created_at, {accessed} AS last_accessed, max_idle, touch_every,
              lifetime_end, {size} AS size,
              ARRAY(SELECT o.name FROM {index} o
                WHERE o.session_key = s.session_key AND o.value IS NOT NULL ORDER BY o.name) AS names,
              ARRAY(SELECT o.value FROM {index} o
                WHERE o.session_key = s.session_key AND o.value IS NOT NULL ORDER BY o.name) AS texts""";

    private static final String DELETE = """
            DELETE FROM {session} s
            WHERE s.session_key = ?
              AND {expires} > ?
            RETURNING {ended}
            """;

    private static final String SWEEP = """
            WITH dead AS MATERIALIZED (
              SELECT session_key
              FROM {session}
              WHERE expiry_bucket <= ?
                AND {expires} <= ?
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
                AND {expires} > ?
                AND s.session_key <> ALL (?)
              ORDER BY s.session_key
              FOR UPDATE OF s, i
            )
            DELETE FROM {session} s
            USING chosen
            WHERE s.session_key = chosen.session_key
            RETURNING {ended}
            """;

    private final String create;
    private final String append;
    private final String[] writeSlot;
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
        this.create = sql(CREATE.replace("{values}", eachSlot(", ?", "")));
        this.append = sql(APPEND);
        this.writeSlot = new String[SLOTS];
        for (int i = 0; i < SLOTS; i++) {
            writeSlot[i] = sql(WRITE_SLOT.replace("{slot}", "slot" + (i + 1)));
        }
        String rewritten = eachSlot(REWRITTEN, ",\n  ");
        String plainChange = CHANGE.replace("{rewritten}", rewritten.replace("{current}", VERSION));
        this.change = sql(plainChange.replace("{renewal}", "").replace("{guard}", ""));
        this.changeAndRenew = sql(plainChange.replace("{renewal}", RENEWAL).replace("{guard}", RENEWAL_GUARD));
        this.touch = sql(TOUCH);
        this.loadAll = sql(LOAD_ALL);
        this.changeAll = sql(CHANGE_ALL
                .replace("{rewritten}", rewritten.replace("{current}", "locked.current"))
                .replace("{numbers}", eachSlot(NUMBERS, ",\n  ")));
        this.touchAll = sql(TOUCH_ALL);
        this.delete = sql(DELETE.replace("{ended}", WHOLE));
        this.deleteFacts = sql(DELETE.replace("{ended}", FACTS));
        this.sweep = sql(SWEEP.replace("{ended}", WHOLE));
        this.sweepFacts = sql(SWEEP.replace("{ended}", FACTS));
        this.deleteIndexed = sql(DELETE_INDEXED.replace("{ended}", WHOLE));
        this.deleteIndexedFacts = sql(DELETE_INDEXED.replace("{ended}", FACTS));
    }

    private static String eachSlot(String template, String separator) {
        return IntStream.rangeClosed(1, SLOTS)
                .mapToObj(slot -> template.replace("%1$d", Integer.toString(slot)))
                .collect(Collectors.joining(separator));
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
    List<String> scripts() {
        return List.of("V1__create_session.sql", "V2__write_in_slots.sql");
    }

    @Override
    int slots() {
        return SLOTS;
    }

    @Override
    String columns(String template) {
        return template.replace("{columns}", COLUMNS)
                .replace("{expires}", EXPIRES)
                .replace("{version}", VERSION)
                .replace("{accessed}", ACCESSED)
                .replace("{size}", SIZE)
                .replace("{slots}", eachSlot(", slot%1$d", ""));
    }

    @Override
    boolean create(SqlCall call, SessionRow row, List<String> indexes, List<String> values) throws SQLException {
        return only(
                        call,
                        create,
                        p -> p.key(row.key())
                                .bytes(row.digest())
                                .number(row.createdAt())
                                .number(row.lastAccessed())
                                .number(row.maxIdle())
                                .number(row.touchEvery())
                                .number(row.lifetimeEnd())
                                .bytes(row.segments().snapshot())
                                .slots(row.segments().slots())
                                .number(row.createdAt())
                                .texts("text", indexes)
                                .texts("text", values))
                == 1;
    }

    @Override
    RowOutcome change(SqlCall call, RowChange rowChange) throws SQLException {
        Rewrite rewrite = rowChange.rewrite();
        if (rowChange.isPlain()) {
            return append(call, rowChange);
        }
        if (rewrite != null && rewrite.isOneSlot() && rowChange.isCombinable()) {
            return writeSlot(call, rowChange, rewrite);
        }
        RowChange.@Nullable NewId renewal = rowChange.renewal();
        return call.first(
                        renewal == null ? change : changeAndRenew,
                        p -> {
                            if (renewal != null) {
                                p.bytes(renewal.to()).number(renewal.formerUntil());
                            }
                            bindChange(p, rowChange, renewal);
                        },
                        row -> row.getBoolean(6)
                                ? RowOutcome.Stored.read(row, rowChange)
                                : (RowOutcome) new RowOutcome.Refused(row.getBoolean(7)))
                .orElseThrow();
    }

    private static void bindChange(Parameters p, RowChange change, RowChange.@Nullable NewId renewal)
            throws SQLException {
        p.number(change.maxIdle()).number(change.touchEvery()).number(change.lifetimeEnd());
        Rewrite rewrite = change.rewrite();
        if (rewrite == null) {
            p.number((Long) null).bytes(null).number(0).bytes(null).number(0);
        } else {
            p.number(rewrite.base()).bytes(rewrite.snapshot());
            p.number(rewrite.slot()).bytes(rewrite.content()).number(rewrite.cleared());
        }
        p.bytes(change.delta()).number(change.accessed()).key(change.key());
        if (renewal != null) {
            p.bytes(renewal.from());
        }
        p.number(change.expected()).number(change.expected());
        p.number(change.accessed()).texts("text", change.indexes()).texts("text", change.values());
        p.key(change.key()).number(change.accessed());
    }

    private RowOutcome append(SqlCall call, RowChange rowChange) throws SQLException {
        return stored(
                call,
                rowChange,
                append,
                p -> p.bytes(rowChange.delta())
                        .number(rowChange.accessed())
                        .key(rowChange.key())
                        .number(rowChange.accessed()));
    }

    private RowOutcome writeSlot(SqlCall call, RowChange rowChange, Rewrite rewrite) throws SQLException {
        return stored(
                call,
                rowChange,
                writeSlot[rewrite.slot() - 1],
                p -> p.number(rewrite.base())
                        .bytes(rewrite.content())
                        .bytes(rewrite.content() == rowChange.delta() ? null : rowChange.delta())
                        .number(rowChange.accessed())
                        .key(rowChange.key()));
    }

    private static RowOutcome stored(SqlCall call, RowChange rowChange, String statement, SqlCall.Binder binder)
            throws SQLException {
        Optional<RowOutcome> stored = call.first(statement, binder, row -> RowOutcome.Stored.read(row, rowChange));
        return stored.orElseGet(() -> new RowOutcome.Refused(false));
    }

    @Override
    boolean touch(SqlCall call, Requests.Touch asked) throws SQLException {
        return call.update(
                        touch, p -> p.number(asked.accessed()).key(asked.key()).number(asked.accessed()))
                == 1;
    }

    /** Returns the sessions of several ids in their order. */
    List<Optional<SessionRow>> loadAll(SqlCall call, List<Requests.Load> loads) throws SQLException {
        byte[][] digests = loads.stream().map(Requests.Load::digest).toArray(byte[][]::new);
        Map<ByteBuffer, SessionRow> rows = new HashMap<>();
        for (SessionRow row : call.list(loadAll, p -> p.array("bytea", digests), this::session)) {
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
        return call.first(delete, p -> p.key(key).number(now), this::session);
    }

    @Override
    Optional<FactsRow> deleteFacts(SqlCall call, UUID key, long now) throws SQLException {
        return call.first(deleteFacts, p -> p.key(key).number(now), FactsRow::read);
    }

    @Override
    Swept<SessionRow> sweep(SqlCall call, long before, int limit) throws SQLException {
        return swept(call, sweep, before, limit, this::session, SessionRow.COLUMNS + SLOTS);
    }

    @Override
    Swept<FactsRow> sweepFacts(SqlCall call, long before, int limit) throws SQLException {
        return swept(call, sweepFacts, before, limit, FactsRow::read, FactsRow.COLUMNS);
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
                deleteIndexed, p -> p.text(name).text(value).number(now).keys(except), this::session);
    }

    @Override
    List<FactsRow> deleteIndexedFacts(SqlCall call, String name, String value, List<UUID> except, long now)
            throws SQLException {
        return call.list(
                deleteIndexedFacts, p -> p.text(name).text(value).number(now).keys(except), FactsRow::read);
    }
}
