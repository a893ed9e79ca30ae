package io.geniesession.applications;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Two nodes of an application that share a PostgreSQL and nothing else. The first one sweeps. */
final class Cluster implements AutoCloseable {

    private static final Pattern OUR_WARNING = Pattern.compile("io\\.geniesession\\.\\S+ \\S+\\RWARNING");

    private final Class<?> main;
    private final Path folder;
    private final Database database;
    private final Node first;
    private Node second;

    private Cluster(Class<?> main, Path folder, Database database) throws IOException {
        this.main = main;
        this.folder = folder;
        this.database = database;
        this.first = node("first", true);
        this.second = node("second", false);
    }

    /**
     * Starts both nodes, or skips the test where there is no PostgreSQL.
     *
     * @param main what a node runs; it finds the application's {@code src/main/webapp} in the property {@code webapp}
     * @param folder where the nodes work
     */
    static Cluster start(Class<?> main, Path folder) throws IOException {
        Cluster cluster = new Cluster(main, folder, Database.start());
        cluster.one();
        cluster.two();
        return cluster;
    }

    private Node node(String name, boolean sweeps) throws IOException {
        Map<String, String> settings = new HashMap<>(database.settings());
        settings.put("webapp", Path.of("src/main/webapp").toAbsolutePath().toString());
        settings.put("genie.session.sweep", String.valueOf(sweeps));
        settings.put("genie.session.sweep-interval", "1s");
        // A machine that does other things keeps the database waiting as well.
        settings.put("genie.session.jdbc.connect-timeout", "1m");
        settings.put("genie.session.jdbc.pool-timeout", "1m");
        settings.put("genie.session.jdbc.statement-timeout", "1m");
        return Node.start(main, Files.createDirectories(folder.resolve(name)), settings);
    }

    /** Where the first node is. */
    String one() {
        return first.url();
    }

    /** Where the second node is. */
    String two() {
        return second.url();
    }

    /** Stops the second node and starts it again, as a process that remembers nothing. */
    void restartTwo() throws Exception {
        second.stop();
        second = node("second", false);
        second.url();
    }

    /** Lets the time pass in which all sessions expire that nobody uses. */
    void letExpire(String table) throws SQLException {
        long hours = Duration.ofHours(2).toMillis();
        int sessions = database.execute("UPDATE " + table + " SET last_accessed = last_accessed - " + hours
                + ", created_at = created_at - " + hours + ", expires_at = expires_at - " + hours
                + ", expiry_bucket = ((expires_at - " + hours + ") >> 21) + 1");
        assertThat(sessions).isPositive();
    }

    /** What is logged as a failure is one, also where no visitor sees anything of it; warnings of ours are, too. */
    void assertNothingFailed() {
        for (Node node : new Node[] {first, second}) {
            assertThat(node.output()).doesNotContain("SEVERE").doesNotContainPattern(OUR_WARNING);
        }
    }

    @Override
    public void close() throws IOException {
        first.close();
        second.close();
        database.close();
    }
}
