package io.geniesession.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Panels of horizontal bars on one scale that begins at 0 and marks 1.0, with the range over the rounds as a line. Immutable.
 *
 * @param title what is shown
 * @param note how to read it
 * @param unit what 1.0 stands for
 * @param panels from top to bottom; at least one, with at least one bar
 */
record BarChart(String title, String note, String unit, List<Panel> panels) {
    private static final int WIDTH = 860;
    private static final int MARGIN = 24;
    private static final int LABELS = 250;
    private static final int VALUES = 78;
    private static final int BAR = 20;
    private static final int STEP = 28;
    private static final int HEAD = 28;
    private static final int GAP = 14;
    private static final int TOP = 100;
    private static final int BASELINE = 15;
    private static final int LEFT = MARGIN + LABELS;
    private static final int RIGHT = WIDTH - MARGIN - VALUES;

    /**
     * Bars that belong together. Immutable.
     *
     * @param title what they have in common
     * @param bars from top to bottom
     */
    record Panel(String title, List<Bar> bars) {}

    /**
     * One bar. Immutable.
     *
     * @param label whose bar it is
     * @param kind how it is painted
     * @param value its length
     */
    record Bar(String label, Kind kind, Sample value) {}

    /** How a bar is painted. */
    enum Kind {
        /** The library of this project. */
        OURS,
        /** What everything is compared with. */
        FLOOR,
        /** Everything else. */
        OTHER
    }

    BarChart {
        panels = List.copyOf(panels);
    }

    String svg(Theme theme) {
        double longest = panels.stream()
                .flatMap(panel -> panel.bars().stream())
                .mapToDouble(bar -> bar.value().highest())
                .max()
                .orElseThrow();
        Scale scale = Scale.upTo(longest);
        int bottom = TOP + panels.stream().mapToInt(BarChart::height).sum() - GAP;
        Svg svg = new Svg(WIDTH, bottom + 36, title, description(), theme.style());
        svg.rectangle("background", 0, 0, WIDTH, bottom + 36, 8);
        svg.text("title", MARGIN, 38, title);
        svg.text("note", MARGIN, 60, note);
        drawGrid(svg, scale, bottom);
        drawBars(svg, scale);
        svg.line("reference", x(scale, 1), TOP - 6, x(scale, 1), bottom);
        drawValues(svg, scale);
        return svg.end();
    }

    private void drawGrid(Svg svg, Scale scale, int bottom) {
        for (double tick = 0; tick <= scale.end() + 1e-9; tick += scale.step()) {
            double x = x(scale, tick);
            svg.line("grid", x, TOP - 6, x, bottom);
            svg.text("tick", x, bottom + 18, String.format(Locale.ROOT, scale.step() < 1 ? "%.1f" : "%.0f", tick));
        }
        svg.text("tick", x(scale, 1), TOP - 12, unit + " = 1");
    }

    private void drawBars(Svg svg, Scale scale) {
        int top = TOP;
        for (Panel panel : panels) {
            svg.text("panel", MARGIN, top + BASELINE, panel.title());
            int y = top + HEAD;
            for (Bar bar : panel.bars()) {
                drawBar(svg, scale, bar, y);
                y += STEP;
            }
            top += height(panel);
        }
    }

    private static void drawBar(Svg svg, Scale scale, Bar bar, int y) {
        Sample value = bar.value();
        svg.text(bar.kind() == Kind.OURS ? "strong-label" : "label", LEFT - 10, y + BASELINE, bar.label());
        double length = Math.max(1, x(scale, value.median()) - LEFT);
        svg.rectangle(bar.kind().name().toLowerCase(Locale.ROOT), LEFT, y, length, BAR, 2);
        if (value.highest() > value.lowest()) {
            double middle = y + BAR / 2.0;
            svg.line("range", x(scale, value.lowest()), middle, x(scale, value.highest()), middle);
        }
    }

    /** After everything else, so that no line runs through a number. */
    private void drawValues(Svg svg, Scale scale) {
        int top = TOP;
        for (Panel panel : panels) {
            int y = top + HEAD;
            for (Bar bar : panel.bars()) {
                String kind = bar.kind() == Kind.OURS ? "strong value" : "value";
                svg.text(
                        kind,
                        x(scale, bar.value().highest()) + 8,
                        y + BASELINE,
                        digits(bar.value().median()) + " ×");
                y += STEP;
            }
            top += height(panel);
        }
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }

    /** The picture in words, for those who do not see it. */
    private String description() {
        return note + ". "
                + panels.stream()
                        .map(panel -> panel.title() + ": "
                                + panel.bars().stream()
                                        .map(bar -> bar.label() + " "
                                                + digits(bar.value().median()))
                                        .collect(Collectors.joining(", ")))
                        .collect(Collectors.joining(". "))
                + ".";
    }

    private static int height(Panel panel) {
        return HEAD + panel.bars().size() * STEP + GAP;
    }

    private static double x(Scale scale, double value) {
        return LEFT + value / scale.end() * (RIGHT - LEFT);
    }

    /** Where the axis ends and how far its ticks lie apart. */
    private record Scale(double end, double step) {
        /** At most eight ticks, at numbers that people count in. */
        static Scale upTo(double longest) {
            double atLeast = Math.max(longest, 1.1);
            for (double power = 0.1; ; power *= 10) {
                for (double factor : new double[] {1, 2, 5}) {
                    double step = power * factor;
                    double end = Math.ceil(atLeast / step - 1e-9) * step;
                    if (end / step <= 8 + 1e-9) {
                        return new Scale(end, step);
                    }
                }
            }
        }
    }
}
