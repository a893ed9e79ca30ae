package io.geniesession.jdbc;

import static java.util.Objects.requireNonNull;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionException;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.SessionAdapterProvider;
import io.geniesession.spi.Setting;
import io.geniesession.spi.Settings;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions in H2 or PostgreSQL: the provider named {@code jdbc}.
 *
 * <p>Found on the class path, it opens the database that the settings name. {@link JdbcSessionAdapter#with} returns one for the
 * application's own {@code DataSource}. What is set here is stronger than the settings of the context.
 *
 * <p>Immutable. Safe for use by several threads.
 */
public final class JdbcSessionAdapterProvider implements SessionAdapterProvider {

    private static final System.Logger LOG = System.getLogger(JdbcSessionAdapterProvider.class.getName());

    private static final int LEAST_POSTGRES = 14;
    private static final int LEAST_H2 = 2;

    private static final String FILE = "SELECT DATABASE_PATH() WHERE DATABASE_PATH() IS NOT NULL";

    private static final String WRITE_DELAY = """
            SELECT setting_value
            FROM information_schema.settings
            WHERE setting_name = 'WRITE_DELAY'
              AND DATABASE_PATH() IS NOT NULL
            """;

    private final @Nullable DataSource dataSource;
    private final UnaryOperator<Settings> overrides;

    /** Creates a provider that opens the database that the settings name. */
    public JdbcSessionAdapterProvider() {
        this(null, UnaryOperator.identity());
    }

    JdbcSessionAdapterProvider(@Nullable DataSource dataSource) {
        this(dataSource, UnaryOperator.identity());
    }

    private JdbcSessionAdapterProvider(@Nullable DataSource dataSource, UnaryOperator<Settings> overrides) {
        this.dataSource = dataSource;
        this.overrides = overrides;
    }

    /**
     * Returns a provider with one setting made in code.
     *
     * @param setting one of {@link JdbcSettings}
     * @param value its value
     * @param <T> the type of the value
     * @return a provider like this one; opening it fails if the value is outside the setting's bounds
     */
    public <T> JdbcSessionAdapterProvider with(Setting<T> setting, T value) {
        requireNonNull(setting, "setting");
        requireNonNull(value, "value");
        return new JdbcSessionAdapterProvider(
                dataSource, settings -> overrides.apply(settings).with(setting, value));
    }

    /** {@inheritDoc} It is {@code jdbc}. */
    @Override
    public String name() {
        return "jdbc";
    }

    @Override
    public List<Setting<?>> settings() {
        return JdbcSettings.all();
    }

    /**
     * {@inheritDoc} Creates or verifies the tables, see {@link JdbcSettings#MIGRATE}.
     */
    @Override
    public JdbcSessionAdapter open(AdapterContext context) {
        Settings settings = overrides.apply(context.settings());
        TableName table = TableName.of(settings);
        ConnectionSource source = source(settings);
        try {
            Dialect dialect = ask(source, connection -> dialect(connection, table, settings));
            new Migrations(source, dialect, settings.get(CoreSettings.APPLICATION), settings.get(JdbcSettings.MIGRATE))
                    .run();
            CircuitBreaker breaker = new CircuitBreaker(System::nanoTime, new OutageReport(source.place(), context));
            SqlRunner runner = new SqlRunner(
                    source, settings.get(JdbcSettings.POOL_TIMEOUT), breaker, turns(source, dialect, settings));
            return new JdbcSessionAdapter(context, runner, dialect, requests(runner, dialect, settings));
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** Within one process a statement of several saves nothing. */
    private static Requests requests(SqlRunner runner, Dialect dialect, Settings settings) {
        return dialect instanceof PostgresDialect postgres
                ? new CombinedRequests(
                        runner, postgres, settings.get(JdbcSettings.POOL_SIZE), settings.get(JdbcSettings.POOL_TIMEOUT))
                : new SingleRequests(runner, dialect);
    }

    private ConnectionSource source(Settings settings) {
        if (dataSource != null) {
            return new ForeignDataSource(dataSource, (int)
                    settings.get(JdbcSettings.STATEMENT_TIMEOUT).toSeconds());
        }
        Optional<String> url = settings.find(JdbcSettings.URL);
        return url.isPresent() ? OwnPool.open(new JdbcUrl(url.get()), settings) : embedded(settings);
    }

    private static ConnectionSource embedded(Settings settings) {
        EmbeddedFile file = EmbeddedFile.of(settings);
        file.prepare();
        OwnPool pool = OwnPool.open(file.url(settings.get(JdbcSettings.DURABILITY)), settings);
        file.noteOwner();
        return pool;
    }

    /** A question to the database, before anything else. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    private static <T> T ask(ConnectionSource source, Question<T> question) {
        try {
            Connection connection = source.borrow();
            try {
                return question.ask(connection);
            } finally {
                source.giveBack(connection);
            }
        } catch (SQLException e) {
            throw startFailure(e, source);
        }
    }

    private static SessionException startFailure(SQLException e, ConnectionSource source) {
        return SqlErrors.isForeignTransaction(e)
                ? new SessionConfigException(ForeignDataSource.REFUSAL)
                : StartFailure.of(e, source.place(), Optional.empty());
    }

    /** Finds out by asking, because a {@code DataSource} has no URL. */
    private static Dialect dialect(Connection connection, TableName table, Settings settings) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        String name = database.getDatabaseProductName();
        int version = database.getDatabaseMajorVersion();
        return switch (name) {
            case "H2" -> {
                check(name, version, LEAST_H2);
                warnOfWriteDelay(connection, settings);
                yield new H2Dialect(table);
            }
            case "PostgreSQL" -> {
                check(name, version, LEAST_POSTGRES);
                yield new PostgresDialect(table);
            }
            default ->
                throw new SessionConfigException("The DataSource leads to \"" + name
                        + "\", which is not supported. Genie Session keeps sessions in H2 and PostgreSQL.");
        };
    }

    private static void check(String name, int version, int least) {
        if (version < least) {
            throw new SessionConfigException(
                    "The database is " + name + " " + version + "; sessions need " + name + " " + least + " or later.");
        }
    }

    /** Who has decided for speed does not wait for others either; a database in memory has no path. */
    private static Turns turns(ConnectionSource source, Dialect dialect, Settings settings) {
        if (!(dialect instanceof H2Dialect) || settings.get(JdbcSettings.DURABILITY) == JdbcSettings.Durability.FAST) {
            return Turns.unneeded();
        }
        return ask(source, connection -> new SqlCall(connection, 0).first(FILE, p -> {}, row -> row.getString(1)))
                .map(Turns::at)
                .orElseGet(Turns::unneeded);
    }

    /** H2's own default writes commits some time later, and loses them if the process is killed meanwhile. */
    private static void warnOfWriteDelay(Connection connection, Settings settings) throws SQLException {
        if (settings.get(JdbcSettings.DURABILITY) == JdbcSettings.Durability.FAST) {
            return;
        }
        List<String> delays = new SqlCall(connection, 0).list(WRITE_DELAY, p -> {}, row -> row.getString(1));
        if (delays.stream().anyMatch(delay -> !delay.equals("0"))) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The H2 database writes commits with a delay: a killed process loses sessions that were reported as"
                            + " stored. Add \";WRITE_DELAY=0\" to " + JdbcSettings.URL.name() + ", or accept it with "
                            + JdbcSettings.DURABILITY.name() + "=fast.");
        }
    }
}
