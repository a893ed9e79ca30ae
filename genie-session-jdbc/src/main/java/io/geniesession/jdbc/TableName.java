package io.geniesession.jdbc;

import io.geniesession.SessionConfigException;
import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.Settings;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names of our tables: a schema, or the connection's own, and a prefix. Checked once, here, and quoted ever after, so that
 * no statement needs to care. Immutable.
 *
 * @param schema the schema, in lower case; empty: the connection's own
 * @param prefix the session table's name, in lower case, with which all other names begin
 */
record TableName(Optional<String> schema, String prefix) {

    static final String SCHEMA_PATTERN = "[a-z_][a-z0-9_]{0,62}";

    /** The longest suffix is that of an index, and PostgreSQL cuts names after 63 bytes. */
    static final String PREFIX_PATTERN = "[a-z][a-z0-9_]{0,47}";

    private static final String DEFAULT_PREFIX = "genie_session";
    private static final Pattern SCHEMA = Pattern.compile(SCHEMA_PATTERN);
    private static final Pattern PREFIX = Pattern.compile(PREFIX_PATTERN);

    TableName {
        if (schema.isPresent() && !SCHEMA.matcher(schema.get()).matches()) {
            throw new IllegalArgumentException("Not the name of a schema");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("Not a prefix of table names");
        }
    }

    /** Reads the names that the settings ask for; an application that has a name has tables of that name. */
    static TableName of(Settings settings) {
        return new TableName(
                settings.find(JdbcSettings.SCHEMA),
                settings.find(JdbcSettings.TABLE_PREFIX).orElseGet(() -> prefixOf(settings)));
    }

    private static String prefixOf(Settings settings) {
        if (!settings.isSet(CoreSettings.APPLICATION)) {
            return DEFAULT_PREFIX;
        }
        String application = settings.get(CoreSettings.APPLICATION);
        String prefix =
                DEFAULT_PREFIX + '_' + application.toLowerCase(Locale.ROOT).replace('-', '_');
        if (!PREFIX.matcher(prefix).matches()) {
            throw new SessionConfigException(CoreSettings.APPLICATION.name() + " is \"" + application
                    + "\", which is too long to be part of a table's name. Set " + JdbcSettings.TABLE_PREFIX.name()
                    + " to a shorter name that no other application uses.");
        }
        return prefix;
    }

    /**
     * Puts the names into a statement: {@code {session}}, {@code {index}}, {@code {former}} and {@code {meta}}, and for
     * {@code {value}} the column of the index table whose name is a word of SQL in some databases.
     *
     * @param statement the statement
     * @param upperCase whether the database folds unquoted names to upper case, so that quoted ones should be too
     */
    String in(String statement, boolean upperCase) {
        return statement
                .replace("{session}", quoted("", upperCase))
                .replace("{index}", quoted("_index", upperCase))
                .replace("{former}", quoted("_former", upperCase))
                .replace("{meta}", quoted("_meta", upperCase))
                .replace("{value}", '"' + folded("value", upperCase) + '"');
    }

    private String quoted(String suffix, boolean upperCase) {
        String table = '"' + folded(prefix + suffix, upperCase) + '"';
        return schema.map(name -> '"' + folded(name, upperCase) + "\"." + table).orElse(table);
    }

    static String folded(String name, boolean upperCase) {
        return upperCase ? name.toUpperCase(Locale.ROOT) : name;
    }

    /** Returns the session table's name as people write it. */
    @Override
    public String toString() {
        return schema.map(name -> name + '.' + prefix).orElse(prefix);
    }
}
