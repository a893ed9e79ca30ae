package io.geniesession.jdbc;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionException;
import io.geniesession.SessionStoreException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** Tells what keeps the database from being opened, and how to mend it. */
final class StartFailure {

    /** PostgreSQL: password, authorization; H2: user or password. */
    private static final Set<String> CREDENTIALS = Set.of("28P01", "28000");

    /** H2: not found, and creating one is not allowed. */
    private static final Set<String> NO_DATABASE = Set.of("3D000", "90146", "90149", "90013");

    private static final String FILE_IN_USE = "90020";

    private StartFailure() {}

    static SessionException of(Throwable failure, String place, Optional<EmbeddedFile> file) {
        SQLException cause = SqlErrors.find(failure);
        String state = cause == null ? "" : SqlErrors.state(cause);
        String code = state.isEmpty() ? "" : " (SQLSTATE " + state + ")";
        if (CREDENTIALS.contains(state)) {
            return new SessionConfigException(
                    place + " refused user or password" + code + ". Check " + JdbcSettings.USER.name() + " and "
                            + JdbcSettings.PASSWORD.name() + ", and that the server lets this user in from here.",
                    failure);
        }
        if (NO_DATABASE.contains(state)) {
            return new SessionConfigException(
                    place + " does not exist" + code + ". Create the database, or correct " + JdbcSettings.URL.name()
                            + ".",
                    failure);
        }
        if (state.equals(FILE_IN_USE)) {
            return inUse(failure, place, file);
        }
        if (SqlErrors.isMissingRight(cause)) {
            return new SessionConfigException(
                    place + " does not let this role connect" + code + "; docs/schema.md lists the GRANT statements.",
                    failure);
        }
        if (cause != null && SqlErrors.isReadOnly(cause)) {
            return new SessionStoreException(
                    place + " takes no changes" + code + ": it is a standby, or is being switched over. "
                            + JdbcSettings.URL.name() + " has to lead to the primary; it may name several hosts, with"
                            + " targetServerType=primary.",
                    state,
                    false,
                    failure);
        }
        if (cause != null && SqlErrors.isMixedUp(cause)) {
            return new SessionConfigException(SqlErrors.mixedUp(cause, place), failure);
        }
        if (cause != null && SqlErrors.isFull(cause)) {
            return new SessionStoreException(SqlErrors.full(place), state, false, failure);
        }
        return new SessionStoreException(
                place + " does not answer" + code + ". Check that it runs, and that " + JdbcSettings.URL.name()
                        + " has its host and port; " + JdbcSettings.CONNECT_TIMEOUT.name()
                        + " says how long to wait.",
                state.isEmpty() ? null : state,
                false,
                failure);
    }

    private static SessionConfigException inUse(Throwable failure, String place, Optional<EmbeddedFile> file) {
        String what = file.map(f -> "The session database " + f.database() + " is open in " + f.owner())
                .orElse(place + " is open in another process");
        return new SessionConfigException(
                what + ", and an embedded file belongs to one process. Stop that process; or, if this is another"
                        + " application, give it a name of its own (genie.session.application); or, if nodes are to share"
                        + " their sessions, set "
                        + JdbcSettings.URL.name() + " to a PostgreSQL database, or to a jdbc:h2:file: URL with"
                        + " AUTO_SERVER=TRUE in all of them.",
                failure);
    }
}
