package io.geniesession.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one kind of database. Each method is one round trip unless it says otherwise; {@code docs/schema.md} lists
 * them.
 *
 * <p>Immutable.
 */
abstract sealed class Dialect permits H2Dialect, PostgresDialect {

    /** A bucket of expiry is 2^21 ms, some 35 minutes. */
    static final int BUCKET_BITS = 21;

    /** All that a request does not know yet; whether the session has expired follows from it. */
    private static final String LOAD = """
            SELECT session_key, version, created_at, last_accessed, max_idle, touch_every, lifetime_end, snapshot, changes
            FROM {session}
            WHERE id_digest = ?
            """;

    // A session of all columns, in the order of SessionRow.

    private static final String RELOAD = """
            SELECT session_key, id_digest, version, created_at, last_accessed, max_idle, touch_every, lifetime_end,
              snapshot, changes
            FROM {session}
            WHERE {this}
              AND expires_at > ?
            """;

    private static final String CONFLICTS = """
            SELECT count(*)
            FROM {session}
            WHERE {this}
              AND expires_at > ?
              AND (version <> CAST(? AS bigint) OR id_digest <> ?)
            """;

    private static final String COUNT = """
            SELECT count(*)
            FROM {session}
            WHERE expires_at > ?
            """;

    private static final String FIND = """
            SELECT s.session_key, s.id_digest, s.version, s.created_at, s.last_accessed, s.max_idle, s.touch_every,
              s.lifetime_end, CAST(octet_length(s.snapshot) AS bigint) + octet_length(s.changes),
              ARRAY(SELECT o.name FROM {index} o
                WHERE o.{link} = s.{link} AND o.{value} IS NOT NULL ORDER BY o.name),
              ARRAY(SELECT o.{value} FROM {index} o
                WHERE o.{link} = s.{link} AND o.{value} IS NOT NULL ORDER BY o.name),
              i.since
            FROM {index} i
            JOIN {session} s ON s.{link} = i.{link}
            WHERE i.name = ?
              AND i.{value} = ?
              AND s.expires_at > ?
              AND (i.since, i.session_key) > (?, ?)
            ORDER BY i.since, i.session_key
            LIMIT ?
            """;

    private static final String COUNT_INDEXED = """
            SELECT count(*)
            FROM {index} i
            JOIN {session} s ON s.{link} = i.{link}
            WHERE i.name = ?
              AND i.{value} = ?
              AND s.expires_at > ?
            """;

    private static final String READ_META = """
            SELECT application, schema_version
            FROM {meta}
            """;

    /** Touch no row and, by an index, read none, and yet fail unless each right and each column is there. */
    private static final List<String> CHECK_RIGHTS = List.of("""
            INSERT INTO {session} (session_key, id_digest, version, created_at, last_accessed, max_idle, touch_every,
              lifetime_end, changes, snapshot{more})
            SELECT session_key, id_digest, version, created_at, last_accessed, max_idle, touch_every,
              lifetime_end, changes, snapshot{more}
            FROM {session}
            WHERE expires_at > 0 AND expiry_bucket < 0
            """, """
            UPDATE {session}
            SET version = version
            WHERE expires_at > 0 AND expiry_bucket < 0
            """, """
            DELETE FROM {session}
            WHERE expires_at > 0 AND expiry_bucket < 0
            """, """
            INSERT INTO {index} (session_key, name, {value}, since)
            SELECT session_key, name, {value}, since
            FROM {index}
            WHERE name < ''
            """, """
            UPDATE {index}
            SET since = since
            WHERE name < ''
            """);

    private final TableName table;
    private final String load;
    private final String reload;
    private final String conflicts;
    private final String count;
    private final String readMeta;
    private final String find;
    private final String countIndexed;

    Dialect(TableName table) {
        this.table = table;
        this.load = sql(LOAD);
        this.reload = sql(RELOAD);
        this.conflicts = sql(CONFLICTS);
        this.count = sql(COUNT);
        this.readMeta = sql(READ_META);
        this.find = sql(FIND);
        this.countIndexed = sql(COUNT_INDEXED);
    }

    /** Puts the table's names into a statement, and how it finds a row by its key. */
    final String sql(String template) {
        String keyed = template.replace("{this}", keyCondition()).replace("{link}", link());
        return table.in(keyed, foldsToUpperCase());
    }

    final TableName table() {
        return table;
    }

    /** A session found by its former id, and until when that is good. */
    record FormerRow(SessionRow session, long usableUntil) {
        static FormerRow read(ResultSet row) throws SQLException {
            return new FormerRow(SessionRow.read(row), row.getLong(SessionRow.COLUMNS + 1));
        }
    }

    /** What a sweep removed, and the database's clock in milliseconds if it runs on a machine of its own. */
    record Swept<T>(List<T> rows, OptionalLong databaseClock) {}

    /** What the meta table says. */
    record Meta(String application, int schemaVersion) {}

    /** Where a listing goes on: behind this time and key. */
    record Position(long since, UUID key) {
        static final Position START = new Position(Long.MIN_VALUE, new UUID(0, 0));
    }

    /** A row of a listing. */
    record Listed(FactsRow facts, Position position) {}

    /** Tells whether unquoted names become upper case. */
    abstract boolean foldsToUpperCase();

    /** Names the folder of the migrations. */
    abstract String folder();

    /** Returns the condition that a row of the session table has a key, whose parameters {@link #key} sets. */
    abstract String keyCondition();

