package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Contestant;
import io.geniesession.benchmarks.Database;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts what a write request adds to the write-ahead log: without images of whole pages, which is the work itself, and after a
 * checkpoint, when each page is logged as a whole at its first change. Both are read off the log's position. Autovacuum is off
 * meanwhile, because its share falls where chance puts it. Belongs to one thread.
 */
final class WalVolume {
    private static final int SESSIONS = 1_000;

    private static final int WARM_UPS = 10;

    private final ServerStatistics postgres;
    private final String contestant;
    private final String shape;
    private final int writes;
    private final List<Figure> figures = new ArrayList<>();

    private WalVolume(ServerStatistics postgres, String contestant, String shape, int writes) {
        this.postgres = postgres;
        this.contestant = contestant;
        this.shape = shape;
        this.writes = writes;
    }

    /** Counts what a contestant's writes add. */
    static List<Figure> of(Contestant contestant, String shape, int writes) throws IOException {
        Workload workload = new Workload(shape);
        try (CountedStore counted = CountedStore.open(contestant);
                ServerStatistics postgres = new ServerStatistics(counted.direct())) {
            String[] ids = IntStream.range(0, SESSIONS)
                    .mapToObj(i -> counted.store().create(workload.attributes()))
                    .toArray(String[]::new);
            return new WalVolume(postgres, contestant.name(), shape, writes)
                    .count(() -> counted.store().write(Workload.any(ids), workload.anyName(), workload.anyText()));
        }
    }

    /** Counts the same for a row per attribute. */
    static List<Figure> ofRowPerAttribute(String shape, int writes) throws IOException {
        Workload workload = new Workload(shape);
        try (Database database = Database.postgres();
                ServerStatistics postgres = new ServerStatistics(database);
                RowPerAttribute rows = new RowPerAttribute(database)) {
            for (int i = 0; i < SESSIONS; i++) {
                rows.create(workload.attributes());
            }
            return new WalVolume(postgres, Measures.ROW_PER_ATTRIBUTE, shape, writes)
                    .count(() -> rows.write(workload.anyName(), workload.anyText()));
        } catch (SQLException e) {
            throw new IllegalStateException("The rows cannot be written", e);
        }
    }

    private List<Figure> count(Write write) {
        postgres.set("autovacuum", "off");
        try {
            // First every page gets its free space and every session its usual layout, which takes more writes than it
            // has attributes.
            for (int i = 0; i < WARM_UPS; i++) {
                repeat(write);
            }
            postgres.set("full_page_writes", "off");
            try {
                add(Measures.WAL, write);
            } finally {
                postgres.reset("full_page_writes");
            }
            postgres.checkpoint();
            add(Measures.WAL_WITH_IMAGES, write);
            return figures;
        } finally {
            postgres.reset("autovacuum");
        }
    }

    private void add(String measure, Write write) {
        long before = postgres.walBytes();
        repeat(write);
        double bytes = (postgres.walBytes() - before) / (double) writes;
        figures.add(new Figure.Key(measure, contestant, shape).of(1, bytes));
    }

    private void repeat(Write write) {
        try {
            for (int i = 0; i < writes; i++) {
                write.run();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("A write failed", e);
        }
    }

    private interface Write {
        void run() throws SQLException;
    }
}
