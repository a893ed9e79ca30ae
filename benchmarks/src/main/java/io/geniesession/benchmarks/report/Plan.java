package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Contestant;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is measured, how often and how long. Immutable.
 *
 * @param set the name of the set, for the results
 * @param groups cells that are compared with each other and measured by turns
 * @param forks how often everything is started anew, at most
 * @param budget nothing is started anew that would last longer than this in all
 * @param warmUps iterations of each fork that do not count
 * @param rounds iterations of each fork that count
 * @param iteration how long an iteration lasts
 */
record Plan(
        String set, List<List<Cell>> groups, int forks, Duration budget, int warmUps, int rounds, Duration iteration) {
    static final List<String> ALL_SHAPES = List.of(Measures.SMALL, "50x200", Measures.LARGE);
    private static final int VIRTUAL_THREADS_SINCE = 21;

    /** The main questions, of the small sessions: a few minutes. */
    static Plan quick(Arguments arguments) {
        return new Plan(
                "quick",
                groups(
                        arguments,
                        kind -> arguments.list("questions").orElse(mainQuestions(kind)),
                        List.of(Measures.SMALL),
                        kind -> kind == Contestant.Kind.POSTGRES ? List.of(1, 64) : List.of(1),
                        false),
                arguments.number("forks", 5),
                arguments.minutes(Duration.ofMinutes(8)),
                4,
                arguments.number("rounds", 5),
                Duration.ofSeconds(1));
    }

    /** Everything: hours. */
    static Plan full(Arguments arguments) {
        return new Plan(
                "full",
                groups(
                        arguments,
                        kind -> arguments.list("questions").orElse(Words.QUESTIONS),
                        ALL_SHAPES,
                        kind -> List.of(1, 8, 64),
                        Runtime.version().feature() >= VIRTUAL_THREADS_SINCE),
                arguments.number("forks", 2),
                arguments.minutes(Duration.ofDays(2)),
                5,
                arguments.number("rounds", 5),
                Duration.ofSeconds(2));
    }

    private static List<String> mainQuestions(Contestant.Kind kind) {
        return kind == Contestant.Kind.MEMORY ? List.of("ReadRequest") : List.of("ReadRequest", "WriteRequest");
    }

    private interface ByKind<T> {
        List<T> of(Contestant.Kind kind);
    }

    private static List<List<Cell>> groups(
            Arguments arguments,
            ByKind<String> questions,
            List<String> shapes,
            ByKind<Integer> threads,
            boolean virtual) {
        Set<List<Cell>> groups = new LinkedHashSet<>();
        List<Boolean> kindsOfThreads = virtual ? List.of(false, true) : List.of(false);
        for (Contestant.Kind kind : Contestant.Kind.values()) {
            for (String question : questions.of(kind)) {
                for (String shape : arguments.list("shapes").orElse(shapes)) {
                    for (int count : counts(arguments, threads.of(kind))) {
                        for (boolean virtually : kindsOfThreads) {
                            groups.add(group(arguments, kind, question, shape, count, virtually));
                        }
                    }
                }
            }
            // What it costs to write little into much: once in every set, because it is a target.
            if (kind == Contestant.Kind.POSTGRES && !questions.of(kind).contains("SmallWrite") && isWhole(arguments)) {
                groups.add(smallWrites());
            }
        }
        return groups.stream().filter(group -> !group.isEmpty()).toList();
    }

    private static boolean isWhole(Arguments arguments) {
        return Stream.of("questions", "contestants", "shapes", "threads")
                .allMatch(name -> arguments.list(name).isEmpty());
    }

    private static List<Cell> smallWrites() {
        return Stream.of(Measures.SMALL, Measures.LARGE)
                .map(shape -> new Cell("SmallWrite", Contestant.GENIE_POSTGRES.name(), shape, 1, false))
                .toList();
    }

    private static List<Integer> counts(Arguments arguments, List<Integer> ifAbsent) {
        return arguments
                .list("threads")
                .map(texts -> texts.stream().map(Integer::valueOf).toList())
                .orElse(ifAbsent);
    }

    private static List<Cell> group(
            Arguments arguments, Contestant.Kind kind, String question, String shape, int threads, boolean virtual) {
        Optional<List<String>> chosen = arguments.list("contestants");
        return Arrays.stream(Contestant.values())
                .filter(contestant -> contestant.kind() == kind)
                .filter(contestant ->
                        chosen.map(names -> names.contains(contestant.name())).orElse(true))
                .filter(contestant -> contestant.sweeps() || !question.equals("Sweep"))
                // One sweeper at a time is what every library has.
                .filter(contestant -> !question.equals("Sweep") || (threads == 1 && !virtual))
                .map(contestant -> new Cell(question, contestant.name(), shape, threads, virtual))
                .toList();
    }

    /** How many forks it takes to measure everything once. */
    int size() {
        return groups.stream().mapToInt(List::size).sum();
    }
}
