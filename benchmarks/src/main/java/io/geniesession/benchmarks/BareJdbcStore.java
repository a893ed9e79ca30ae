package io.geniesession.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * The floor: one row per session and one hand-written statement per step, on the same driver and pool, each committed by itself.
 *
 * <p>All attributes of a session are one value of bytes. A change rewrites it: that is one statement, what it appends to the log
 * is little where the database writes only what differs (PostgreSQL, rows of less than 2 kB), and the value does not grow, as it
 * would if changes were appended and never folded in. The row has the fill factor and the storage of the JDBC adapter's, so that
 * updates stay within the page and nothing is compressed. No guard stands in the update: of two concurrent changes the later
 * one stays. The expiry is moved by writes only.
 *
 * <p>Safe for use by several threads.
 */
final class BareJdbcStore implements Store {
    private static final String POSTGRES_TABLE = """
            CREATE TABLE bare_session (
              id bytea NOT NULL PRIMARY KEY,
              version bigint NOT NULL,
              expires_at bigint NOT NULL,
              principal text,
              data bytea NOT NULL
            ) WITH (fillfactor = 70);
            ALTER TABLE bare_session ALTER data SET STORAGE EXTERNAL
            """;

    private static final String H2_TABLE = """
            CREATE TABLE bare_session (
              id VARBINARY(32) NOT NULL PRIMARY KEY,
              version BIGINT NOT NULL,
              expires_at BIGINT NOT NULL,
              principal VARCHAR(100),
              data VARBINARY(100000000) NOT NULL
            )
            """;

    private static final String INSERT = "INSERT INTO bare_session (id, version, expires_at, data) VALUES (?, 1, ?, ?)";

    private static final String SELECT = "SELECT version, data FROM bare_session WHERE id = ? AND expires_at > ?";

    private static final String UPDATE =
            "UPDATE bare_session SET version = version + 1, expires_at = ?, data = ? WHERE id = ?";

    private static final String LOGIN =
            "UPDATE bare_session SET version = version + 1, expires_at = ?, id = ?, principal = ? WHERE id = ?";

    private static final String SWEEP = "DELETE FROM bare_session WHERE expires_at <= ?";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Database database;
    private final HikariDataSource pool;
    private final long idleMillis;

    BareJdbcStore(Database database, Duration idleTimeout) {
        this.database = database;
        this.idleMillis = idleTimeout.toMillis();
        createTable();
        this.pool = database.pool();
    }

    private void createTable() {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(database.isPostgres() ? POSTGRES_TABLE : H2_TABLE);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String create(Map<String, String> attributes) {
        return insert(attributes, System.currentTimeMillis() + idleMillis);
    }

    @Override
    public void createExpired(Map<String, String> attributes) {
        insert(attributes, System.currentTimeMillis() - 1);
    }

    private String insert(Map<String, String> attributes, long expiresAt) {
        byte[] id = newId();
        one(INSERT, statement -> {
            statement.setBytes(1, id);
            statement.setLong(2, expiresAt);
            statement.setBytes(3, Texts.encode(attributes));
        });
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }

    @Override
    public void load(String id) {
        select(bytes(id));
    }

    @Override
    public String read(String id, String name) {
        return Texts.find(select(bytes(id)), name);
    }

    @Override
    public void write(String id, Map<String, String> changes) {
        byte[] key = bytes(id);
        Map<String, String> attributes = new HashMap<>(Texts.decode(select(key)));
        attributes.putAll(changes);
        one(UPDATE, statement -> {
            statement.setLong(1, System.currentTimeMillis() + idleMillis);
            statement.setBytes(2, Texts.encode(attributes));
            statement.setBytes(3, key);
        });
    }

    @Override
    public String login(String id, String principal) {
        byte[] key = bytes(id);
        byte[] renewed = newId();
        select(key);
        one(LOGIN, statement -> {
            statement.setLong(1, System.currentTimeMillis() + idleMillis);
            statement.setBytes(2, renewed);
            statement.setString(3, principal);
            statement.setBytes(4, key);
        });
        return Base64.getUrlEncoder().withoutPadding().encodeToString(renewed);
    }

    @Override
    public int sweep() {
        return update(SWEEP, statement -> statement.setLong(1, System.currentTimeMillis()));
    }

    private byte[] select(byte[] id) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setBytes(1, id);
            statement.setLong(2, System.currentTimeMillis());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("There is no such session");
                }
                return row.getBytes(2);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void one(String sql, Values values) {
        int count = update(sql, values);
        if (count != 1) {
            throw new IllegalStateException("Rows written: " + count);
        }
    }

    private int update(String sql, Values values) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            values.setOn(statement);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] newId() {
        byte[] id = new byte[32];
        RANDOM.nextBytes(id);
        return id;
    }

    private static byte[] bytes(String id) {
        return Base64.getUrlDecoder().decode(id);
    }

    @Override
    public void close() throws IOException {
        pool.close();
        database.close();
    }

    /** Fills a statement in. */
    private interface Values {
        void setOn(PreparedStatement statement) throws SQLException;
    }
}
