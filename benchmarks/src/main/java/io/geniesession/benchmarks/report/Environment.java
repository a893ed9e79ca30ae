package io.geniesession.benchmarks.report;

import com.sun.management.OperatingSystemMXBean;
import io.geniesession.benchmarks.Database;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a run takes place, without a name or a path of the machine. */
final class Environment {
    private static final Pattern VERSION = Pattern.compile("-(\\d[^/]*)\\.jar$");

    private static final Map<String, String> LIBRARIES = Map.of(
            "HikariCP", "com.zaxxer.hikari.HikariDataSource",
            "PostgreSQL driver", "org.postgresql.Driver",
            "H2", "org.h2.Driver",
            "Caffeine", "com.github.benmanes.caffeine.cache.Caffeine",
            "JMH", "org.openjdk.jmh.runner.Runner",
            "Spring Session", "org.springframework.session.SessionRepository",
            "Jetty", "org.eclipse.jetty.session.SessionHandler",
            "Tomcat", "org.apache.catalina.session.StandardManager",
            "Genie Session", "io.geniesession.Sessions");

    private static final List<String> SERVER_SETTINGS = List.of(
            "fsync",
            "synchronous_commit",
            "full_page_writes",
            "shared_buffers",
            "max_wal_size",
            "autovacuum",
            "wal_compression",
            "jit");

    private Environment() {}

    /** Asks the machine, the libraries and the PostgreSQL server of this process. */
    static Map<String, String> describe() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("processor", processor());
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", memory());
        facts.put("file system", fileSystem());
        facts.put("operating system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("JDK", System.getProperty("java.vm.name") + " " + Runtime.version());
        LIBRARIES.forEach((label, type) -> {
            String version = version(type);
            if (!version.isEmpty()) {
                facts.put(label, version);
            }
        });
        addServer(facts);
        return facts;
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? Math.round(system.getTotalMemorySize() / (double) (1L << 30)) + " GiB"
                : "unknown";
    }

    /** Of the temporary files, where the databases are; one in memory makes commits cost next to nothing. */
    private static String fileSystem() {
        try {
            return Files.getFileStore(Path.of(System.getProperty("java.io.tmpdir")))
                    .type();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** The version in the name of the jar that a class comes from; empty if it comes from none. */
    private static String version(String type) {
        try {
            CodeSource source = Class.forName(type, false, Environment.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource();
            URL location = source == null ? null : source.getLocation();
            Matcher name = VERSION.matcher(location == null ? "" : location.getPath());
            return name.find() ? name.group(1) : "";
        } catch (ClassNotFoundException e) {
            return "";
        }
    }

    private static void addServer(Map<String, String> facts) {
        try (Database database = Database.postgres();
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            facts.put("PostgreSQL", show(statement, "server_version"));
            for (String setting : SERVER_SETTINGS) {
                facts.put("PostgreSQL " + setting, show(statement, setting));
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("PostgreSQL did not say what it is", e);
        }
    }

    private static String show(Statement statement, String setting) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            return row.getString(1);
        }
    }
}
