package io.geniesession.benchmarks.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table in the making. Belongs to one thread. */
final class MarkdownTable {
    private final List<String> lines = new ArrayList<>();
    private final int columns;

    /** Begins a table; the first {@code texts} columns are aligned to the left, the others, of numbers, to the right. */
    MarkdownTable(int texts, List<String> heads) {
        columns = heads.size();
        List<String> rulers = new ArrayList<>(Collections.nCopies(columns, "---:"));
        Collections.fill(rulers.subList(0, texts), "---");
        row(heads);
        row(rulers);
    }

    MarkdownTable row(List<String> cells) {
        if (cells.size() != columns) {
            throw new IllegalArgumentException("The row has " + cells.size() + " cells instead of " + columns);
        }
        lines.add("| "
                + String.join(" | ", cells.stream().map(MarkdownTable::escaped).toList()) + " |");
        return this;
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }

    private static String escaped(String cell) {
        return cell.replace("|", "\\|").replace("\n", " ");
    }
}
