package io.geniesession.jdbc;

import io.geniesession.spi.Setting;
import java.time.Duration;
import java.util.List;

/**
 * The settings of the JDBC adapter.
 *
 * <p>The constants are immutable. Safe for use by several threads.
 */
public final class JdbcSettings {

    /** Where the database is; none: an embedded H2 file. Never shown as a whole, because it may contain a password. */
    public static final Setting<String> URL = Setting.secret(
                    "genie.session.jdbc.url",
                    "Where the database is: `jdbc:postgresql:…`, or `jdbc:h2:…` for a file, a server or memory.")
            .withDerivedDefault("an embedded H2 file, `./genie-session/` and the application's name");

    /** Who signs in to the database; none: what the URL says. */
    public static final Setting<String> USER = Setting.text("genie.session.jdbc.user", "Who signs in to the database.")
            .withDerivedDefault("what the URL says");

    /** The password that goes with the user. */
    public static final Setting<String> PASSWORD = Setting.secret(
                    "genie.session.jdbc.password", "The password that goes with `jdbc.user`.")
            .withDerivedDefault("what the URL says");

    /** The schema of the tables; none: the connection's own. */
    public static final Setting<String> SCHEMA = Setting.text(
                    "genie.session.jdbc.schema",
                    "The schema of the tables; created if `jdbc.migrate` is on and the role may.")
            .withPattern(
                    TableName.SCHEMA_PATTERN,
                    "1 to 63 characters from `a-z`, `0-9` and `_` that do not begin with a digit")
            .withDerivedDefault("the connection's own, such as `public`");

    /** The name of the session table and what the names of everything beside it begin with. */
    public static final Setting<String> TABLE_PREFIX = Setting.text(
                    "genie.session.jdbc.table-prefix",
                    "Name of the session table, and what the names of the tables beside it begin with; applications"
                            + " that share a schema have one each.")
            .withPattern(
                    TableName.PREFIX_PATTERN, "1 to 48 characters from `a-z`, `0-9` and `_` that begin with a letter")
            .withDerivedDefault("`genie_session`, or `genie_session_` and `application` if that is set");

    /** Whether the tables are created and brought up to date at start-up. */
    public static final Setting<Boolean> MIGRATE = Setting.flag(
                    "genie.session.jdbc.migrate",
                    "Whether the tables are created and brought up to date at start-up; `false` = they are only"
                            + " verified.")
            .withDefault(true);

    /** How many connections the pool holds at most. */
    public static final Setting<Integer> POOL_SIZE = Setting.integer(
                    "genie.session.jdbc.pool-size", "How many connections the pool holds at most.")
            .withDefault(10)
            .withBounds(1, 500);

    /** How long a request waits for a connection. */
    public static final Setting<Duration> POOL_TIMEOUT = Setting.duration(
                    "genie.session.jdbc.pool-timeout",
                    "How long a request waits for a connection before it fails; also at start-up.")
            .withDefault(Duration.ofSeconds(2))
            .withBounds(Duration.ofMillis(250), Duration.ofSeconds(60));

    /** How long opening one connection may take. */
    public static final Setting<Duration> CONNECT_TIMEOUT = Setting.duration(
                    "genie.session.jdbc.connect-timeout",
                    "How long opening one connection may take for each host of the URL, in whole seconds.")
            .withDefault(Duration.ofSeconds(3))
            .withBounds(Duration.ofSeconds(1), Duration.ofSeconds(60));

    /** How long one statement may run. */
    public static final Setting<Duration> STATEMENT_TIMEOUT = Setting.duration(
                    "genie.session.jdbc.statement-timeout",
                    "How long one statement may run, in whole seconds; a connection that stays silent for five seconds"
                            + " more is given up.")
            .withDefault(Duration.ofSeconds(5))
            .withBounds(Duration.ofSeconds(1), Duration.ofSeconds(120));

    /** What a stored change survives. */
    public static final Setting<Durability> DURABILITY = Setting.choice(
                    "genie.session.jdbc.durability",
                    "What a stored change survives: `full` = as much as the database promises, `fast` = the database"
                            + " may lose the last moments (H2: half a second) in a crash.",
                    Durability.class)
            .withDefault(Durability.FULL);

    private static final List<Setting<?>> ALL = List.of(
            URL,
            USER,
            PASSWORD,
            SCHEMA,
            TABLE_PREFIX,
            MIGRATE,
            POOL_SIZE,
            POOL_TIMEOUT,
            CONNECT_TIMEOUT,
            STATEMENT_TIMEOUT,
            DURABILITY);

    private JdbcSettings() {}

    /**
     * Returns every setting declared here, in the order of the documentation.
     *
     * @return the settings
     */
    public static List<Setting<?>> all() {
        return ALL;
    }

    /** What a stored change survives. Immutable. */
    public enum Durability {
        /**
         * A change that was reported as stored survives a killed process; on PostgreSQL the server's own setting of
         * {@code synchronous_commit} stands.
         */
        FULL,
        /**
         * Commits return before they are on disk: the changes of the last moments are lost in a crash, nothing else is.
         * PostgreSQL runs with {@code synchronous_commit=off}, H2 with its own {@code WRITE_DELAY} of 500 ms.
         */
        FAST
    }
}
