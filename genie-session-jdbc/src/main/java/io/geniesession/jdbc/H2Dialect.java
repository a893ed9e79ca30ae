package io.geniesession.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * H2 2.x. A change of index entries or of the id takes a transaction of two statements or more, and so does a sweep; everything
 * else is one.
 *
 * <p>An update writes to every index of its table, whether or not it changes what the index is of, and that is what most of a write
 * costs. So the session table has as few as it can: its rows lie in the order of a number, which takes no index, and former ids
 * have a table of their own.
 *
 * <p>Embedded, reading the attributes of an ended session costs a copy in memory: facts are taken from whole rows.
 */
final class H2Dialect extends Dialect {

    /** How many bits of a short key are random; the rest is of the time. */
    private static final int RANDOM_BITS = 48;

    /** Of a key's first half, all behind its time to the next 4.096 seconds. */
    private static final int BELOW_TIME = 16 + 12;

    private static final String LOAD_FORMER = """
            SELECT s.session_key, s.id_digest, s.version, s.created_at, s.last_accessed, s.max_idle, s.touch_every,
              s.lifetime_end, s.snapshot, s.changes, f.usable_until
            FROM {former} f
            JOIN {session} s ON s.short_key = f.short_key
            WHERE f.id_digest = ?
              AND s.expires_at > ?
            """;

    private static final String CREATE = """
            INSERT INTO {session} (short_key, session_key, id_digest, version, created_at, last_accessed, max_idle,
              touch_every, lifetime_end, changes, snapshot)
            VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, X'', ?)
            """;

    private static final String CHANGE = """
            SELECT version, last_accessed, max_idle, touch_every, lifetime_end
            FROM FINAL TABLE (
              UPDATE {session}
              SET snapshot = CASE WHEN CAST(? AS BOOLEAN) AND version = ?
                  THEN CAST(? AS VARBINARY(1000000000)) ELSE snapshot END,
                changes = CASE WHEN CAST(? AS BOOLEAN) AND version = ?
                  THEN CAST(X'' AS VARBINARY(1000000000)) ELSE CAST(? AS VARBINARY(1000000000)) || changes END,
                version = version + 1,
                last_accessed = GREATEST(last_accessed, ?),
                max_idle = COALESCE(CAST(? AS BIGINT), max_idle),
                touch_every = COALESCE(CAST(? AS BIGINT), touch_every),
                lifetime_end = COALESCE(CAST(? AS BIGINT), lifetime_end)
              WHERE {this}
                AND expires_at > ?
                AND (CAST(? AS BIGINT) IS NULL OR version = CAST(? AS BIGINT))
            )
            """;

    private static final String CHANGE_AND_RENEW = """
            SELECT version, last_accessed, max_idle, touch_every, lifetime_end
            FROM FINAL TABLE (
              UPDATE {session}
              SET id_digest = ?,
                snapshot = CASE WHEN CAST(? AS BOOLEAN) AND version = ?
                  THEN CAST(? AS VARBINARY(1000000000)) ELSE snapshot END,
                changes = CASE WHEN CAST(? AS BOOLEAN) AND version = ?
                  THEN CAST(X'' AS VARBINARY(1000000000)) ELSE CAST(? AS VARBINARY(1000000000)) || changes END,
                version = version + 1,
                last_accessed = GREATEST(last_accessed, ?),
                max_idle = COALESCE(CAST(? AS BIGINT), max_idle),
                touch_every = COALESCE(CAST(? AS BIGINT), touch_every),
                lifetime_end = COALESCE(CAST(? AS BIGINT), lifetime_end)
              WHERE {this}
                AND id_digest = ?
                AND expires_at > ?
                AND (CAST(? AS BIGINT) IS NULL OR version = CAST(? AS BIGINT))
            )
            """;

    private static final String APPEND = """
            SELECT version, last_accessed, max_idle, touch_every, lifetime_end
            FROM FINAL TABLE (
              UPDATE {session}
              SET changes = CAST(? AS VARBINARY(1000000000)) || changes,
                version = version + 1,
                last_accessed = GREATEST(last_accessed, ?)
              WHERE {this}
                AND expires_at > ?
            )
            """;

