package io.geniesession.benchmarks;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large a session is. Immutable.
 *
 * @param attributes how many attributes it has
 * @param length how many characters the text of each has
 */
public record Shape(int attributes, int length) {
    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,3})x([1-9][0-9]{0,5})");
    private static final char FIRST_PRINTABLE = '!';
    private static final char LAST_PRINTABLE = '~';

    /**
     * Reads a shape.
     *
     * @param text such as {@code 10x100}: ten attributes of a hundred characters each
     * @return the shape
     * @throws IllegalArgumentException if the text is none
     */
    public static Shape parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "A shape is attributes x characters, such as 10x100, and not \"" + text + "\"");
        }
        return new Shape(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** Returns the names of the attributes. */
    String[] names() {
        String[] names = new String[attributes];
        for (int i = 0; i < attributes; i++) {
            names[i] = "attribute" + i;
        }
        return names;
    }

    /** Returns this many texts of printable ASCII, which no compression makes much smaller; always the same ones. */
    String[] texts(int count) {
        Random random = new Random(1);
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder(length);
            random.ints(length, FIRST_PRINTABLE, LAST_PRINTABLE + 1).forEach(text::appendCodePoint);
            texts[i] = text.toString();
        }
        return texts;
    }
}
