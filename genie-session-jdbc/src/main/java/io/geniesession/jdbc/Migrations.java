package io.geniesession.jdbc;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionException;
import io.geniesession.SessionStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Sees to it that the tables are there, belong to this application, are of the version that this library knows, and may be
 * used.
 *
 * <p>One row of the meta table says whose tables they are and of which version. Where it says all is well, nothing else is
 * looked at, so that a start needs no rights beyond those of running. Otherwise Flyway creates or changes the tables, with a
 * history table of its own beside them; nodes that start at once wait for each other. With
 * {@code genie.session.jdbc.migrate=false} the tables are never changed.
 */
final class Migrations {

    /** The version that the newest script leads to. */
    static final int SCHEMA_VERSION = 1;

    private static final int ATTEMPTS = 3;

    /** The table, or the index, exists already. */
    private static final String POSTGRES_EXISTS = "42P07";

    /** The table exists already, which H2's script passes over, but lacks a column that an index is for. */
    private static final String H2_EXISTS = "42S22";

    private final ConnectionSource source;
    private final Dialect dialect;
    private final String application;
    private final boolean migrate;

    Migrations(ConnectionSource source, Dialect dialect, String application, boolean migrate) {
        this.source = source;
        this.dialect = dialect;
        this.application = application;
        this.migrate = migrate;
    }

    /** Creates, changes or verifies the tables. */
    void run() {
        Optional<Dialect.Meta> meta = readMeta();
        meta.ifPresent(this::checkOwnerAndNotNewer);
        if (!isComplete(meta)) {
            if (!migrate) {
                throw new SessionConfigException(incomplete(meta));
            }
            migrate(meta);
        }
        checkRights();
    }

    private static boolean isComplete(Optional<Dialect.Meta> meta) {
        return meta.isPresent() && meta.get().schemaVersion() == SCHEMA_VERSION;
    }

    private void checkOwnerAndNotNewer(Dialect.Meta meta) {
        if (!meta.application().equals(application)) {
            throw new SessionConfigException("The tables " + dialect.table() + " in " + where()
                    + " hold the sessions of the application \"" + meta.application() + "\", and this is \""
                    + application + "\". Give this one tables of its own by " + JdbcSettings.TABLE_PREFIX.name()
                    + " or " + JdbcSettings.SCHEMA.name()
                    + "; or, if both are the same application, set genie.session.application to the same name.");
        }
        if (meta.schemaVersion() > SCHEMA_VERSION) {
            throw new SessionConfigException("The tables " + dialect.table() + " in " + where() + " are of version "
                    + meta.schemaVersion() + ", from a newer Genie Session; this one knows versions up to "
                    + SCHEMA_VERSION + ". Use the newer release on this node too, or other tables by "
                    + JdbcSettings.TABLE_PREFIX.name() + ".");
        }
    }

    private String incomplete(Optional<Dialect.Meta> meta) {
        String state = meta.isPresent()
                ? "are of version " + meta.get().schemaVersion() + ", and this release needs " + SCHEMA_VERSION
                : "are not there";
        return "The tables " + dialect.table() + " in " + where() + " " + state + ", and "
                + JdbcSettings.MIGRATE.name()
                + " is false, so they were left alone. Run the statements of docs/schema.md, or set "
                + JdbcSettings.MIGRATE.name() + "=true for one start.";
    }

    private void migrate(Optional<Dialect.Meta> before) {
        requireChanges();
        FlywayException failure = null;
        for (int attempt = 1; ; attempt++) {
            try {
                migrateOnce(before);
                return;
            } catch (FlywayException e) {
                // Where the script of another node has just failed and left a trace, this one knows only that it did.
                failure = failure == null || SqlErrors.find(e) != null ? e : failure;
                // Another node may have been faster, which is as good.
                Optional<Dialect.Meta> now = readMeta();
                now.ifPresent(this::checkOwnerAndNotNewer);
                if (isComplete(now)) {
                    return;
                }
                if (attempt == ATTEMPTS || SqlErrors.isMissingRight(SqlErrors.find(e))) {
                    throw failure(failure);
                }
            }
        }
    }

    /** The pool closes a connection that takes no changes, and after that Flyway knows nothing but that it is closed. */
    private void requireChanges() {
        try {
            if (call(dialect::isReadOnly)) {
                throw StartFailure.of(new SQLException(null, SqlErrors.READ_ONLY), source.place(), Optional.empty());
            }
        } catch (SQLException e) {
            throw rightsOrStartFailure(e);
        }
    }

