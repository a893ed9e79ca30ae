package io.geniesession.benchmarks.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The commands of the benchmarks' jar; what is none of them goes to JMH. Safe for use by several threads.
 */
public final class Main {
    private static final String HELP = """
            Commands:
              quick    the main questions in under ten minutes: timings, counts, report
              full     everything, for hours: timings, counts, scale, report; goes on where it was interrupted
              counts   round trips, log volume, sizes
              scale    ten thousand sessions against a million
              report   tables and plots from the results that are there
              help     this text
            Everything else goes to JMH: -h explains its options, "ReadRequest -p contestant=GENIE_H2 -t 8" is one of them.
            """;

    private final Arguments arguments;
    private final Path data;
    private final Progress progress = new Progress(System.out);

    private Main(Arguments arguments) {
        this.arguments = arguments;
        this.data = arguments.folder().resolve("data");
    }

    /**
     * Runs a command.
     *
     * @param texts the command and its options
     * @throws IOException if JMH cannot write
     */
    public static void main(String[] texts) throws IOException {
        String command = texts.length == 0 ? "help" : texts[0];
        if (!List.of("quick", "full", "counts", "scale", "report", "help").contains(command)) {
            org.openjdk.jmh.Main.main(texts);
            return;
        }
        boolean succeeded;
        try {
            List<String> options = Arrays.asList(texts).subList(Math.min(1, texts.length), texts.length);
            succeeded = new Main(Arguments.parse(options)).run(command);
        } catch (Arguments.UsageException e) {
            System.err.println(e.getMessage());
            succeeded = false;
        }
        // Pools and the server's watchers leave threads behind that nobody waits for.
        System.exit(succeeded ? 0 : 1);
    }

    private boolean run(String command) {
        return switch (command) {
            case "quick" ->
                all(() -> timings(Plan.quick(arguments)), () -> counts(CountRun.Size.quick(arguments)), this::report);
            case "full" ->
                all(
                        () -> timings(Plan.full(arguments)),
                        () -> counts(CountRun.Size.full(arguments)),
                        this::scale,
                        this::report);
            case "counts" -> all(() -> counts(CountRun.Size.full(arguments)), this::report);
            case "scale" -> all(this::scale, this::report);
            case "report" -> report();
            default -> help();
        };
    }

    /** Takes every step, also after one that failed: what the others find is worth having. */
    private static boolean all(BooleanSupplier... steps) {
        boolean succeeded = true;
        for (BooleanSupplier step : steps) {
            succeeded &= step.getAsBoolean();
        }
        return succeeded;
    }

    private boolean timings(Plan plan) {
        return new TimingRun(plan, arguments.given(), file("timings"), progress).run();
    }

    private boolean counts(CountRun.Size size) {
        return new CountRun(size, arguments, file("counts"), progress).run();
    }

    private boolean scale() {
        return new ScaleRun(arguments, file("scale"), progress).run();
    }

    private boolean report() {
        Results all = file("timings")
                .readIfExists()
                .and(file("counts").readIfExists())
                .and(file("scale").readIfExists());
        new Report(all).writeTo(arguments.folder());
        progress.say("Tables and plots are in " + arguments.folder() + ", " + Report.PAGE + " first.");
        return true;
    }

    private static boolean help() {
        System.out.print(HELP + Arguments.HELP);
        return true;
    }

    private ResultsFile file(String name) {
        return new ResultsFile(data.resolve(name + ".json"));
    }
}
