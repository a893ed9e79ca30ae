package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Contestant;
import io.geniesession.benchmarks.Store;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Counts what updates leave behind: table and index bytes before and after, and the share of updates that touched no index.
 * Autovacuum works as the server and the table are configured. Belongs to one thread.
 */
final class Bloat {
    /** As many updates of each session as a million make of ten thousand. */
    private static final int UPDATES_PER_SESSION = 100;

    private static final int THREADS = 16;

    private static final String CLIENTS = """
            SELECT count(*)
            FROM pg_stat_activity
            WHERE datname = current_database()
              AND backend_type = 'client backend'
              AND pid <> pg_backend_pid()
            """;

    private Bloat() {}

    static List<Figure> of(Contestant contestant, String shape, int updates) throws IOException {
        Workload workload = new Workload(shape);
        int sessions = Math.max(1, updates / UPDATES_PER_SESSION);
        try (CountedStore counted = CountedStore.open(contestant);
                ServerStatistics postgres = new ServerStatistics(counted.direct())) {
            Store store = counted.store();
            String[] ids = new String[sessions];
            parallel(sessions, i -> ids[i] = store.create(workload.attributes()));
            postgres.execute("VACUUM ANALYZE");
            long before = postgres.tableBytes();
            parallel(updates, i -> store.write(Workload.any(ids), workload.anyName(), workload.anyText()));
            // The server's processes report what they did at the latest when they end.
            counted.closeStore();
            awaitReports(postgres);
            return List.of(
                    figure(Measures.BYTES_BEFORE, contestant, shape, (double) before),
                    figure(Measures.BYTES_AFTER, contestant, shape, (double) postgres.tableBytes()),
                    figure(Measures.UPDATES, contestant, shape, updates),
                    figure(Measures.HOT, contestant, shape, 100.0 * postgres.hotUpdates() / postgres.updates()));
        }
    }

    /** There may be fewer updates than writes: several writes of a session may share one. */
    private static void awaitReports(ServerStatistics postgres) {
        for (int tries = 0; postgres.number(CLIENTS) > 0; tries++) {
            if (tries == 100) {
                throw new IllegalStateException("The connections of the store do not end");
            }
            postgres.execute("SELECT pg_sleep(0.1)");
        }
    }

    private static void parallel(int count, IntConsumer step) {
        ForkJoinPool threads = new ForkJoinPool(THREADS);
        try {
            threads.submit(() -> IntStream.range(0, count).parallel().forEach(step))
                    .join();
        } finally {
            threads.shutdown();
        }
    }

    private static Figure figure(String measure, Contestant contestant, String shape, double value) {
        return new Figure.Key(measure, contestant.name(), shape).of(1, value);
    }
}