    private void migrateOnce(Optional<Dialect.Meta> before) {
        try {
            Flyway flyway = flyway(before);
            if (Arrays.stream(flyway.info().all())
                    .anyMatch(entry -> entry.getState().isFailed())) {
                // H2 cannot undo a script, which can be run again there, and with an entry of its failure Flyway would
                // not.
                flyway.repair();
            }
            flyway.migrate();
        } finally {
            source.migrated();
        }
    }

    private Flyway flyway(Optional<Dialect.Meta> before) {
        boolean upper = dialect.foldsToUpperCase();
        TableName table = dialect.table();
        FluentConfiguration configuration = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(source.dataSource())
                .resourceProvider(new MigrationScripts(dialect.folder()))
                .locations(new String[0])
                .skipDefaultCallbacks(true)
                .table(TableName.folded(table.prefix() + "_history", upper))
                // Tables of others in the same schema are none of our business; ours, made by hand, count as done.
                .baselineOnMigrate(true)
                .baselineVersion(
                        String.valueOf(before.map(Dialect.Meta::schemaVersion).orElse(0)))
                .placeholders(Map.of("prefix", TableName.folded(table.prefix(), upper), "application", application));
        table.schema()
                .map(schema -> TableName.folded(schema, upper))
                .ifPresent(schema -> configuration.schemas(schema).defaultSchema(schema));
        return configuration.load();
    }

    private SessionException failure(FlywayException e) {
        SQLException cause = SqlErrors.find(e);
        String state = cause == null ? "" : SqlErrors.state(cause);
        if (SqlErrors.isMissingRight(cause)) {
            return new SessionConfigException(
                    "The role may not create the tables " + dialect.table() + " in " + where()
                            + " (SQLSTATE " + state
                            + "). Grant it CREATE on the schema, or run the statements of docs/schema.md as"
                            + " a role that may and set " + JdbcSettings.MIGRATE.name() + "=false.",
                    e);
        }
        if (cause != null && (SqlErrors.isFull(cause) || SqlErrors.isMixedUp(cause))) {
            return StartFailure.of(e, source.place(), Optional.empty());
        }
        if (state.equals(POSTGRES_EXISTS) || state.equals(H2_EXISTS)) {
            return new SessionConfigException(
                    "Some of the tables " + dialect.table() + " in " + where()
                            + " exist already, but not as this library makes them. Choose another name by "
                            + JdbcSettings.TABLE_PREFIX.name() + ", or remove what is left of an attempt.",
                    e);
        }
        return new SessionStoreException(
                "The tables " + dialect.table() + " in " + where() + " could not be created or changed"
                        + (state.isEmpty() ? "" : " (SQLSTATE " + state + ")")
                        + ". The database's log tells more; docs/schema.md has the statements.",
                state.isEmpty() ? null : state,
                false,
                e);
    }

    private Optional<Dialect.Meta> readMeta() {
        try {
            return call(dialect::readMeta);
        } catch (SQLException e) {
            if (SqlErrors.isMissingTable(e)) {
                return Optional.empty();
            }
            throw rightsOrStartFailure(e);
        }
    }

    private void checkRights() {
        try {
            call(call -> {
                dialect.checkRights(call);
                return true;
            });
        } catch (SQLException e) {
            throw rightsOrStartFailure(e);
        }
    }

    private SessionException rightsOrStartFailure(SQLException e) {
        if (SqlErrors.isMissingRight(e)) {
            return new SessionConfigException(
                    "The role lacks rights on the tables " + dialect.table() + " in " + where()
                            + " (SQLSTATE " + SqlErrors.state(e) + "). It needs SELECT, INSERT, UPDATE and DELETE on "
                            + dialect.table()
                            + ", " + dialect.rightsBesides() + ", and SELECT on "
                            + dialect.table() + "_meta; docs/schema.md has the GRANT statements.",
                    e);
        }
        if (SqlErrors.isMissingTable(e)) {
            return new SessionConfigException(
                    "The tables " + dialect.table() + " in " + where() + " lack tables or columns (SQLSTATE "
                            + SqlErrors.state(e) + "), although they say to be of version " + SCHEMA_VERSION
                            + ". Compare them with docs/schema.md.",
                    e);
        }
        return StartFailure.of(e, source.place(), Optional.empty());
    }

    private <T> T call(SqlRunner.Step<T> step) throws SQLException {
        Connection connection = source.borrow();
        try {
            return step.run(new SqlCall(connection, source.statementTimeout()));
        } finally {
            source.giveBack(connection);
        }
    }

    private String where() {
        String place = source.place();
        return Character.toLowerCase(place.charAt(0)) + place.substring(1);
    }
}
