package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Contestant;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Measures what the number of sessions does: to a load and a write, to a sweep and the reads beside it, and to the heap. Sessions
 * are picked with equal probability, which is the hardest case: nothing is ever warm. Belongs to one thread.
 */
final class ScaleRun {
    private static final String HEAP = "heap";
    private static final String REQUESTS = "requests";
    private static final String SWEEPS = "sweeps";
    static final List<String> ALL_PARTS = List.of(HEAP, REQUESTS, SWEEPS);

    private static final int FEW = 10_000;
    private static final int EXPIRED = 100_000;
    private static final int BLOCKS = 9;
    private static final Duration BLOCK = Duration.ofSeconds(2);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration ALONE = Duration.ofSeconds(5);
    private static final String OURS = Contestant.GENIE_POSTGRES.name();

    private final List<String> parts;
    private final int many;
    private final int rounds;
    private final int heapSessions;
    private final ResultsFile file;
    private final Progress progress;
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Map<String, String> settings = new TreeMap<>();
    private final Map<String, String> environment;
    private final Workload workload = new Workload(Measures.SMALL);

    ScaleRun(Arguments arguments, ResultsFile file, Progress progress) {
        this.parts = arguments.list("parts").orElse(ALL_PARTS);
        this.many = arguments.number("sessions", 1_000_000);
        this.rounds = arguments.number("rounds", 3);
        this.heapSessions = Math.min(many, 100_000);
        this.file = file;
        this.progress = progress;
        this.environment = Environment.describe();
        settings.put("reads beside a sweep", Latencies.pace());
        settings.put("expired sessions per sweep", Integer.toString(Math.min(EXPIRED, many)));
        for (String setting : List.of("genie.session.sweep-batch", "genie.session.sweep-rest")) {
            settings.put(setting, System.getProperty(setting, "default"));
        }
    }

    /** Measures what was asked for. Returns false if something failed. */
    boolean run() {
        try {
            if (parts.contains(HEAP)) {
                heap();
            }
            if (parts.contains(REQUESTS) || parts.contains(SWEEPS)) {
                tables();
            }
            return true;
        } catch (IOException | RuntimeException e) {
            failures.add("At scale: " + e.getMessage());
            failures.forEach(progress::say);
            save();
            return false;
        }
    }

    private void tables() throws IOException {
        try (BulkSessions more = fill(many)) {
            if (parts.contains(REQUESTS)) {
                try (BulkSessions few = fill(Math.min(FEW, many))) {
                    requests(few, more);
                }
            }
            if (parts.contains(SWEEPS)) {
                sweeps(more);
            }
        }
    }

    private BulkSessions fill(int count) throws IOException {
        BulkSessions sessions = BulkSessions.create(count, Measures.SMALL);
        progress.say(count + " sessions are stored");
        return sessions;
    }

    /** In blocks by turns, so that both tables have the same share of whatever else happens. */
    private void requests(BulkSessions few, BulkSessions more) {
        for (BulkSessions sessions : List.of(few, more)) {
            microseconds(WARM_UP, () -> load(sessions));
            microseconds(WARM_UP, () -> write(sessions));
        }
        for (int block = 1; block <= BLOCKS; block++) {
            for (BulkSessions sessions : block % 2 == 0 ? List.of(more, few) : List.of(few, more)) {
                String setting = Measures.sessions(sessions.count());
                double load = microseconds(BLOCK, () -> load(sessions));
                double write = microseconds(BLOCK, () -> write(sessions));
                add(Measures.LOAD_MICROS, OURS, setting, block, load);
                add(Measures.PERSIST_MICROS, OURS, setting, block, write);
                progress.say(
                        String.format(Locale.ROOT, "%s: load %.0f µs, write request %.0f µs", setting, load, write));
            }
        }
    }

    private static void load(BulkSessions sessions) {
        sessions.store().load(sessions.anyId());
    }

    private void write(BulkSessions sessions) {
        sessions.store().write(sessions.anyId(), workload.anyName(), workload.anyText());
    }

    private static double microseconds(Duration time, Runnable operation) {
        long start = System.nanoTime();
        long now = start;
        long count = 0;
        while (now - start < time.toNanos()) {
            operation.run();
            count++;
            now = System.nanoTime();
        }
        return (now - start) / 1e3 / count;
    }

    private void sweeps(BulkSessions sessions) {
        Latencies reads = new Latencies(() -> load(sessions));
        String setting = Measures.sessions(sessions.count());
        int expired = Math.min(EXPIRED, sessions.count());
        for (int round = 1; round <= rounds; round++) {
            sessions.addExpired(expired);
            long end = System.nanoTime() + ALONE.toNanos();
            double alone = reads.p99While(() -> System.nanoTime() < end);

            AtomicBoolean sweeping = new AtomicBoolean(true);
            Sweeper sweeper = new Sweeper(sessions, sweeping);
            sweeper.start();
            double beside = reads.p99While(sweeping::get);
            double rate = sweeper.rate(expired);

            add(Measures.P99_ALONE, OURS, setting, round, alone);
            add(Measures.P99_SWEEPING, OURS, setting, round, beside);
            add(Measures.SWEEP_RATE, OURS, setting, round, rate);
            progress.say(String.format(
                    Locale.ROOT,
                    "sweep %d: %.0f sessions per second; p99 of reads %.0f µs, without %.0f µs",
                    round,
                    rate,
                    beside,
                    alone));
        }
    }

    /** Sweeps until nothing is left. */
    private static final class Sweeper extends Thread {
        private final BulkSessions sessions;
        private final AtomicBoolean sweeping;
        private long removed;
        private long nanos;

        Sweeper(BulkSessions sessions, AtomicBoolean sweeping) {
            super("sweeper");
            this.sessions = sessions;
            this.sweeping = sweeping;
        }

        @Override
        public void run() {
            long start = System.nanoTime();
            try {
                int swept;
                do {
                    swept = sessions.store().sweep();
                    removed += swept;
                } while (swept > 0);
                nanos = System.nanoTime() - start;
            } finally {
                sweeping.set(false);
            }
        }

        double rate(int expected) {
            try {
                join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("Interrupted", e);
            }
            if (removed != expected) {
                throw new IllegalStateException("The sweep removed " + removed + " of " + expected + " sessions");
            }
            return removed / (nanos / 1e9);
        }
    }

    private void heap() throws IOException {
        for (Contestant contestant : Contestant.values()) {
            if (contestant.kind() == Contestant.Kind.MEMORY) {
                double bytes = HeapPerSession.of(contestant, workload, heapSessions);
                add(Measures.HEAP, contestant.name(), Measures.sessions(heapSessions), 1, bytes);
                progress.say(String.format(Locale.ROOT, "%s: %.0f bytes of heap per session", contestant, bytes));
            }
        }
    }

    private void add(String measure, String contestant, String setting, int round, double value) {
        figures.add(new Figure(measure, contestant, setting, round, value));
        save();
    }

    /** What a run of some parts did not measure stays as an earlier one on the same machine and versions has left it. */
    private void save() {
        List<Figure> all = new ArrayList<>(figures);
        Results before = parts.equals(ALL_PARTS) ? Results.EMPTY : file.readIfExists();
        if (before.environment().equals(environment)) {
            Set<String> measured = figures.stream().map(Figure::measure).collect(Collectors.toSet());
            before.figures().stream()
                    .filter(figure -> !measured.contains(figure.measure()))
                    .forEach(all::add);
        }
        file.write(new Results(environment, settings, List.of(), all, failures));
    }
}
