package io.geniesession.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of the code in the words of the reader. */
final class Words {
    private static final Pattern INNER_CAPITAL = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    /** All questions, in the order of the tables; what is missing here comes last. */
    static final List<String> QUESTIONS = List.of(
            "ReadRequest",
            "WriteRequest",
            "WriteTen",
            "Create",
            "Load",
            "Login",
            "MixedLoad",
            "SmallWrite",
            "Sweep",
            "Filter");

    private Words() {}

    /** {@code ReadRequest} becomes {@code Read request}. */
    static String question(String name) {
        String spaced = INNER_CAPITAL.matcher(name).replaceAll(" ").toLowerCase(Locale.ROOT);
        return spaced.substring(0, 1).toUpperCase(Locale.ROOT) + spaced.substring(1);
    }

    static int rank(String question) {
        int index = QUESTIONS.indexOf(question);
        return index < 0 ? QUESTIONS.size() : index;
    }

    static String shape(String shape) {
        return shape.replace("x", " × ") + " B";
    }
}
