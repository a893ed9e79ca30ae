package io.geniesession.benchmarks.report;

import static io.geniesession.benchmarks.report.Target.Bound.AT_LEAST;
import static io.geniesession.benchmarks.report.Target.Bound.AT_MOST;

import io.geniesession.benchmarks.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The figures that the library has set itself, held against results. Immutable. */
final class Targets {
    private static final String READ = "ReadRequest";
    private static final String WRITE = "WriteRequest";

    private final Comparison comparison;

    private Targets(Comparison comparison) {
        this.comparison = comparison;
    }

    /** Every figure, also those that were not measured. */
    static List<Target> of(Results results) {
        Targets targets = new Targets(new Comparison(results));
        List<Target> all = new ArrayList<>();
        targets.addTimed(all);
        targets.addCounted(all);
        targets.addScaled(all);
        return List.copyOf(all);
    }

    private void addTimed(List<Target> all) {
        all.add(floor("read request, PostgreSQL, 1 thread", Field.POSTGRES, READ, 1, 0.87));
        all.add(floor("read request, PostgreSQL, 64 threads", Field.POSTGRES, READ, 64, 2.0));
        all.add(best("read request, PostgreSQL, 1 thread", Field.POSTGRES, READ, 1, 3, other -> true));
        all.add(best("read request, PostgreSQL, 64 threads", Field.POSTGRES, READ, 64, 6, other -> true));
        all.add(floor("write request, PostgreSQL, 1 thread", Field.POSTGRES, WRITE, 1, 0.87));
        all.add(floor("write request, PostgreSQL, 64 threads", Field.POSTGRES, WRITE, 64, 1.7));
        all.add(best("write request, PostgreSQL, 1 thread", Field.POSTGRES, WRITE, 1, 2.5, Field.Contender::keepsBoth));
        all.add(best(
                "write request, PostgreSQL, 64 threads", Field.POSTGRES, WRITE, 64, 5, Field.Contender::keepsBoth));
        all.add(floor("read request, H2, 1 thread", Field.H2, READ, 1, 0.7));
        all.add(floor("write request, H2, 1 thread", Field.H2, WRITE, 1, 0.85));
        all.add(new Target(
                "cost of writing 100 B into a 100 kB session, PostgreSQL",
                "the same into a 1 kB session",
                AT_MOST,
                2.0,
                " ×",
                comparison.ratio(smallWrite(Measures.SMALL), smallWrite(Measures.LARGE))));

        Cell memory = cell(READ, Field.MEMORY.ours(), 1);
        String path = "id, session, one attribute, persist; memory";
        all.add(new Target(path, "time", AT_MOST, 250, " ns", comparison.nanoseconds(memory)));
        all.add(new Target(path, "allocated", AT_MOST, 200, " B", comparison.allocated(memory)));
        all.add(best("read request, memory, 1 thread", Field.MEMORY, READ, 1, 1.5, other -> true));
        all.add(new Target(
                "what the filter adds to a request that does not touch its session",
                "the same request without it",
                AT_MOST,
                50,
                " ns",
                comparison.addedNanoseconds(passage(Passage.FILTER_UNTOUCHED), passage(Passage.NO_FILTER))));
    }

    private static Cell passage(Passage passage) {
        return new Cell("Filter", passage.name(), Measures.SMALL, 1, false);
    }

    private void addCounted(List<Target> all) {
        all.add(counted("read request, round trips", AT_MOST, 1, Measures.ROUND_TRIPS + Measures.READ));
        all.add(counted(
                "read request, writing transactions", AT_MOST, 0, Measures.WRITING_TRANSACTIONS + Measures.READ));
        all.add(counted("write request, round trips", AT_MOST, 2, Measures.ROUND_TRIPS + Measures.WRITE));
        all.add(counted("login, round trips", AT_MOST, 2, Measures.ROUND_TRIPS + Measures.LOGIN));
        all.add(counted("create, round trips", AT_MOST, 1, Measures.ROUND_TRIPS + Measures.CREATE));
        all.add(new Target(
                "HOT updates, PostgreSQL",
                "all updates",
                AT_LEAST,
                95,
                " %",
                comparison.figure(postgres(Measures.HOT))));
        all.add(new Target(
                "WAL per write request, PostgreSQL",
                "a row per attribute",
                AT_MOST,
                0.75,
                " ×",
                comparison.ratio(
                        postgres(Measures.WAL),
                        new Figure.Key(Measures.WAL, Measures.ROW_PER_ATTRIBUTE, Measures.SMALL))));
        all.add(new Target(
                "tables and indexes after the updates, PostgreSQL",
                "before",
                AT_MOST,
                2.0,
                " ×",
                comparison.ratio(postgres(Measures.BYTES_AFTER), postgres(Measures.BYTES_BEFORE))));
    }

    private void addScaled(List<Target> all) {
        all.add(scaled("load, 1 million sessions", Measures.LOAD_MICROS));
        all.add(scaled("persist, 1 million sessions", Measures.PERSIST_MICROS));
        String million = Measures.sessions(1_000_000);
        all.add(new Target(
                "p99 of reads while 100 thousand expired sessions are swept",
                "without a sweep",
                AT_MOST,
                2.0,
                " ×",
                comparison.ratio(
                        new Figure.Key(
                                Measures.P99_SWEEPING, Field.POSTGRES.ours().name(), million),
                        new Figure.Key(Measures.P99_ALONE, Field.POSTGRES.ours().name(), million))));
    }

    private Target floor(String work, Field field, String question, int threads, double limit) {
        Optional<Sample> ratio =
                comparison.ratio(cell(question, field.ours(), threads), cell(question, field.floor(), threads));
        return new Target(work, field.floor().label(), AT_LEAST, limit, " ×", ratio);
    }

    private Target best(
            String work, Field field, String question, int threads, double limit, Predicate<Field.Contender> who) {
        List<Cell> others = field.others().stream()
                .filter(who)
                .map(other -> cell(question, other, threads))
                .toList();
        Optional<Cell> best = comparison.fastest(others);
        String against = "best other library"
                + (others.size() < field.others().size() ? " that keeps both changes" : "")
                + best.map(cell -> ": " + Field.label(cell.contestant())).orElse("");
        Optional<Sample> ratio = best.flatMap(cell -> comparison.ratio(cell(question, field.ours(), threads), cell));
        return new Target(work, against, AT_LEAST, limit, " ×", ratio);
    }

    private Target counted(String work, Target.Bound bound, double limit, String measure) {
        return new Target(work + ", PostgreSQL", "counted", bound, limit, "", comparison.figure(postgres(measure)));
    }

    private Target scaled(String work, String measure) {
        String ours = Field.POSTGRES.ours().name();
        Optional<Sample> cost = comparison.ratio(
                new Figure.Key(measure, ours, Measures.sessions(1_000_000)),
                new Figure.Key(measure, ours, Measures.sessions(10_000)));
        return new Target(work + ", PostgreSQL: cost", "10 thousand sessions", AT_MOST, 1.2, " ×", cost);
    }

    private static Figure.Key postgres(String measure) {
        return new Figure.Key(measure, Field.POSTGRES.ours().name(), Measures.SMALL);
    }

    private static Cell smallWrite(String shape) {
        return new Cell("SmallWrite", Field.POSTGRES.ours().name(), shape, 1, false);
    }

    private static Cell cell(String question, Field.Contender who, int threads) {
        return new Cell(question, who.name(), Measures.SMALL, threads, false);
    }
}
