package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Contestant;
import io.geniesession.benchmarks.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Counts what a request sends to PostgreSQL. Belongs to one thread. */
final class RoundTrips {
    private static final int WARM_UP = 50;
    private static final int COUNTED = 100;

    private final CountedStore counted;
    private final ServerStatistics postgres;
    private final String contestant;
    private final String shape;
    private final List<Figure> figures = new ArrayList<>();
    private String id = "";

    private RoundTrips(CountedStore counted, ServerStatistics postgres, Contestant contestant, String shape) {
        this.counted = counted;
        this.postgres = postgres;
        this.contestant = contestant.name();
        this.shape = shape;
    }

    /** Counts round trips, statements and writing transactions of every kind of request. */
    static List<Figure> of(Contestant contestant, String shape) throws IOException {
        try (CountedStore counted = CountedStore.open(contestant);
                ServerStatistics postgres = new ServerStatistics(counted.direct())) {
            RoundTrips roundTrips = new RoundTrips(counted, postgres, contestant, shape);
            roundTrips.count();
            return roundTrips.figures;
        }
    }

    private void count() {
        Store store = counted.store();
        Workload workload = new Workload(shape);
        id = store.create(workload.attributes());
        count(Measures.READ, () -> store.read(id, workload.anyName()));
        count(Measures.WRITE, () -> store.write(id, workload.anyName(), workload.anyText()));
        count(Measures.LOGIN, () -> id = store.login(id, "somebody"));
        count(Measures.CREATE, () -> store.create(workload.attributes()));
    }

    /** Prepared statements have to be prepared first, which takes no round trip of its own in the long run. */
    private void count(String request, Runnable operation) {
        repeat(WARM_UP, operation);
        counted.awaitQuiet();
        repeat(1, operation);
        long transactions = postgres.nextTransaction();
        long roundTrips = counted.tap().roundTrips();
        long statements = counted.tap().statements();
        repeat(COUNTED, operation);
        add(Measures.ROUND_TRIPS + request, counted.tap().roundTrips() - roundTrips);
        add(Measures.STATEMENTS + request, counted.tap().statements() - statements);
        add(Measures.WRITING_TRANSACTIONS + request, postgres.nextTransaction() - transactions);
    }

    private void add(String measure, long count) {
        figures.add(new Figure.Key(measure, contestant, shape).of(1, count / (double) COUNTED));
    }

    private static void repeat(int times, Runnable operation) {
        for (int i = 0; i < times; i++) {
            operation.run();
        }
    }
}
