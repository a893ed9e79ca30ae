package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements on one connection. */
final class SqlCallTest {

    private static final String INSERT = "INSERT INTO item VALUES (?)";
    private static final String ITEMS = "SELECT id FROM item ORDER BY id";

    private Connection connection;

    /** What was called of the statements. */
    private final List<String> calls = new ArrayList<>();

    @BeforeEach
    void connect() throws SQLException {
        connection = DriverManager.getConnection("jdbc:h2:mem:");
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE item (id BIGINT PRIMARY KEY)");
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private SqlCall call(int timeout) {
        Connection noting = CountingDataSource.proxy(Connection.class, (self, method, arguments) -> {
            Object result = CountingDataSource.invoke(connection, method, arguments);
            return result instanceof PreparedStatement statement ? noting(statement) : result;
        });
        return new SqlCall(noting, timeout);
    }

    private PreparedStatement noting(PreparedStatement statement) {
        return CountingDataSource.proxy(PreparedStatement.class, (self, method, arguments) -> {
            calls.add(method.getName());
            return CountingDataSource.invoke(statement, method, arguments);
        });
    }

    private List<Long> items() throws SQLException {
        return new SqlCall(connection, 0).list(ITEMS, p -> {}, row -> row.getLong(1));
    }

    private static int insert(SqlCall call, long id) throws SQLException {
        return call.update(INSERT, p -> p.number(id));
    }

    private int queryTimeout() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.getQueryTimeout();
        }
    }

    /** H2 keeps it for the connection; setting it is a statement. */
    @Test
    void timeoutIsSetOnceForTheConnection() throws SQLException {
        SqlCall call = call(3);
        insert(call, 1);
        insert(call, 2);
        assertThat(queryTimeout()).isEqualTo(3);
        assertThat(calls).containsOnlyOnce("setQueryTimeout");
    }

    @Test
    void connectionsThatKnowByThemselvesAreLeftAlone() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(7);
        }
        insert(call(0), 1);
        assertThat(queryTimeout()).isEqualTo(7);
    }

    @Test
    void whatCannotBeBoundIsNotSentAndClosed() {
        SqlCall call = call(0);
        assertThatThrownBy(() -> call.update(INSERT, p -> {
                    throw new IllegalStateException("no value");
                }))
                .hasMessage("no value");
        assertThat(call.sent()).isFalse();
        assertThat(calls).containsExactly("close");
    }

    @Test
    void whatWasExecutedCountsAsSent() throws SQLException {
        SqlCall call = call(0);
        assertThat(insert(call, 1)).isEqualTo(1);
        assertThat(call.sent()).isTrue();
    }

    @Test
    void severalRowsWhereThereShouldBeOneAreAnError() throws SQLException {
        insert(call(0), 1);
        assertThat(call(0).<Long>first(ITEMS, p -> {}, row -> row.getLong(1))).contains(1L);
        insert(call(0), 2);
        assertThatThrownBy(() -> call(0).<Long>first(ITEMS, p -> {}, row -> row.getLong(1)))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("21000"));
    }

    @Test
    void transactionIsStoredAsAWhole() throws SQLException {
        SqlCall call = call(0);
        assertThat(call.<Integer>inTransaction(() -> insert(call, 1) + insert(call, 2)))
                .isEqualTo(2);
        assertThat(connection.getAutoCommit()).isTrue();
        connection.rollback();
        assertThat(items()).containsExactly(1L, 2L);
    }

    @Test
    void failureUndoesTheTransaction() throws SQLException {
        SqlCall call = call(0);
        assertThatThrownBy(() -> call.<Integer>inTransaction(() -> insert(call, 1) + insert(call, 1)))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
        assertThat(connection.getAutoCommit()).isTrue();
        assertThat(items()).isEmpty();
    }

    @Test
    void failureOfUndoingIsSaidBesideTheFirst() {
        Connection broken = CountingDataSource.proxy(Connection.class, (self, method, arguments) -> {
            if (method.getName().equals("rollback")) {
                throw new SQLException("no rollback", "08006");
            }
            return null;
        });
        IllegalStateException failure = new IllegalStateException("first");
        assertThatThrownBy(() -> new SqlCall(broken, 0).inTransaction(() -> {
                    throw failure;
                }))
                .isSameAs(failure)
                .hasSuppressedException(new SQLException("no rollback", "08006"));
    }
}
