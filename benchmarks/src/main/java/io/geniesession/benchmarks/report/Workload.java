package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/** Attributes of one shape, in texts of printable ASCII. Safe for use by several threads. */
final class Workload {
    private static final int TEXTS = 1_000;

    private final String[] names;
    private final String[] texts;

    Workload(String shape) {
        Shape parsed = Shape.parse(shape);
        names = new String[parsed.attributes()];
        for (int i = 0; i < names.length; i++) {
            names[i] = "attribute" + i;
        }
        texts = new String[TEXTS];
        Random random = new Random(1);
        for (int i = 0; i < texts.length; i++) {
            StringBuilder text = new StringBuilder(parsed.length());
            random.ints(parsed.length(), '!', '~' + 1).forEach(text::appendCodePoint);
            texts[i] = text.toString();
        }
    }

    /** All attributes of a session. */
    Map<String, String> attributes() {
        Map<String, String> attributes = new HashMap<>(names.length * 2);
        for (String name : names) {
            attributes.put(name, anyText());
        }
        return attributes;
    }

    /** The same, in texts that nobody else refers to. */
    @SuppressWarnings("StringOperationCanBeSimplified")
    Map<String, String> copiedAttributes() {
        Map<String, String> attributes = attributes();
        attributes.replaceAll((name, text) -> new String(text.toCharArray()));
        return attributes;
    }

    String anyName() {
        return any(names);
    }

    String anyText() {
        return any(texts);
    }

    static String any(String[] texts) {
        return texts[ThreadLocalRandom.current().nextInt(texts.length)];
    }
}
