package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.PostgresServer;
import io.geniesession.benchmarks.SweepBenchmark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
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
 * <p>Contestants that are compared with each other run at the same time, each in a JMH fork of its own, and {@linkplain Turns take
 * turns}: one iteration each, then the next. So a ratio is made of numbers from the same few seconds, and everybody is warm.
 * After each group the results are in the file, and a run that was interrupted goes on where it was.
 */
final class TimingRun {
    private static final String COMPLETE = "complete";
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    /** From this JDK on, each fork would warn of what JMH does, and the progress could not be seen for warnings. */
    private static final int WARNS_OF_UNSAFE = 24;

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
                String.format(
                        Locale.ROOT,
                        "%d iterations of warm-up, %d rounds of one iteration each, %d ms per iteration",
                        plan.warmUps(),
                        plan.rounds(),
                        plan.iteration().toMillis()));
        given.forEach((name, value) -> settings.put("--" + name, value));
    }

    /** Measures what is not measured yet. Returns false if something failed. */
    boolean run() {
        // The lock is for single runs; here forks wait for each other.
        System.setProperty("jmh.ignoreLock", "true");
        takeUp();
        int passes = plan.forks();
        int here = 0;
        for (int pass = 1; pass <= passes; pass++) {
            Duration before = progress.elapsed();
            int done = (pass - 1) * plan.size();
            for (List<Cell> group : plan.groups()) {
                done += group.size();
                if (!isMeasured(group, pass)) {
                    measure(group, pass);
                    here += group.size();
                    progress.step(done, passes * plan.size(), here, summary(group));
                }
            }
            Duration last = progress.elapsed().minus(before);
            if (progress.elapsed().plus(last).compareTo(plan.budget()) > 0) {
                passes = pass;
            }
        }
        settings.put("forks", Integer.toString(passes));
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

    private boolean isMeasured(List<Cell> group, int pass) {
        int first = firstRound(pass);
        return group.stream()
                .filter(cell -> !failed.contains(cell))
                .allMatch(cell -> timings.stream()
                        .anyMatch(timing ->
                                timing.round() == first && timing.cell().equals(cell)));
    }

    private int firstRound(int pass) {
        return (pass - 1) * plan.rounds() + 1;
    }

    /** What fails would fail in each pass. The others are still worth their time. */
    private void measure(List<Cell> group, int pass) {
        List<Cell> able = group.stream().filter(cell -> !failed.contains(cell)).toList();
        ExecutorService forks = Executors.newFixedThreadPool(able.size());
        try (Turns turns = Turns.among(able.size())) {
            Map<Cell, Future<List<Timing>>> running = new LinkedHashMap<>();
            for (int place = 0; place < able.size(); place++) {
                Cell cell = able.get(place);
                int ours = place;
                running.put(cell, forks.submit(() -> fork(cell, pass, turns, ours)));
            }
            running.forEach(this::collect);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            forks.shutdown();
        }
        save(false);
    }

    private List<Timing> fork(Cell cell, int pass, Turns turns, int place) throws RunnerException {
        try {
            Collection<RunResult> results = new Runner(options(cell, turns, place)).run();
            if (results.size() != 1) {
                throw new RunnerException(cell.question() + "Benchmark has " + results.size() + " benchmarks, not 1");
            }
            return timings(cell, firstRound(pass), results.iterator().next());
        } finally {
            turns.ended(place);
        }
    }

    private void collect(Cell cell, Future<List<Timing>> running) {
        try {
            timings.addAll(running.get());
        } catch (ExecutionException e) {
            failed.add(cell);
            failures.add(cell + ": " + reason(e));
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private String summary(List<Cell> group) {
        Comparison comparison = new Comparison(new Results(environment, settings, timings, List.of(), List.of()));
        Cell first = group.get(0);
        return first.by("")
                + group.stream()
                        .map(cell -> " | "
                                + (group.stream()
                                                        .map(Cell::contestant)
                                                        .distinct()
                                                        .count()
                                                > 1
                                        ? cell.contestant()
                                        : cell.shape())
                                + " "
                                + comparison
                                        .throughput(cell)
                                        .map(sample -> Sample.number(sample.median()))
                                        .orElse("failed"))
                        .collect(Collectors.joining());
    }

    /** What is at the bottom: JMH wraps what went wrong in a fork, as cause or as suppressed. */
    private static String reason(Throwable failure) {
        Throwable reason = failure;
        while (reason.getCause() != null || reason.getSuppressed().length > 0) {
            reason = reason.getCause() != null ? reason.getCause() : reason.getSuppressed()[0];
        }
        return String.valueOf(reason.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private Options options(Cell cell, Turns turns, int place) {
        List<String> arguments = new ArrayList<>(List.of(
                "-D" + PostgresServer.PORT + "=" + PostgresServer.port(),
                "-D" + Turns.PORT + "=" + turns.port(),
                "-D" + Turns.PLACE + "=" + place));
        if (cell.question().equals(Plan.SWEEP)) {
            arguments.add(SweepBenchmark.WITHOUT_RESTS);
        }
        if (cell.virtual()) {
            arguments.add("-Djmh.executor=VIRTUAL");
        }
        if (Runtime.version().feature() >= WARNS_OF_UNSAFE) {
            arguments.add("--sun-misc-unsafe-memory-access=allow");
        }
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote("io.geniesession.benchmarks." + cell.question() + "Benchmark.") + ".*")
                .param("contestant", cell.contestant())
                .param("shape", cell.shape())
                .threads(cell.threads())
                .forks(1)
                .warmupForks(0)
                .warmupIterations(plan.warmUps())
                .measurementIterations(plan.rounds())
                .addProfiler(GCProfiler.class)
                .addProfiler(TurnProfiler.class)
                .jvmArgsAppend(arguments.toArray(String[]::new))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (!cell.question().equals(Plan.SWEEP)) {
            // A sweep is one shot; everything else is done over and over.
            TimeValue time = TimeValue.milliseconds(plan.iteration().toMillis());
            options.mode(Mode.Throughput)
                    .timeUnit(TimeUnit.SECONDS)
                    .warmupTime(time)
                    .measurementTime(time);
        }
        return options.build();
    }

    private List<Timing> timings(Cell cell, int firstRound, RunResult result) {
        List<Timing> timings = new ArrayList<>();
        int round = firstRound;
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                timings.add(timing(cell, round++, iteration));
            }
        }
        return timings;
    }

    private Timing timing(Cell cell, int round, IterationResult iteration) {
        return new Timing(
                cell.question(),
                cell.contestant(),
                cell.shape(),
                cell.threads(),
                cell.virtual(),
                round,
                perSecond(cell, iteration),
                allocated(cell, iteration));
    }

    /**
     * JMH adds the rates of the threads up, each over its own time. A thread that came to work at the very end has a rate that says
     * nothing, so if there are several, the work of all is divided by the length of the iteration.
     */
    private double perSecond(Cell cell, IterationResult iteration) {
        if (cell.threads() > 1) {
            return iteration.getMetadata().getMeasuredOps()
                    * 1e3
                    / plan.iteration().toMillis();
        }
        Result<?> score = iteration.getPrimaryResult();
        return perSecond(score.getScore(), score.getScoreUnit());
    }

    /** Only what a single thread allocates is its operation's, and nobody else's. */
    private static @Nullable Double allocated(Cell cell, IterationResult iteration) {
        Result<?> bytes = iteration.getSecondaryResults().get(ALLOCATED);
        return bytes == null || cell.threads() > 1 ? null : bytes.getScore();
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
