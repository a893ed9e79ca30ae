package io.geniesession.benchmarks.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.geniesession.benchmarks.Database;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The other way to lay a session out, written by hand and as thrifty as we could: a row for the session, and one for each of
 * its attributes. One statement updates both rows of a change; no index holds what an update changes, and the pages have room,
 * so that every update can stay on its page. It exists to be counted. Belongs to one thread.
 */
final class RowPerAttribute implements Closeable {
    private static final String TABLES = """
            CREATE TABLE row_session (
              session_key uuid NOT NULL PRIMARY KEY,
              version bigint NOT NULL,
              last_accessed bigint NOT NULL,
              expires_at bigint NOT NULL,
              id_digest bytea NOT NULL UNIQUE
            ) WITH (fillfactor = 70);
            CREATE TABLE row_attribute (
              session_key uuid NOT NULL,
              name text NOT NULL,
              value bytea NOT NULL,
              PRIMARY KEY (session_key, name)
            ) WITH (fillfactor = 70);
            ALTER TABLE row_attribute ALTER value SET STORAGE EXTERNAL
            """;

    private static final String INSERT_SESSION = """
            INSERT INTO row_session (session_key, version, last_accessed, expires_at, id_digest)
            VALUES (?, 1, ?, ?, sha256(?))
            """;

    private static final String INSERT_ATTRIBUTE =
            "INSERT INTO row_attribute (session_key, name, value) VALUES (?, ?, ?)";

    private static final String UPDATE = """
            WITH s AS (
              UPDATE row_session
              SET version = version + 1, last_accessed = ?, expires_at = ?
              WHERE session_key = ? AND expires_at > ?
              RETURNING session_key)
            UPDATE row_attribute a
            SET value = ?
            FROM s
            WHERE a.session_key = s.session_key AND a.name = ?
            """;

    private static final long IDLE_MILLIS = 1_800_000;

    private final Connection connection;
    private final List<UUID> keys = new ArrayList<>();

    RowPerAttribute(Database database) throws SQLException {
        connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute(TABLES);
        }
    }

    void create(Map<String, String> attributes) throws SQLException {
        UUID key = UUID.randomUUID();
        long now = System.currentTimeMillis();
        try (PreparedStatement session = connection.prepareStatement(INSERT_SESSION);
                PreparedStatement attribute = connection.prepareStatement(INSERT_ATTRIBUTE)) {
            session.setObject(1, key);
            session.setLong(2, now);
            session.setLong(3, now + IDLE_MILLIS);
            session.setBytes(4, key.toString().getBytes(UTF_8));
            session.executeUpdate();
            for (Map.Entry<String, String> entry : attributes.entrySet()) {
                attribute.setObject(1, key);
                attribute.setString(2, entry.getKey());
                attribute.setBytes(3, entry.getValue().getBytes(UTF_8));
                attribute.addBatch();
            }
            attribute.executeBatch();
        }
        keys.add(key);
    }

    /** Changes one attribute of any session. */
    void write(String name, String value) throws SQLException {
        UUID key = keys.get(ThreadLocalRandom.current().nextInt(keys.size()));
        long now = System.currentTimeMillis();
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            update.setLong(1, now);
            update.setLong(2, now + IDLE_MILLIS);
            update.setObject(3, key);
            update.setLong(4, now);
            update.setBytes(5, value.getBytes(UTF_8));
            update.setString(6, name);
            int count = update.executeUpdate();
            if (count != 1) {
                throw new IllegalStateException("Rows written: " + count);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
