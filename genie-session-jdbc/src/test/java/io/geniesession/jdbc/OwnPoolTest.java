package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.geniesession.spi.Settings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the settings make of a pool for H2. */
final class OwnPoolTest {

    private static final AtomicInteger NAMES = new AtomicInteger();

    /** For tests of a pool that has nothing left; in the others a machine may be slow. */
    private static final String SOON = "250ms";

    private final String url = "jdbc:h2:mem:pool" + NAMES.incrementAndGet();

    /** Opens a pool; pairs of name and value. */
    private OwnPool open(String more, String... settings) {
        Map<String, String> all = new HashMap<>(Map.of(JdbcSettings.POOL_TIMEOUT.name(), "10s"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return OwnPool.open(new JdbcUrl(url + more), Settings.of(all));
    }

    private static List<Connection> borrow(OwnPool pool, int count) throws SQLException {
        List<Connection> lent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lent.add(pool.borrow());
        }
        return lent;
    }

    private static void assertLendsExactly(OwnPool pool, int size) throws SQLException {
        List<Connection> lent = borrow(pool, size);
        assertThatThrownBy(pool::borrow).isInstanceOf(SQLTransientConnectionException.class);
        lent.forEach(pool::giveBack);
    }

    private static long lockTimeout(OwnPool pool) throws SQLException {
        Connection connection = pool.borrow();
        try (ResultSet rows = connection.createStatement().executeQuery("SELECT LOCK_TIMEOUT()")) {
            rows.next();
            return rows.getLong(1);
        } finally {
            pool.giveBack(connection);
        }
    }

    @Test
    void sizeIsWhatRequestsMayHaveBesideTheOneThatKeepsTheDatabaseOpen() throws SQLException {
        try (OwnPool pool = open("", JdbcSettings.POOL_SIZE.name(), "2", JdbcSettings.POOL_TIMEOUT.name(), SOON)) {
            assertLendsExactly(pool, 2);
        }
    }

    /** Flyway takes several connections; requests have to do with those of the settings again. */
    @Test
    void migrationHasMoreConnectionsUntilItIsOver() throws SQLException {
        try (OwnPool pool = open("", JdbcSettings.POOL_SIZE.name(), "1", JdbcSettings.POOL_TIMEOUT.name(), SOON)) {
            List<Connection> lent = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                lent.add(pool.dataSource().getConnection());
            }
            lent.forEach(pool::giveBack);

            pool.migrated();

            assertLendsExactly(pool, 1);
            assertThat(((HikariDataSource) pool.dataSource())
                            .getHikariPoolMXBean()
                            .getTotalConnections())
                    .isLessThanOrEqualTo(2);
        }
    }

    @Test
    void databaseIsThereUntilThePoolIsClosedAndGoneAfterwards() throws SQLException {
        OwnPool pool = open("");
        Connection connection = pool.borrow();
        connection.createStatement().execute("CREATE TABLE kept (id INT)");
        pool.giveBack(connection);
        ((HikariDataSource) pool.dataSource()).getHikariPoolMXBean().softEvictConnections();
        DriverManager.getConnection(url + ";IFEXISTS=TRUE").close();

        pool.close();

        assertThatThrownBy(() -> DriverManager.getConnection(url + ";IFEXISTS=TRUE"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("90146"));
    }

    @Test
    void connectionsCommitEachStatementAtReadCommitted() throws SQLException {
        try (OwnPool pool = open("")) {
            Connection connection = pool.borrow();
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            pool.giveBack(connection);
        }
    }

    @Test
    void statementsAndLocksAreWaitedForAsLongAsAStatementMayRun() throws SQLException {
        try (OwnPool pool = open("", JdbcSettings.STATEMENT_TIMEOUT.name(), "1500ms")) {
            assertThat(pool.statementTimeout()).isEqualTo(2);
            assertThat(lockTimeout(pool)).isEqualTo(1_500);
        }
    }

    @Test
    void lockTimeoutOfTheUrlIsStronger() throws SQLException {
        try (OwnPool pool = open(";LOCK_TIMEOUT=77")) {
            assertThat(lockTimeout(pool)).isEqualTo(77);
        }
    }

    /** A new connection would find nothing that the old one does not. */
    @Test
    void connectionsOfTheSameProcessDoNotAge() {
        try (OwnPool pool = open("", JdbcSettings.POOL_SIZE.name(), "3")) {
            HikariDataSource hikari = (HikariDataSource) pool.dataSource();
            assertThat(hikari.getMaxLifetime()).isZero();
            assertThat(hikari.getKeepaliveTime()).isZero();
            assertThat(hikari.getMinimumIdle()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({"10s, 1000", "900ms, 900"})
    void connectionIsTestedForASecondAtMostAndNoLongerThanItIsWaitedFor(String wait, long milliseconds) {
        try (OwnPool pool = open("", JdbcSettings.POOL_TIMEOUT.name(), wait)) {
            assertThat(((HikariDataSource) pool.dataSource()).getValidationTimeout())
                    .isEqualTo(milliseconds);
        }
    }

    @Test
    void connectionThatCannotBeGivenBackIsNobodysFault() throws SQLException {
        try (OwnPool pool = open("")) {
            pool.giveBack(CountingDataSource.proxy(Connection.class, (self, method, arguments) -> {
                throw new SQLException("broken", "08006");
            }));
            pool.giveBack(pool.borrow());
        }
    }

    @Test
    void placeHasNoPassword() {
        try (OwnPool pool = open(";USER=sa;PASSWORD=hidden")) {
            assertThat(pool.place()).isEqualTo("The database at " + url);
        }
    }
}
