package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.spi.NewSession;
import io.geniesession.spi.SessionAdapter;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class PostgresOwnDataSourceTest extends OwnDataSourceContract {

    private static final String READ_LEVEL = "getTransactionIsolation";
    private static final String SET_LEVEL = "setTransactionIsolation";

    @Override
    TestDatabase open() {
        return TestDatabase.postgres();
    }

    /** Lends one connection, a new wrapper each time as pools do, and notes what is done with its isolation level. */
    private static final class Pool implements AutoCloseable {
        private final Connection connection;
        private final List<String> calls = new ArrayList<>();
        private final AtomicBoolean rollsBack = new AtomicBoolean();

        Pool(Connection connection) {
            this.connection = connection;
        }

        DataSource dataSource() {
            return new SimpleDataSource(() -> CountingDataSource.proxy(
                            Connection.class, (self, method, arguments) -> onConnection(method, arguments)))
                    .dataSource();
        }

        private Object onConnection(Method method, Object[] arguments) throws Throwable {
            if (method.getName().equals("close")) {
                return null;
            }
            if (method.getName().endsWith("TransactionIsolation")) {
                calls.add(method.getName());
            }
            Object result = CountingDataSource.invoke(connection, method, arguments);
            return result instanceof PreparedStatement statement && rollsBack.getAndSet(false)
                    ? rolledBack(statement)
                    : result;
        }

        private static PreparedStatement rolledBack(PreparedStatement statement) {
            return CountingDataSource.proxy(PreparedStatement.class, (self, method, arguments) -> {
                if (method.getName().startsWith("execute")) {
                    throw new SQLException("could not serialize access due to concurrent update", "40001");
                }
                return CountingDataSource.invoke(statement, method, arguments);
            });
        }

        List<String> calls() {
            List<String> result = List.copyOf(calls);
            calls.clear();
            return result;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    @Test
    @DisplayName("a connection that was found at READ COMMITTED is not asked for its level again")
    void levelIsAskedOncePerConnection() throws Exception {
        try (TestDatabase database = open();
                Pool pool = new Pool(database.connect());
                SessionAdapter node = JdbcSessionAdapter.with(pool.dataSource()).open(TestSessions.context(Map.of()))) {
            NewSession session = session(Map.of());
            node.create(session);
            assertThat(pool.calls()).containsOnly(READ_LEVEL);

            node.load(session.id(), START);
            node.load(session.id(), START);

            assertThat(pool.calls()).isEmpty();
        }
    }

    @Test
    @DisplayName("a level changed behind the pool's back is found once a statement was rolled back for it")
    void levelIsAskedAgainAfterARollback() throws Exception {
        try (TestDatabase database = open();
                Pool pool = new Pool(database.connect());
                SessionAdapter node = JdbcSessionAdapter.with(pool.dataSource()).open(TestSessions.context(Map.of()))) {
            node.create(session(Map.of()));
            pool.connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            pool.calls();
            pool.rollsBack.set(true);

            assertThat(node.create(session(Map.of()))).isPresent();

            assertThat(pool.calls()).containsExactly(READ_LEVEL, SET_LEVEL, SET_LEVEL);
            assertThat(pool.connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
        }
    }
}
