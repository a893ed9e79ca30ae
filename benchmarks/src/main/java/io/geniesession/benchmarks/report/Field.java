package io.geniesession.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Contestants that can be compared with each other, because they keep sessions in the same place. */
@SuppressWarnings("ImmutableEnumChecker") // Records of texts and unmodifiable lists of them.
enum Field {
    /** A PostgreSQL server. */
    POSTGRES(
            "PostgreSQL",
            "GENIE_POSTGRES",
            new Contender("BARE_JDBC_POSTGRES", "bare driver", false),
            List.of(
                    new Contender("SPRING_JDBC_POSTGRES", "Spring Session JDBC", true),
                    new Contender("JETTY_JDBC_POSTGRES", "Jetty JDBCSessionDataStore", false),
                    new Contender("TOMCAT_JDBC_POSTGRES", "Tomcat DataSourceStore", false))),

    /** An embedded H2 file. */
    H2(
            "H2 file",
            "GENIE_H2",
            new Contender("BARE_JDBC_H2", "bare driver", false),
            List.of(
                    new Contender("SPRING_JDBC_H2", "Spring Session JDBC", true),
                    new Contender("JETTY_JDBC_H2", "Jetty JDBCSessionDataStore", false),
                    new Contender("TOMCAT_JDBC_H2", "Tomcat DataSourceStore", false))),

    /** The memory of the process. */
    MEMORY(
            "Memory",
            "GENIE_MEMORY",
            new Contender("CAFFEINE", "bare Caffeine cache", false),
            List.of(
                    new Contender("SPRING_MAP", "Spring MapSessionRepository", false),
                    new Contender("TOMCAT_STANDARD", "Tomcat StandardManager", false),
                    new Contender("JETTY_CACHE", "Jetty session cache", false))),

    /** A servlet request on its way to the application. */
    FILTER(
            "Servlet filter",
            new Contender("FILTER_READING", "filter, session read", true),
            new Contender("NO_FILTER", "no filter", false),
            List.of(
                    new Contender("FILTER_UNTOUCHED", "filter, session not touched", true),
                    new Contender("ADAPTER", "no filter, session read from the adapter", true)));

    /** What is shown beside the floor of {@link #MEMORY} although it bounds nothing and forgets nothing. */
    private static final Contender MAP = new Contender("MAP", "bare ConcurrentHashMap", false);

    /**
     * A contestant as readers know it. Immutable.
     *
     * @param name the contestant's name
     * @param label what it is called in tables and plots
     * @param keepsBoth whether two concurrent changes of different attributes are both kept
     */
    record Contender(String name, String label, boolean keepsBoth) {}

    private final String title;
    private final Contender ours;
    private final Contender floor;
    private final List<Contender> others;

    Field(String title, String ours, Contender floor, List<Contender> others) {
        this(title, new Contender(ours, "Genie Session", true), floor, others);
    }

    Field(String title, Contender ours, Contender floor, List<Contender> others) {
        this.title = title;
        this.ours = ours;
        this.floor = floor;
        this.others = others;
    }

    String title() {
        return title;
    }

    Contender ours() {
        return ours;
    }

    /** What the store costs without any library. */
    Contender floor() {
        return floor;
    }

    List<Contender> others() {
        return others;
    }

    /** How a contestant is called in tables; its own name if it is in no field. */
    static String label(String contestant) {
        for (Field field : values()) {
            for (Contender contender : field.all()) {
                if (contender.name().equals(contestant)) {
                    return contender.label();
                }
            }
        }
        return contestant;
    }

    /** Ours first, then what is bare, then the others. */
    List<Contender> all() {
        List<Contender> all = new ArrayList<>(List.of(ours, floor));
        if (this == MEMORY) {
            all.add(MAP);
        }
        all.addAll(others);
        return all;
    }
}
