package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a failure of the database is taken for, and what is said about it. */
final class SqlErrorsTest {

    private static SQLException failure(String state) {
        return new SQLException("Detail: Key (id_digest)=(secret) already exists", state);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "25001 | the DataSource handed out a connection with auto-commit off, which belongs to a transaction of the"
                        + " application. Give the sessions a DataSource that takes no part in transactions and has auto-commit"
                        + " on.",
                "25006 | The shop takes no changes (SQLSTATE 25006): it is a standby, or is being switched over. See"
                        + " \"failover\" in docs/troubleshooting.md.",
                "42501 | the role lacks a right (SQLSTATE 42501); docs/schema.md lists the GRANT statements.",
                "90096 | the role lacks a right (SQLSTATE 90096); docs/schema.md lists the GRANT statements.",
                "42P01 | the tables are not as they were at start-up (SQLSTATE 42P01); see docs/schema.md.",
                "3F000 | the tables are not as they were at start-up (SQLSTATE 3F000); see docs/schema.md.",
                "57014 | it took longer than genie.session.jdbc.statement-timeout allows (SQLSTATE 57014).",
                "HYT00 | it waited too long for somebody else's lock (SQLSTATE HYT00).",
                "55P03 | it waited too long for somebody else's lock (SQLSTATE 55P03).",
                "40001 | it ran into others several times (SQLSTATE 40001).",
                "53300 | The shop has no connections left (SQLSTATE 53300). Raise max_connections of the server, or the limit of"
                        + " the role or the database, or lower genie.session.jdbc.pool-size on the nodes.",
                "42P05 | The shop mixes up prepared statements (SQLSTATE 42P05), as PgBouncer does with pool_mode=transaction."
                        + " Add prepareThreshold=0 to genie.session.jdbc.url; docs/schema.md has what poolers need.",
                "53100 | The shop has run out of a resource (SQLSTATE 53100); look at its log.",
                "90100 | The shop has run out of a resource (SQLSTATE 90100); look at its log.",
                "90098 | The shop was closed, or its file could not be read or written (SQLSTATE 90098); is its disk full? It"
                        + " is opened again as soon as that is possible.",
                "90067 | The shop did not answer (SQLSTATE 90067), or no connection was free within"
                        + " genie.session.jdbc.pool-timeout.",
                "08006 | The shop did not answer (SQLSTATE 08006), or no connection was free within"
                        + " genie.session.jdbc.pool-timeout.",
                "57P01 | The shop did not answer (SQLSTATE 57P01), or no connection was free within"
                        + " genie.session.jdbc.pool-timeout.",
                "'' | The shop did not answer, or no connection was free within genie.session.jdbc.pool-timeout.",
                "22001 | The shop refused (SQLSTATE 22001); its log tells more."
            })
    void saysWhatHappenedAndWhatToDo(String state, String said) {
        assertThat(SqlErrors.explain(failure(state), "The shop")).isEqualTo(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"22001", "22021", "23514", "42501", "53400", "54000", "HYT00"})
    void whatTheDatabaseHasAgainstAStatementIsARefusal(String state) {
        assertThat(SqlErrors.isRefusal(state)).isTrue();
    }

    /** Parts of the statement would meet the same. */
    @ParameterizedTest
    @ValueSource(strings = {"", "08006", "57014", "57P01", "25001", "90098", "HY000", "40001", "90131"})
    void whatIsNoFaultOfTheStatementIsNot(String state) {
        assertThat(SqlErrors.isRefusal(state)).isFalse();
    }

    /** Drivers and pools have several ways to say it, not all of them with a state that we know. */
    @Test
    void lostConnectionIsSeenByStateTypeOrCause() {
        assertThat(SqlErrors.isConnectionFault(new SQLException("lost", (String) null)))
                .isTrue();
        assertThat(SqlErrors.isConnectionFault(new SQLTransientConnectionException("none free", "X0000")))
                .isTrue();
        assertThat(SqlErrors.isConnectionFault(new SQLNonTransientConnectionException("lost", "X0000")))
                .isTrue();
        assertThat(SqlErrors.isConnectionFault(new SQLRecoverableException("lost", "X0000")))
                .isTrue();
        assertThat(SqlErrors.isConnectionFault(
                        new SQLException("lost", "X0000", new IllegalStateException(new EOFException()))))
                .isTrue();
        assertThat(SqlErrors.isConnectionFault(
                        new SQLException("refused", "X0000", new IllegalStateException("of the driver"))))
                .isFalse();
        assertThat(SqlErrors.isConnectionFault(failure("57014"))).isFalse();
    }

    @Test
    void silenceIsATimeoutOfTheSocketOnly() {
        assertThat(SqlErrors.isSilence(new SQLException("lost", "08006", new SocketTimeoutException("Read timed out"))))
                .isTrue();
        assertThat(SqlErrors.isSilence(new SQLException("lost", "08006", new EOFException())))
                .isFalse();
    }

    /** Of the pool, which wraps what the driver said, and says nothing itself. */
    @Test
    void firstFailureWithAStateIsTheOneThatCounts() {
        SQLException driver = new SQLException("refused", "28P01", failure("08001"));
        assertThat((Throwable)
                        SqlErrors.find(new IllegalStateException(new SQLException("no state", (String) null, driver))))
                .isSameAs(driver);
        assertThat((Throwable) SqlErrors.find(new IllegalStateException("no database involved")))
                .isNull();
    }

    @Test
    void causesThatGoInACircleAreLeftAgain() {
        IllegalStateException first = new IllegalStateException("first");
        first.initCause(new IllegalStateException("second", first));
        assertThat((Throwable) SqlErrors.find(first)).isNull();
        assertThat(SqlErrors.isSilence(new SQLException("lost", "08006", first)))
                .isFalse();
    }

    /** The next connection may lead to the new primary, or open the file again. */
    @ParameterizedTest
    @CsvSource({"25006, MUST_EVICT", "90098, MUST_EVICT", "HY000, MUST_EVICT", "23505, CONTINUE_EVICT"})
    void connectionsThatWillNotDoAgainAreDropped(String state, SQLExceptionOverride.Override decision) {
        assertThat(new UselessConnections().adjudicate(failure(state))).isEqualTo(decision);
    }
}