    private static final String SET_INDEX = """
            MERGE INTO {index} i
            USING (
              SELECT CAST(? AS BIGINT) s, CAST(? AS UUID) k, CAST(? AS VARCHAR) n, CAST(? AS VARCHAR) v, CAST(? AS BIGINT) t
            ) d
            ON i.short_key = d.s AND i.name = d.n
            WHEN MATCHED THEN UPDATE
              SET "VALUE" = d.v,
                since = CASE WHEN i."VALUE" = d.v THEN GREATEST(i.since, d.t) ELSE d.t END
            WHEN NOT MATCHED THEN INSERT (short_key, session_key, name, "VALUE", since)
              VALUES (d.s, d.k, d.n, d.v, d.t)
            """;

    private static final String SET_FORMER = """
            MERGE INTO {former} f
            USING (SELECT CAST(? AS BIGINT) s, CAST(? AS VARBINARY(32)) d, CAST(? AS BIGINT) t) n
            ON f.short_key = n.s
            WHEN MATCHED THEN UPDATE
              SET id_digest = n.d,
                usable_until = n.t
            WHEN NOT MATCHED THEN INSERT (short_key, id_digest, usable_until)
              VALUES (n.s, n.d, n.t)
            """;

    /** Touch no row, as those of all databases. With a session H2 deletes what refers to it by the rights of the same user. */
    private static final List<String> CHECK_MORE_RIGHTS = List.of("""
            INSERT INTO {index} (short_key)
            SELECT short_key
            FROM {index}
            WHERE name < ''
            """, """
            DELETE FROM {index}
            WHERE name < ''
            """, """
            INSERT INTO {former} (short_key, id_digest, usable_until)
            SELECT short_key, id_digest, usable_until
            FROM {former}
            WHERE short_key < 0 AND short_key > 0
            """, """
            UPDATE {former}
            SET usable_until = usable_until
            WHERE short_key < 0 AND short_key > 0
            """, """
            DELETE FROM {former}
            WHERE short_key < 0 AND short_key > 0
            """);

    private static final String TOUCH = """
            UPDATE {session}
            SET last_accessed = GREATEST(last_accessed, ?)
            WHERE {this}
              AND expires_at > ?
            """;

    private static final String DELETE = """
            SELECT session_key, id_digest, version, created_at, last_accessed, max_idle, touch_every, lifetime_end,
              snapshot, changes
            FROM OLD TABLE (
              DELETE FROM {session}
              WHERE {this}
                AND expires_at > ?
            )
            """;

    /** Without an order: H2 would lock every row it sorts, and the next sweep would find nothing. */
    private static final String CHOOSE_DEAD = """
            SELECT short_key
            FROM {session}
            WHERE expiry_bucket <= ?
              AND expires_at <= ?
            FETCH FIRST ? ROWS ONLY
            FOR UPDATE SKIP LOCKED
            """;

    private static final String DELETE_DEAD = """
            SELECT session_key, id_digest, version, created_at, last_accessed, max_idle, touch_every, lifetime_end,
              snapshot, changes
            FROM OLD TABLE (
              DELETE FROM {session}
              WHERE short_key = ANY (CAST(? AS BIGINT ARRAY))
                AND expires_at <= ?
            )
            """;

    /** The first condition finds the rows, without reading all others; the last one is asked again of a row that was waited for. */
    private static final String DELETE_INDEXED = """
            SELECT session_key, id_digest, version, created_at, last_accessed, max_idle, touch_every, lifetime_end,
              snapshot, changes
            FROM OLD TABLE (
              DELETE FROM {session} s
              WHERE s.short_key IN (
                  SELECT f.short_key
                  FROM {index} f
                  WHERE f.name = ?
                    AND f."VALUE" = ?
                )
                AND s.expires_at > ?
                AND NOT s.session_key = ANY (CAST(? AS UUID ARRAY))
                AND EXISTS (
                  SELECT 1
                  FROM {index} i
                  WHERE i.short_key = s.short_key
                    AND i.name = ?
                    AND i."VALUE" = ?
                )
            )
            """;