    /** Sets the parameters of {@link #keyCondition}. */
    abstract Parameters key(Parameters parameters, UUID key) throws SQLException;

    /** Names the column by which other tables refer to the session table. */
    abstract String link();

    /** Lists the columns of the session table that only this kind of database sets in statements, each after a comma. */
    abstract String moreColumns();

    /** Says what rights it takes on the tables that are written to besides the session table. */
    abstract String rightsBesides();

    /** Returns what {@link #checkRights} runs because of what only this kind of database has or asks for. */
    abstract List<String> moreRights();

    /** Binds what every database's new row has between its keys and its snapshot. */
    static Parameters facts(Parameters p, SessionRow row) throws SQLException {
        return p.bytes(row.digest())
                .number(row.createdAt())
                .number(row.lastAccessed())
                .number(row.maxIdle())
                .number(row.touchEvery())
                .number(row.lifetimeEnd());
    }

    /** Stores a session, its index entries included; false if its key or id is in use. */
    abstract boolean create(SqlCall call, Requests.Creation creation) throws SQLException;

    /** Changes a session. One round trip on PostgreSQL. */
    abstract RowOutcome change(SqlCall call, RowChange change) throws SQLException;

    /** Finds a session by the id that its latest renewal gave up. */
    abstract Optional<FormerRow> loadFormer(SqlCall call, byte[] digest, long now) throws SQLException;

    /** Moves last access forward; false if the session is gone. */
    abstract boolean touch(SqlCall call, Requests.Touch touch) throws SQLException;

    /** Removes a session and returns all of it. */
    abstract Optional<SessionRow> delete(SqlCall call, UUID key, long now) throws SQLException;

    /** Removes a session and returns its facts. */
    abstract Optional<FactsRow> deleteFacts(SqlCall call, UUID key, long now) throws SQLException;

    /** Removes expired sessions and returns all of them. */
    abstract Swept<SessionRow> sweep(SqlCall call, long before, int limit) throws SQLException;

    /** Removes expired sessions and returns their facts. */
    abstract Swept<FactsRow> sweepFacts(SqlCall call, long before, int limit) throws SQLException;

    /** Removes the sessions that have an index entry and returns all of them. */
    abstract List<SessionRow> deleteIndexed(SqlCall call, String name, String value, List<UUID> except, long now)
            throws SQLException;

    /** Removes the sessions that have an index entry and returns their facts. */
    abstract List<FactsRow> deleteIndexedFacts(SqlCall call, String name, String value, List<UUID> except, long now)
            throws SQLException;

    final Optional<SessionRow> load(SqlCall call, Requests.Load asked) throws SQLException {
        return call.first(load, p -> p.bytes(asked.digest()), row -> SessionRow.read(row, asked.digest()))
                .filter(row -> row.expiresAt() > asked.now());
    }

    final Optional<SessionRow> reload(SqlCall call, UUID key, long now) throws SQLException {
        return call.first(reload, p -> key(p, key).number(now), SessionRow::read);
    }

    /**
     * Tells why a change was refused. A session that is not what the change asks for stays so, as its version only grows and no
     * id comes back. One that is must have been expired for the change, or else it would have been stored: that it is not
     * any more, because of another request's access, makes the refusal no conflict.
     */
    final RowOutcome refused(SqlCall call, RowChange change) throws SQLException {
        RowChange.@Nullable NewId renewal = change.renewal();
        if (change.expected() == null && renewal == null) {
            return new RowOutcome.Refused(false);
        }
        long other = only(
                call,
                conflicts,
                p -> key(p, change.key())
                        .number(change.accessed())
                        .number(change.expected())
                        .bytes(renewal == null ? null : renewal.from()));
        return new RowOutcome.Refused(other > 0);
    }

    final long count(SqlCall call, long now) throws SQLException {
        return only(call, count, p -> p.number(now));
    }

    /** Lists the sessions that have an index entry. */
    final List<Listed> find(SqlCall call, String name, String value, long now, Position after, int limit)
            throws SQLException {
        return call.list(
                find,
                p -> p.text(name)
                        .text(value)
                        .number(now)
                        .number(after.since())
                        .key(after.key())
                        .number(limit),
                Dialect::listed);
    }

    /** Counts the sessions that have an index entry. */
    final long countIndexed(SqlCall call, String name, String value, long now) throws SQLException {
        return only(call, countIndexed, p -> p.text(name).text(value).number(now));
    }

    static long only(SqlCall call, String statement, SqlCall.Binder binder) throws SQLException {
        return call.first(statement, binder, row -> row.getLong(1)).orElseThrow();
    }

    final Optional<Meta> readMeta(SqlCall call) throws SQLException {
        return call.first(readMeta, p -> {}, row -> new Meta(row.getString(1), row.getInt(2)));
    }

    /** Tells whether the database takes no changes for now. */
    abstract boolean isReadOnly(SqlCall call) throws SQLException;

    /** Fails unless everything that the adapter will do is allowed. Five round trips or a few more, at start-up. */
    final void checkRights(SqlCall call) throws SQLException {
        for (String statement : CHECK_RIGHTS) {
            call.update(sql(statement.replace("{more}", moreColumns())), p -> {});
        }
        for (String statement : moreRights()) {
            call.update(sql(statement), p -> {});
        }
    }

    static Listed listed(ResultSet row) throws SQLException {
        return new Listed(
                FactsRow.read(row), new Position(row.getLong(FactsRow.COLUMNS + 1), row.getObject(1, UUID.class)));
    }
}
