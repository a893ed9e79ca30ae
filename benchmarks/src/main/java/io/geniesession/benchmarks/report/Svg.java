package io.geniesession.benchmarks.report;

import java.util.Locale;

/** Writes SVG that is well-formed whatever the texts are. Belongs to one thread. */
final class Svg {
    private final StringBuilder markup = new StringBuilder();

    /** Begins a picture that names and describes itself to those who do not see it. */
    Svg(int width, int height, String title, String description, String style) {
        markup.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height)
                .append("\" role=\"img\" aria-labelledby=\"title description\">\n");
        content("title", " id=\"title\"", title);
        content("desc", " id=\"description\"", description);
        content("style", "", style);
    }

    Svg rectangle(String kind, double x, double y, double width, double height, double radius) {
        markup.append("<rect class=\"").append(escaped(kind)).append('"');
        number("x", x);
        number("y", y);
        number("width", width);
        number("height", height);
        number("rx", radius);
        markup.append("/>\n");
        return this;
    }

    Svg line(String kind, double x1, double y1, double x2, double y2) {
        markup.append("<line class=\"").append(escaped(kind)).append('"');
        number("x1", x1);
        number("y1", y1);
        number("x2", x2);
        number("y2", y2);
        markup.append("/>\n");
        return this;
    }

    Svg text(String kind, double x, double y, String text) {
        markup.append("<text class=\"").append(escaped(kind)).append('"');
        number("x", x);
        number("y", y);
        markup.append('>').append(escaped(text)).append("</text>\n");
        return this;
    }

    /** The whole picture. */
    String end() {
        return markup + "</svg>\n";
    }

    private void content(String name, String attributes, String content) {
        markup.append('<')
                .append(name)
                .append(attributes)
                .append('>')
                .append(escaped(content))
                .append("</")
                .append(name)
                .append(">\n");
    }

    private void number(String name, double value) {
        String digits = String.format(Locale.ROOT, "%.1f", value);
        markup.append(' ')
                .append(name)
                .append("=\"")
                .append(digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits)
                .append('"');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