    private final String loadFormer;
    private final String create;
    private final String change;
    private final String changeAndRenew;
    private final String append;
    private final String setIndex;
    private final String setFormer;
    private final String touch;
    private final String delete;
    private final String chooseDead;
    private final String deleteDead;
    private final String deleteIndexed;

    H2Dialect(TableName table) {
        super(table);
        this.loadFormer = sql(LOAD_FORMER);
        this.create = sql(CREATE);
        this.change = sql(CHANGE);
        this.changeAndRenew = sql(CHANGE_AND_RENEW);
        this.append = sql(APPEND);
        this.setIndex = sql(SET_INDEX);
        this.setFormer = sql(SET_FORMER);
        this.touch = sql(TOUCH);
        this.delete = sql(DELETE);
        this.chooseDead = sql(CHOOSE_DEAD);
        this.deleteDead = sql(DELETE_DEAD);
        this.deleteIndexed = sql(DELETE_INDEXED);
    }

    @Override
    boolean foldsToUpperCase() {
        return true;
    }

    @Override
    String folder() {
        return "h2";
    }

    /** What is opened to be read only says so at the first statement that changes something. */
    @Override
    boolean isReadOnly(SqlCall call) {
        return false;
    }

    @Override
    String keyCondition() {
        return "short_key = ? AND session_key = ?";
    }

    @Override
    Parameters key(Parameters parameters, UUID key) throws SQLException {
        return parameters.number(shortKey(key)).key(key);
    }

    /**
     * Returns 64 bits of a key: 16 of the time of its creation, in units of some four seconds, so that what is created one after
     * the other lies together, and the last 48 of all, which are random where the key was generated. Of two sessions that had them
     * in common the second one would be refused, as one whose key is in use; that needs two of the same four seconds, or of three
     * days later, and then has a probability of 2^-48. Rows that are stored already are found by it, so it never changes.
     */
    static long shortKey(UUID key) {
        long time = key.getMostSignificantBits() >>> BELOW_TIME;
        return time << RANDOM_BITS | (key.getLeastSignificantBits() & ((1L << RANDOM_BITS) - 1));
    }

    @Override
    String link() {
        return "short_key";
    }

    @Override
    String moreColumns() {
        return ", short_key";
    }

    @Override
    String rightsBesides() {
        return "the same on " + table() + "_index and " + table() + "_former";
    }

    @Override
    List<String> moreRights() {
        return CHECK_MORE_RIGHTS;
    }

    @Override
    Optional<FormerRow> loadFormer(SqlCall call, byte[] digest, long now) throws SQLException {
        return call.first(loadFormer, p -> p.bytes(digest).number(now), FormerRow::read);
    }

