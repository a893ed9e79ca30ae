package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs a plan with JMH. Belongs to one thread.
 *
 * <p>Every measurement is a fork of its own. A round measures everything once, and contestants that are compared with each
 * other right after each other, so that a ratio is made of numbers from the same stretch of time. After each measurement the
 * results are in the file, and a run that was interrupted goes on where it was.
 */
final class TimingRun {
    private static final String COMPLETE = "complete";
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final Plan plan;
    private final ResultsFile file;
    private final Progress progress;
    private final Map<String, String> settings = new TreeMap<>();
    private final List<Timing> timings = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Set<Cell> failed = new HashSet<>();
    private final Map<String, String> environment;

    TimingRun(Plan plan, Map<String, String> given, ResultsFile file, Progress progress) {
        this.plan = plan;
        this.file = file;
        this.progress = progress;
        this.environment = Environment.describe();
        settings.put("set", plan.set());
        settings.put(
                "fork",
                "warm-up " + plan.warmUp().toMillis() + " ms, measured "
                        + plan.measured().toMillis() + " ms");
        given.forEach((name, value) -> settings.put("--" + name, value));
    }

    /** Measures what is not measured yet. Returns false if something failed. */
    boolean run() {
        takeUp();
        int done = timings.size();
        int here = 0;
        int rounds = plan.rounds();
        for (int round = 1; round <= rounds; round++) {
            Duration before = progress.elapsed();
            for (Cell cell : plan.cells(round)) {
                if (!isMeasured(cell, round) && !failed.contains(cell)) {
                    String outcome = measure(cell, round);
                    save(false);
                    progress.step(++done, rounds * plan.size(), ++here, cell + ", round " + round + ": " + outcome);
                }
            }
            Duration last = progress.elapsed().minus(before);
            if (progress.elapsed().plus(last).compareTo(plan.budget()) > 0) {
                rounds = round;
            }
        }
        settings.put("rounds", Integer.toString(rounds));
        save(true);
        failures.forEach(progress::say);
        return failures.isEmpty();
    }

    /** Goes on with what an interrupted run of the same plan on the same machine has left. */
    private void takeUp() {
        Results before = file.readIfExists();
        Map<String, String> theirs = new TreeMap<>(before.settings());
        boolean interrupted = "no".equals(theirs.remove(COMPLETE));
        if (interrupted && theirs.equals(settings) && before.environment().equals(environment)) {
            timings.addAll(before.timings());
            progress.say("Going on after " + timings.size() + " measurements of an interrupted run.");
        }
    }

    private boolean isMeasured(Cell cell, int round) {
        return timings.stream()
                .anyMatch(timing -> timing.round() == round && timing.cell().equals(cell));
    }

    private String measure(Cell cell, int round) {
        try {
            Collection<RunResult> results = new Runner(options(cell)).run();
            if (results.size() != 1) {
                throw new RunnerException(cell.question() + "Benchmark has " + results.size() + " benchmarks, not 1");
            }
            Timing timing = timing(cell, round, results.iterator().next());
            timings.add(timing);
            return Sample.number(timing.operationsPerSecond()) + " per second";
        } catch (RunnerException e) {
            // It would fail in each round. The others are still worth their time.
            failed.add(cell);
            failures.add(cell + ": " + reason(e));
            return "failed";
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private Options options(Cell cell) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote("io.geniesession.benchmarks." + cell.question() + "Benchmark.") + ".*")
                .param("contestant", cell.contestant())
                .param("shape", cell.shape())
                .threads(cell.threads())
                .forks(1)
                .warmupForks(0)
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend("-D" + PostgresServer.PORT + "=" + PostgresServer.port())
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (cell.virtual()) {
            options.jvmArgsAppend("-Djmh.executor=VIRTUAL", "-D" + PostgresServer.PORT + "=" + PostgresServer.port());
        }
        if (!cell.question().equals("Sweep")) {
            // A sweep is one shot; everything else is done over and over.
            options.mode(Mode.Throughput)
                    .timeUnit(TimeUnit.SECONDS)
                    .warmupIterations(1)
                    .warmupTime(TimeValue.milliseconds(plan.warmUp().toMillis()))
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(plan.measured().toMillis()));
        }
        return options.build();
    }

    private static Timing timing(Cell cell, int round, RunResult result) {
        Result<?> score = result.getPrimaryResult();
        return new Timing(
                cell.question(),
                cell.contestant(),
                cell.shape(),
                cell.threads(),
                cell.virtual(),
                round,
                perSecond(score.getScore(), score.getScoreUnit()),
                allocated(result));
    }

    /** Only what a single thread allocates is its operation's, and nobody else's. */
    private static @Nullable Double allocated(RunResult result) {
        Result<?> bytes = result.getSecondaryResults().get(ALLOCATED);
        return bytes == null || result.getParams().getThreads() > 1 ? null : bytes.getScore();
    }

    static double perSecond(double score, String unit) {
        return switch (unit) {
            case "ops/s" -> score;
            case "s/op" -> 1 / score;
            case "ms/op" -> 1e3 / score;
            case "us/op" -> 1e6 / score;
            case "ns/op" -> 1e9 / score;
            default -> throw new IllegalArgumentException("The unit " + unit + " is not known here");
        };
    }

    private void save(boolean complete) {
        Map<String, String> saved = new TreeMap<>(settings);
        saved.put(COMPLETE, complete ? "yes" : "no");
        file.write(new Results(environment, saved, timings, List.of(), failures));
    }
}
