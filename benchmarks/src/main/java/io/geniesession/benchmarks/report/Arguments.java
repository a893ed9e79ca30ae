package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Contestant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The options behind a command, each of them {@code --name value}. Immutable. */
final class Arguments {
    static final String HELP = """
            Options:
              --out FOLDER          where the results go; default docs/benchmarks
              --rounds N            how often everything is measured by turns in one fork
              --warm-ups N          how often each fork works before that, without being measured
              --seconds N           how long each of these lasts
              --forks N             how often everything is started anew, at most
              --minutes N           nothing is started anew that would last longer in all
              --questions A,B       ReadRequest, WriteRequest, WriteTen, Create, Load, Login, MixedLoad, SmallWrite, Sweep,
                                    Filter
              --contestants A,B     such as GENIE_POSTGRES, BARE_JDBC_POSTGRES
              --shapes A,B          10x100, 50x200, 100x1000
              --threads A,B         such as 1,8,64v; v stands for virtual threads, which need JDK 21
              --updates N           how many updates the bloat is counted after
              --sessions N          how many sessions "scale" fills its larger table with
              --parts A,B           what "scale" measures: heap, requests, sweeps
            """;

    private static final List<String> NAMES = List.of(
            "out",
            "rounds",
            "warm-ups",
            "seconds",
            "forks",
            "minutes",
            "questions",
            "contestants",
            "shapes",
            "threads",
            "updates",
            "sessions",
            "parts");

    private static final Pattern THREADS = Pattern.compile("[1-9][0-9]{0,3}v?");

    private final Map<String, String> values;

    private Arguments(Map<String, String> values) {
        this.values = values;
    }

    /** Reads options; those that nobody knows or that lack a value are refused. */
    static Arguments parse(List<String> texts) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i += 2) {
            String name = texts.get(i);
            if (!name.startsWith("--") || !NAMES.contains(name.substring(2))) {
                throw new UsageException("There is no option " + name + ".\n" + HELP);
            }
            if (i + 1 == texts.size()) {
                throw new UsageException("The option " + name + " lacks its value.\n" + HELP);
            }
            values.put(name.substring(2), texts.get(i + 1));
        }
        return new Arguments(values);
    }

    Path folder() {
        return Path.of(values.getOrDefault("out", "docs/benchmarks"));
    }

    int number(String name, int ifAbsent) {
        String text = values.get(name);
        if (text == null) {
            return ifAbsent;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for numbers that are too small.
        }
        throw new UsageException("The option --" + name + " takes a number from 1, not " + text + ".");
    }

    Duration minutes(Duration ifAbsent) {
        return Duration.ofMinutes(number("minutes", (int) ifAbsent.toMinutes()));
    }

    Duration seconds(Duration ifAbsent) {
        return Duration.ofSeconds(number("seconds", (int) ifAbsent.toSeconds()));
    }

    /** The values between the commas, or empty if the option was not given; those that name nothing are refused. */
    Optional<List<String>> list(String name) {
        Optional<List<String>> list = Optional.ofNullable(values.get(name))
                .map(text ->
                        Arrays.stream(text.split(",", -1)).map(String::trim).toList());
        list.ifPresent(chosen -> chosen.forEach(value -> {
            if (!isKnown(name, value)) {
                throw new UsageException("The option --" + name + " does not know \"" + value + "\".\n" + HELP);
            }
        }));
        return list;
    }

    private static boolean isKnown(String name, String value) {
        return switch (name) {
            case "contestants" ->
                Arrays.stream(Contestant.values())
                        .anyMatch(contestant -> contestant.name().equals(value));
            case "questions" -> Words.QUESTIONS.contains(value);
            case "shapes" -> Plan.ALL_SHAPES.contains(value);
            case "parts" -> ScaleRun.ALL_PARTS.contains(value);
            case "threads" -> THREADS.matcher(value).matches();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** What was given, so that results can say it. */
    Map<String, String> given() {
        Map<String, String> given = new LinkedHashMap<>(values);
        given.remove("out");
        return given;
    }

    /** A command that cannot be understood; the message says why. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }
}