    @Override
    boolean create(SqlCall call, Requests.Creation creation) throws SQLException {
        SessionRow row = creation.row();
        try {
            if (creation.indexes().isEmpty()) {
                return insert(call, row);
            }
            return call.inTransaction(() -> {
                insert(call, row);
                setIndexes(call, row.key(), creation.indexes(), creation.values(), row.createdAt());
                return true;
            });
        } catch (SQLException e) {
            if (SqlErrors.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    private boolean insert(SqlCall call, SessionRow row) throws SQLException {
        return call.update(create, p -> facts(key(p, row.key()), row).bytes(row.snapshot())) == 1;
    }

    private void setIndexes(
            SqlCall call, UUID key, List<String> names, List<? extends @Nullable String> values, long since)
            throws SQLException {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String value = values.get(i);
            call.update(setIndex, p -> key(p, key).text(name).text(value).number(since));
        }
    }

    @Override
    RowOutcome change(SqlCall call, RowChange rowChange) throws SQLException {
        boolean alone = rowChange.indexes().isEmpty() && rowChange.renewal() == null;
        Optional<RowOutcome> stored = alone ? update(call, rowChange) : updateWithOthers(call, rowChange);
        return stored.isPresent() ? stored.get() : refused(call, rowChange);
    }

    private Optional<RowOutcome> updateWithOthers(SqlCall call, RowChange rowChange) throws SQLException {
        return call.inTransaction(() -> {
            // The row comes first: whoever has its lock has those of its entries and its former id too.
            Optional<RowOutcome> stored = update(call, rowChange);
            if (stored.isPresent()) {
                setFormer(call, rowChange);
                setIndexes(call, rowChange.key(), rowChange.indexes(), rowChange.values(), rowChange.accessed());
            }
            return stored;
        });
    }

    private void setFormer(SqlCall call, RowChange rowChange) throws SQLException {
        RowChange.@Nullable NewId renewal = rowChange.renewal();
        if (renewal != null) {
            call.update(
                    setFormer,
                    p -> p.number(shortKey(rowChange.key()))
                            .bytes(renewal.from())
                            .number(renewal.formerUntil()));
        }
    }

    private Optional<RowOutcome> update(SqlCall call, RowChange rowChange) throws SQLException {
        if (rowChange.isPlain()) {
            return call.first(
                    append,
                    p -> key(p.bytes(rowChange.delta()).number(rowChange.accessed()), rowChange.key())
                            .number(rowChange.accessed()),
                    row -> RowOutcome.Stored.read(row, rowChange));
        }
        RowChange.@Nullable NewId renewal = rowChange.renewal();
        return call.first(
                renewal == null ? change : changeAndRenew,
                p -> {
                    if (renewal != null) {
                        p.bytes(renewal.to());
                    }
                    bindChange(p, rowChange, renewal);
                },
                row -> RowOutcome.Stored.read(row, rowChange));
    }

    private void bindChange(Parameters p, RowChange change, RowChange.@Nullable NewId renewal) throws SQLException {
        boolean compacts = change.snapshot() != null;
        p.flag(compacts).number(change.base()).bytes(change.snapshot());
        p.flag(compacts).number(change.base()).bytes(change.delta());
        p.number(change.accessed())
                .number(change.maxIdle())
                .number(change.touchEvery())
                .number(change.lifetimeEnd());
        key(p, change.key());
        if (renewal != null) {
            p.bytes(renewal.from());
        }
        p.number(change.accessed()).number(change.expected()).number(change.expected());
    }

    @Override
    boolean touch(SqlCall call, Requests.Touch asked) throws SQLException {
        return call.update(
                        touch, p -> key(p.number(asked.accessed()), asked.key()).number(asked.accessed()))
                == 1;
    }

    @Override
    Optional<SessionRow> delete(SqlCall call, UUID key, long now) throws SQLException {
        return call.first(delete, p -> key(p, key).number(now), SessionRow::read);
    }

    @Override
    Optional<FactsRow> deleteFacts(SqlCall call, UUID key, long now) throws SQLException {
        return delete(call, key, now).map(FactsRow::of);
    }

    @Override
    Swept<SessionRow> sweep(SqlCall call, long before, int limit) throws SQLException {
        // In one statement H2 may evaluate the choice anew while it deletes, and the limit does not hold.
        List<SessionRow> rows = call.inTransaction(() -> {
            List<Long> dead = call.list(
                    chooseDead,
                    p -> p.number(before >> BUCKET_BITS).number(before).number(limit),
                    row -> row.getLong(1));
            return dead.isEmpty()
                    ? List.<SessionRow>of()
                    : call.list(
                            deleteDead,
                            p -> p.array("bigint", dead.toArray(Long[]::new)).number(before),
                            SessionRow::read);
        });
        return new Swept<>(rows, OptionalLong.empty());
    }

    @Override
    Swept<FactsRow> sweepFacts(SqlCall call, long before, int limit) throws SQLException {
        return new Swept<>(facts(sweep(call, before, limit).rows()), OptionalLong.empty());
    }

    private static List<FactsRow> facts(List<SessionRow> rows) {
        List<FactsRow> facts = new ArrayList<>(rows.size());
        rows.forEach(row -> facts.add(FactsRow.of(row)));
        return facts;
    }

    @Override
    List<SessionRow> deleteIndexed(SqlCall call, String name, String value, List<UUID> except, long now)
            throws SQLException {
        return call.list(
                deleteIndexed,
                p -> p.text(name)
                        .text(value)
                        .number(now)
                        .keys(except)
                        .text(name)
                        .text(value),
                SessionRow::read);
    }

    @Override
    List<FactsRow> deleteIndexedFacts(SqlCall call, String name, String value, List<UUID> except, long now)
            throws SQLException {
        return facts(deleteIndexed(call, name, value, except, now));
    }
}
