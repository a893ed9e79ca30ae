package io.geniesession.examples.quickstart;

/**
 * A piece of HTML. Whatever is put into a template is escaped, unless it is HTML itself; so only what stands in this
 * application's templates is ever markup. Immutable.
 *
 * @param markup the HTML
 */
record Html(String markup) {
    static final Html NOTHING = new Html("");

    /**
     * Fills a template.
     *
     * @param template HTML with {@code {}} for each value, in element content or a quoted attribute
     * @param values {@code Html}, several of it, or anything else, which is escaped
     * @return the HTML
     * @throws IllegalArgumentException if there are more or fewer values than places
     */
    static Html of(String template, Object... values) {
        StringBuilder filled = new StringBuilder(template.length() + 32 * values.length);
        int from = 0;
        for (Object value : values) {
            int place = template.indexOf("{}", from);
            if (place < 0) {
                throw new IllegalArgumentException("More values than places in the template: " + template);
            }
            filled.append(template, from, place);
            append(filled, value);
            from = place + 2;
        }
        if (template.indexOf("{}", from) >= 0) {
            throw new IllegalArgumentException("Fewer values than places in the template: " + template);
        }
        return new Html(filled.append(template, from, template.length()).toString());
    }

    private static void append(StringBuilder filled, Object value) {
        if (value instanceof Html html) {
            filled.append(html.markup);
        } else if (value instanceof Iterable<?> several) {
            several.forEach(one -> append(filled, one));
        } else {
            escape(filled, value.toString());
        }
    }

    private static void escape(StringBuilder filled, String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '&' -> filled.append("&amp;");
                case '<' -> filled.append("&lt;");
                case '>' -> filled.append("&gt;");
                case '"' -> filled.append("&quot;");
                case '\'' -> filled.append("&#39;");
                default -> filled.append(character);
            }
        }
    }

    /** Returns the HTML. */
    @Override
    public String toString() {
        return markup;
    }
}
