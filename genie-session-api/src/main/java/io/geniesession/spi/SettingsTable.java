package io.geniesession.spi;

import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Renders settings as the Markdown table of the documentation, and keeps the tables of a document up to date.
 *
 * <p>A document holds the tables of several modules, each between two comments that name its section. A module's test
 * renders its own section and compares:
 *
 * <pre>{@code
 * String current = Files.readString(file);
 * String expected = SettingsTable.replaceSection(current, "core", CoreSettings.all());
 * assertThat(current).isEqualTo(expected);
 * }</pre>
 *
 * <p>Holds no state. Safe for use by several threads.
 */
public final class SettingsTable {

    private SettingsTable() {}

    /**
     * Renders one table: name, meaning, unit, default and bounds.
     *
     * @param settings the settings, one per row, in this order
     * @return lines of Markdown, the last one ended too; no default of a secret
     */
    public static String render(Collection<? extends Setting<?>> settings) {
        return settings.stream()
                .map(SettingsTable::row)
                .collect(Collectors.joining(
                        "", "| Name | Meaning | Unit | Default | Bounds |\n|---|---|---|---|---|\n", ""));
    }

    /**
     * Returns a document with the table of one section rendered anew. The section stands between the lines
     * {@code <!-- settings:NAME -->} and {@code <!-- /settings:NAME -->}.
     *
     * @param document the document
     * @param section the name of the section, such as {@code core}
     * @param settings the settings of the section
     * @return the document with the new table; everything outside the section is unchanged
     * @throws IllegalArgumentException if the document does not have the two lines, in this order
     */
    public static String replaceSection(String document, String section, Collection<? extends Setting<?>> settings) {
        String start = "<!-- settings:" + section + " -->\n";
        String end = "<!-- /settings:" + section + " -->";
        int from = document.indexOf(start);
        int to = document.indexOf(end, Math.max(from, 0));
        if (from < 0 || to < 0) {
            throw new IllegalArgumentException("The document has no section between " + start.strip() + " and " + end);
        }
        return document.substring(0, from + start.length()) + render(settings) + document.substring(to);
    }

    private static String row(Setting<?> setting) {
        return Stream.of(
                        "`" + setting.name() + "`",
                        cell(setting.meaning()),
                        cell(setting.unit()),
                        defaultCell(setting),
                        cell(setting.boundsText()))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String defaultCell(Setting<?> setting) {
        String text = cell(setting.defaultText());
        boolean literal = setting.defaultValue().isPresent() && !text.isEmpty();
        return literal ? "`" + text + "`" : text;
    }

    /** A bar would end the cell, an asterisk start an emphasis. */
    private static String cell(String text) {
        return text.replace("|", "\\|").replace("*", "\\*");
    }
}
