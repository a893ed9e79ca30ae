package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of the application's connections when something goes wrong with them. */
final class ForeignDataSourceTest {

    private final List<String> calls = new ArrayList<>();
    private final Set<String> failing = new HashSet<>();
    private boolean autoCommit = true;

    private final ForeignDataSource source = new ForeignDataSource(
            new SimpleDataSource(() -> CountingDataSource.proxy(Connection.class, (self, method, arguments) -> {
                        calls.add(method.getName());
                        if (failing.contains(method.getName())) {
                            throw new SQLException("broken", "08006");
                        }
                        return switch (method.getName()) {
                            case "getAutoCommit" -> autoCommit;
                            case "getTransactionIsolation" -> Connection.TRANSACTION_SERIALIZABLE;
                            case "unwrap" -> self;
                            case "hashCode" -> System.identityHashCode(self);
                            case "equals" -> self == arguments[0];
                            default -> null;
                        };
                    }))
                    .dataSource(),
            7);

    @Test
    void connectionOfATransactionGoesBackAsItCame() {
        autoCommit = false;
        assertThatThrownBy(source::borrow)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25001"));
        assertThat(calls).containsExactly("getAutoCommit", "close");
    }

    @Test
    void connectionThatFailsWhileItIsSetUpGoesBack() {
        failing.add("setTransactionIsolation");
        assertThatThrownBy(source::borrow).hasMessage("broken");
        assertThat(calls).endsWith("close");
    }

    @Test
    void connectionWhoseLevelCannotBeRestoredGoesBackAllTheSame() throws SQLException {
        Connection connection = source.borrow();
        failing.add("setTransactionIsolation");
        source.giveBack(connection);
        assertThat(calls).endsWith("setTransactionIsolation", "close");
    }

    @Test
    void failureOfGivingBackIsKept() throws SQLException {
        Connection connection = source.borrow();
        failing.add("close");
        source.giveBack(connection);
        assertThat(calls).endsWith("close");
    }

    @Test
    void statementsAreTimedAndThePlaceHasNoName() {
        assertThat(source.statementTimeout()).isEqualTo(7);
        assertThat(source.place()).isEqualTo("The database of the application's DataSource");
    }
}
