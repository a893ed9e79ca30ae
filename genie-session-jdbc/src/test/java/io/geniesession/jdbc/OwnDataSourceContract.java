package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionId;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.SessionAdapter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the adapter may do with the application's own connections. */
abstract class OwnDataSourceContract {

    private TestDatabase database;
    private Connection connection;
    private OneConnection source;

    abstract TestDatabase open();

    @BeforeEach
    void connect() throws SQLException {
        database = open();
        connection = database.connect();
        source = new OneConnection(connection);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        database.checkNothingLeaked();
        database.close();
    }

    private SessionAdapter node() {
        return JdbcSessionAdapter.with(source.dataSource()).open(TestSessions.context(Map.of()));
    }

    @Test
    void isolationIsReadCommittedWhileLentAndAsBeforeAfterwards() throws Exception {
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        CountingDataSource counter = new CountingDataSource(source.dataSource());
        try (SessionAdapter node = JdbcSessionAdapter.with(counter.dataSource()).open(TestSessions.context(Map.of()))) {
            counter.calls();
            node.create(session(Map.of()));

            assertThat(counter.calls())
                    .hasSize(3)
                    .startsWith("setTransactionIsolation")
                    .endsWith("setTransactionIsolation");
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    @Test
    void connectionOfATransactionIsRefusedAtStart() throws Exception {
        connection.setAutoCommit(false);
        assertThatThrownBy(this::node)
                .isInstanceOf(SessionConfigException.class)
                .hasMessageContaining("auto-commit off");
        assertThat(connection.getAutoCommit()).isFalse();
        connection.setAutoCommit(true);
        node().close();
    }

    @Test
    void connectionOfATransactionIsRefusedLaterAndTheTransactionGoesOn() throws Exception {
        try (SessionAdapter node = node()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> node.create(session(Map.of())))
                    .isInstanceOfSatisfying(
                            SessionStoreException.class,
                            e -> assertThat(e.outcomeUnknown()).isFalse())
                    .hasMessageContaining("auto-commit off");
            connection.rollback();
            connection.setAutoCommit(true);
            assertThat(node.count(START)).isZero();
        }
    }

    @Test
    void closingTheAdapterLeavesTheDataSourceOpen() throws Exception {
        SessionAdapter node = node();
        node.close();
        node.close();

        assertThat(connection.isClosed()).isFalse();
        assertThatThrownBy(() -> node.load(SessionId.generate(), START))
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining("closed");
        try (SessionAdapter again = node()) {
            assertThat(again.create(session(Map.of()))).isPresent();
        }
    }
}
