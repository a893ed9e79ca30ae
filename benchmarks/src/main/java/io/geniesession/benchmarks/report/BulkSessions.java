package io.geniesession.benchmarks.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.geniesession.benchmarks.Contestant;
import io.geniesession.benchmarks.Database;
import io.geniesession.benchmarks.Store;
import java.io.Closeable;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A PostgreSQL table of the JDBC adapter with any number of sessions, made by the server out of one that the library stored: the
 * same encoded attributes, each under a key and an id of its own. Safe for use by several threads.
 */
final class BulkSessions implements Closeable {
    /** Long enough ago that every margin has passed. */
    private static final Duration LONG_AGO = Contestant.IDLE_TIMEOUT.multipliedBy(3);

    private static final String LIVE = "live";

    private final Database database;
    private final Store store;
    private final ServerStatistics postgres;
    private final int count;
    private int expiredSoFar;

    private BulkSessions(Database database, Store store, ServerStatistics postgres, int count) {
        this.database = database;
        this.store = store;
        this.postgres = postgres;
        this.count = count;
    }

    static BulkSessions create(int count, String shape) throws IOException {
        Database database = Database.postgres();
        Store store = null;
        try {
            Database kept = new Database(database.url(), database.user(), () -> {});
            store = Contestant.GENIE_POSTGRES.open(Optional.of(kept));
            store.create(new Workload(shape).attributes());
            BulkSessions sessions = new BulkSessions(database, store, new ServerStatistics(database), count);
            sessions.fill();
            return sessions;
        } catch (RuntimeException | IOException e) {
            if (store != null) {
                store.close();
            }
            database.close();
            throw e;
        }
    }

    private void fill() throws IOException {
        // The store has also kept the session that it was tried out with; the largest row is ours.
        postgres.execute("""
                CREATE UNLOGGED TABLE template AS
                SELECT * FROM genie_session ORDER BY octet_length(snapshot) + octet_length(changes) DESC LIMIT 1
                """);
        insert(LIVE, 1, count, 0);
        settle();
    }

    /** Adds sessions that expired long ago. */
    void addExpired(int expired) {
        insert("expired", expiredSoFar + 1, expiredSoFar + expired, LONG_AGO.toMillis());
        expiredSoFar += expired;
        settle();
    }

    /** All columns are copied, whatever there are, but for those that make a session another one, or one used longer ago. */
    private void insert(String prefix, int first, int last, long millisAgo) {
        postgres.execute(String.format(Locale.ROOT, """
                DO $$
                DECLARE
                  columns text;
                  expressions text;
                BEGIN
                  SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position),
                         string_agg(CASE column_name
                           WHEN 'session_key' THEN 'uuidv7()'
                           WHEN 'id_digest' THEN 'sha256(sha256((''%1$s-'' || i)::bytea))'
                           WHEN 'last_accessed' THEN 'last_accessed - %4$d'
                           WHEN 'expires_at' THEN 'expires_at - %4$d'
                           WHEN 'expiry_bucket' THEN '((expires_at - %4$d) >> 21) + 1'
                           ELSE quote_ident(column_name) END, ', ' ORDER BY ordinal_position)
                  INTO columns, expressions
                  FROM information_schema.columns
                  WHERE table_name = 'genie_session';
                  EXECUTE 'INSERT INTO genie_session (' || columns || ') SELECT ' || expressions
                    || ' FROM template, generate_series(%2$d, %3$d) i';
                END $$
                """, prefix, first, last, millisAgo));
    }

    /** What follows a mass of inserts would otherwise fall into the measurement. */
    private void settle() {
        postgres.execute("VACUUM ANALYZE genie_session");
        postgres.checkpoint();
    }

    Store store() {
        return store;
    }

    int count() {
        return count;
    }

    /** The cookie's value of any live session. */
    String anyId() {
        int number = 1 + ThreadLocalRandom.current().nextInt(count);
        byte[] secret = sha256((LIVE + "-" + number).getBytes(UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
        try {
            store.close();
        } finally {
            database.close();
        }
    }
}
