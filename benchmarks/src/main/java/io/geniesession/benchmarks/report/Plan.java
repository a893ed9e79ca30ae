package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Contestant;
import io.geniesession.benchmarks.Passage;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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
    private static final String SMALL_WRITE = "SmallWrite";
    static final String SWEEP = "Sweep";
    private static final String FILTER = "Filter";
    private static final int JDK = Runtime.version().feature();

    /** The main questions, of the small sessions: a few minutes. */
    static Plan quick(Arguments arguments) {
        return new Plan(
                "quick",
                groups(
                        arguments,
                        kind -> arguments.list("questions").orElse(mainQuestions(kind)),
                        List.of(Measures.SMALL),
                        kind -> kind == Contestant.Kind.POSTGRES ? List.of("1", "64") : List.of("1"),
                        contestant -> contestant == Contestant.GENIE_POSTGRES),
                arguments.number("forks", 5),
                arguments.minutes(Duration.ofMinutes(8)),
                arguments.number("warm-ups", 4),
                arguments.number("rounds", 4),
                arguments.seconds(Duration.ofSeconds(1)));
    }

    /** Everything: hours. */
    static Plan full(Arguments arguments) {
        return new Plan(
                "full",
                groups(
                        arguments,
                        kind -> arguments.list("questions").orElse(Words.QUESTIONS),
                        ALL_SHAPES,
                        kind -> Workers.haveVirtual(JDK)
                                ? List.of("1", "1v", "8", "8v", "64", "64v")
                                : List.of("1", "8", "64"),
                        contestant -> true),
                arguments.number("forks", 2),
                arguments.minutes(Duration.ofDays(2)),
                arguments.number("warm-ups", 5),
                arguments.number("rounds", 5),
                arguments.seconds(Duration.ofSeconds(2)));
    }

    private static List<String> mainQuestions(Contestant.Kind kind) {
        return switch (kind) {
            case POSTGRES -> List.of("ReadRequest", "WriteRequest", SMALL_WRITE);
            case H2 -> List.of("ReadRequest", "WriteRequest");
            case MEMORY -> List.of("ReadRequest", FILTER);
        };
    }

    private interface ByKind {
        List<String> of(Contestant.Kind kind);
    }

    /** Who works at the same time, written as {@code 64} or, if they are virtual threads, {@code 64v}. */
    record Workers(int count, boolean virtual) {
        private static final String VIRTUAL = "v";
        private static final int VIRTUAL_SINCE = 21;

        static Workers parse(String text, int jdk) {
            boolean virtual = text.endsWith(VIRTUAL);
            if (virtual && !haveVirtual(jdk)) {
                throw new Arguments.UsageException("The option --threads " + text
                        + " asks for virtual threads, which need JDK " + VIRTUAL_SINCE + " or later; this is JDK " + jdk
                        + ".");
            }
            return new Workers(Integer.parseInt(virtual ? text.substring(0, text.length() - 1) : text), virtual);
        }

        static boolean haveVirtual(int jdk) {
            return jdk >= VIRTUAL_SINCE;
        }
    }

    private static List<List<Cell>> groups(
            Arguments arguments,
            ByKind questions,
            List<String> shapes,
            ByKind threads,
            Predicate<Contestant> smallWriters) {
        Set<List<Cell>> groups = new LinkedHashSet<>();
        for (Contestant.Kind kind : Contestant.Kind.values()) {
            for (String question : questions.of(kind)) {
                if (question.equals(FILTER)) {
                    groups.add(passages(arguments));
                    continue;
                }
                if (question.equals(SMALL_WRITE)) {
                    groups.addAll(smallWrites(arguments, kind, smallWriters));
                    continue;
                }
                for (String shape : arguments.list("shapes").orElse(shapes)) {
                    for (String workers : arguments.list("threads").orElse(threads.of(kind))) {
                        groups.add(group(arguments, kind, question, shape, Workers.parse(workers, JDK)));
                    }
                }
            }
        }
        return groups.stream().filter(group -> !group.isEmpty()).toList();
    }

    /** The filter has no contestants: a request that passes it is compared with the same that does not. */
    private static List<Cell> passages(Arguments arguments) {
        return arguments.list("contestants").isPresent()
                ? List.of()
                : Arrays.stream(Passage.values())
                        .map(passage -> new Cell(FILTER, passage.name(), Measures.SMALL, 1, false))
                        .toList();
    }

    /** Writing little is compared with the same into less, not with others: a contestant takes turns with itself. */
    private static List<List<Cell>> smallWrites(
            Arguments arguments, Contestant.Kind kind, Predicate<Contestant> smallWriters) {
        return contestants(arguments, kind)
                .filter(smallWriters)
                .map(contestant -> Stream.of(Measures.SMALL, Measures.LARGE)
                        .map(shape -> new Cell(SMALL_WRITE, contestant.name(), shape, 1, false))
                        .toList())
                .toList();
    }

    private static List<Cell> group(
            Arguments arguments, Contestant.Kind kind, String question, String shape, Workers workers) {
        return contestants(arguments, kind)
                .filter(contestant -> contestant.sweeps() || !question.equals(SWEEP))
                // Virtual threads that never wait never give way to each other, and JMH waits for all of them.
                .filter(contestant -> !workers.virtual() || kind == Contestant.Kind.POSTGRES)
                // One sweeper at a time is what every library has.
                .filter(contestant -> !question.equals(SWEEP) || workers.equals(new Workers(1, false)))
                .map(contestant -> new Cell(question, contestant.name(), shape, workers.count(), workers.virtual()))
                .toList();
    }

    private static Stream<Contestant> contestants(Arguments arguments, Contestant.Kind kind) {
        Optional<List<String>> chosen = arguments.list("contestants");
        return Arrays.stream(Contestant.values())
                .filter(contestant -> contestant.kind() == kind)
                .filter(contestant ->
                        chosen.map(names -> names.contains(contestant.name())).orElse(true));
    }

    /** How many forks it takes to measure everything once. */
    int size() {
        return groups.stream().mapToInt(List::size).sum();
    }
}
