package io.geniesession.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A library that takes part, over the store it keeps sessions in. Each is set up as its documentation recommends for production;
 * the table in {@code benchmarks/README.md} says how, and what each of them guarantees.
 */
public enum Contestant {
    /** Hand-written SQL on PostgreSQL: the floor. */
    BARE_JDBC_POSTGRES(Kind.POSTGRES, Sweep.YES),
    /** Hand-written SQL on H2: the floor. */
    BARE_JDBC_H2(Kind.H2, Sweep.YES),
    /** The JDBC adapter on PostgreSQL. */
    GENIE_POSTGRES(Kind.POSTGRES, Sweep.YES),
    /** The JDBC adapter on an H2 file. */
    GENIE_H2(Kind.H2, Sweep.YES),
    /** Spring Session JDBC on PostgreSQL, with its statements for PostgreSQL. */
    SPRING_JDBC_POSTGRES(Kind.POSTGRES, Sweep.YES),
    /** Spring Session JDBC on H2. */
    SPRING_JDBC_H2(Kind.H2, Sweep.YES),
    /** Jetty's {@code JDBCSessionDataStore} on PostgreSQL. */
    JETTY_JDBC_POSTGRES(Kind.POSTGRES, Sweep.YES),
    /** Jetty's {@code JDBCSessionDataStore} on H2. */
    JETTY_JDBC_H2(Kind.H2, Sweep.YES),
    /** Tomcat's {@code DataSourceStore} on PostgreSQL. */
    TOMCAT_JDBC_POSTGRES(Kind.POSTGRES, Sweep.YES),
    /** Tomcat's {@code DataSourceStore} on H2. */
    TOMCAT_JDBC_H2(Kind.H2, Sweep.YES),
    /** A {@code ConcurrentHashMap}: the floor. */
    MAP(Kind.MEMORY, Sweep.NO),
    /** A Caffeine cache: the floor with a timeout. */
    CAFFEINE(Kind.MEMORY, Sweep.NO),
    /** The memory adapter: values by reference. */
    GENIE_MEMORY(Kind.MEMORY, Sweep.YES),
    /** Spring's {@code MapSessionRepository}. */
    SPRING_MAP(Kind.MEMORY, Sweep.NO),
    /** Tomcat's {@code StandardManager}. */
    TOMCAT_STANDARD(Kind.MEMORY, Sweep.YES),
    /** Jetty's {@code DefaultSessionCache}. */
    JETTY_CACHE(Kind.MEMORY, Sweep.NO);

    /** How long a session may be idle: so long that none expires while it is measured. */
    public static final Duration IDLE_TIMEOUT = Duration.ofHours(12);

    private final Kind kind;
    private final Sweep sweep;

    Contestant(Kind kind, Sweep sweep) {
        this.kind = kind;
        this.sweep = sweep;
    }

    /**
     * Returns what this contestant keeps sessions in.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Tells whether {@link Store#sweep()} does something.
     *
     * @return false where sessions go by other means than a sweep, or not at all
     */
    public boolean sweeps() {
        return sweep == Sweep.YES;
    }

    /**
     * Opens a store with nothing in it but one session that was used to see that the store keeps what it is given.
     *
     * @return the store; closing it leaves nothing behind
     * @throws IllegalStateException if the store does not keep what it is given
     */
    public Store open() {
        return open(kind.database());
    }

    /**
     * Opens a store in this database, otherwise as {@link #open()}.
     *
     * @param database an empty database of the contestant's kind, which is closed with the store; empty for memory
     * @return the store
     * @throws IllegalArgumentException if the database is not of this contestant's kind
     */
    public Store open(Optional<Database> database) {
        if (Kind.of(database) != kind) {
            throw new IllegalArgumentException(this + " needs " + kind + " instead of " + Kind.of(database));
        }
        Store store = closedIfItFails(database.<Closeable>map(d -> d).orElse(() -> {}), () -> over(database));
        return closedIfItFails(store, () -> {
            Rehearsal.of(store);
            return store;
        });
    }

    private Store over(Optional<Database> database) {
        return switch (this) {
            case BARE_JDBC_POSTGRES, BARE_JDBC_H2 -> new BareJdbcStore(database.orElseThrow(), IDLE_TIMEOUT);
            case GENIE_POSTGRES, GENIE_H2 -> GenieStore.jdbc(database.orElseThrow(), IDLE_TIMEOUT);
            case GENIE_MEMORY -> GenieStore.memory(IDLE_TIMEOUT);
            case SPRING_JDBC_POSTGRES, SPRING_JDBC_H2 -> SpringStore.jdbc(database.orElseThrow(), IDLE_TIMEOUT);
            case SPRING_MAP -> SpringStore.map(IDLE_TIMEOUT);
            case JETTY_JDBC_POSTGRES, JETTY_JDBC_H2 -> JettyStore.jdbc(database.orElseThrow(), IDLE_TIMEOUT);
            case JETTY_CACHE -> JettyStore.cache(IDLE_TIMEOUT);
            case TOMCAT_JDBC_POSTGRES, TOMCAT_JDBC_H2 -> new TomcatJdbcStore(database.orElseThrow(), IDLE_TIMEOUT);
            case TOMCAT_STANDARD -> new TomcatStandardStore(IDLE_TIMEOUT);
            case MAP -> MapStore.plain();
            case CAFFEINE -> MapStore.caffeine(IDLE_TIMEOUT);
        };
    }

    private static Store closedIfItFails(Closeable resource, Supplier<Store> step) {
        try {
            return step.get();
        } catch (RuntimeException | Error e) {
            try {
                resource.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** What sessions are kept in. */
    public enum Kind {
        /** A PostgreSQL server on the loopback interface. */
        POSTGRES,
        /** An H2 file of this process. */
        H2,
        /** This process's memory. */
        MEMORY;

        private static Kind of(Optional<Database> database) {
            return database.map(d -> d.isPostgres() ? POSTGRES : H2).orElse(MEMORY);
        }

        /**
         * Creates what a store of this kind needs.
         *
         * @return an empty database, or empty for memory
         */
        public Optional<Database> database() {
            return switch (this) {
                case POSTGRES -> Optional.of(Database.postgres());
                case H2 -> Optional.of(Database.h2());
                case MEMORY -> Optional.empty();
            };
        }
    }

    private enum Sweep {
        YES,
        NO
    }
}
