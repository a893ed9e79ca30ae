package io.geniesession.jdbc;

import io.geniesession.SessionConfigException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a database is. Immutable; its text form has no password.
 *
 * @param text the whole URL, which may contain a password
 */
record JdbcUrl(String text) {

    private static final Pattern KIND = Pattern.compile("jdbc:([A-Za-z0-9]{1,30}):.*");
    private static final Pattern HOSTS = Pattern.compile("^jdbc:postgresql://([^/?]+)");
    private static final String SUPPORTED =
            "Genie Session keeps sessions in H2 (jdbc:h2:…) and PostgreSQL" + " (jdbc:postgresql:…).";

    JdbcUrl {
        Matcher kind = KIND.matcher(text);
        if (!kind.matches()) {
            throw new SessionConfigException(
                    JdbcSettings.URL.name() + " does not begin with jdbc: and the name of a database. " + SUPPORTED);
        }
        if (!isH2(text) && !isPostgres(text)) {
            throw new SessionConfigException(JdbcSettings.URL.name() + " names the database \"" + kind.group(1)
                    + "\", which is not supported. " + SUPPORTED);
        }
    }

    private static boolean isH2(String text) {
        return text.startsWith("jdbc:h2:");
    }

    private static boolean isPostgres(String text) {
        return text.startsWith("jdbc:postgresql:");
    }

    boolean isH2() {
        return isH2(text);
    }

    /** Tells whether the database runs in this process, so that it closes with the last connection. */
    boolean isEmbedded() {
        return isH2() && !text.startsWith("jdbc:h2:tcp:") && !text.startsWith("jdbc:h2:ssl:");
    }

    /** Returns how many hosts the URL names, one after another. */
    int hosts() {
        Matcher hosts = HOSTS.matcher(text);
        return hosts.find() ? hosts.group(1).split(",").length : 1;
    }

    /** Tells whether the URL has a setting of H2. */
    boolean hasH2Setting(String name) {
        return text.toUpperCase(Locale.ROOT).contains(";" + name + "=");
    }

    /** Returns the URL without its settings and without what stands before an {@code @}, where passwords are. */
    @Override
    public String toString() {
        return text.replaceFirst("[;?].*", "").replaceFirst("//.*@", "//");
    }
}
