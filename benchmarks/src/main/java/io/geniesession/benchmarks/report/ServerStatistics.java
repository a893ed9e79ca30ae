package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Database;
import java.io.Closeable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What PostgreSQL knows about itself, asked beside the connections that are measured. Belongs to one thread. */
final class ServerStatistics implements Closeable {
    private static final String TABLES = """
            FROM pg_stat_user_tables
            WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
            """;

    private final Connection connection;

    ServerStatistics(Database database) {
        try {
            connection = database.connect();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL cannot be asked", e);
        }
    }

    Connection connection() {
        return connection;
    }

    /** Grows by one with every transaction that writes. */
    long nextTransaction() {
        return number("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
    }

    /** How many bytes were written to the write-ahead log so far. */
    long walBytes() {
        return number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
    }

    /** Bytes of all tables with their indexes and what is stored aside. */
    long tableBytes() {
        return number("SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint " + TABLES);
    }

    long updates() {
        return number("SELECT coalesce(sum(n_tup_upd), 0)::bigint " + TABLES);
    }

    long hotUpdates() {
        return number("SELECT coalesce(sum(n_tup_hot_upd), 0)::bigint " + TABLES);
    }

    /** Sets something on the server until it is reset. */
    void set(String setting, String value) {
        execute("ALTER SYSTEM SET " + setting + " = " + value);
        reload();
    }

    void reset(String setting) {
        execute("ALTER SYSTEM RESET " + setting);
        reload();
    }

    /** The server's processes take a new setting over when they are told to, which they are not yet when the call returns. */
    private void reload() {
        execute("SELECT pg_reload_conf()");
        execute("SELECT pg_sleep(0.5)");
    }

    void checkpoint() {
        execute("CHECKPOINT");
    }

    void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("Failed: " + sql, e);
        }
    }

    long number(String sql) {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("Failed: " + sql, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("The connection did not close", e);
        }
    }
}
