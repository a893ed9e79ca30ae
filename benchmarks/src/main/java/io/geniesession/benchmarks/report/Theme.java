package io.geniesession.benchmarks.report;

/** Colours of a plot. Each differs from its background by at least 3:1, texts by at least 4.5:1 (WCAG 2.2, 1.4.3 and 1.4.11). */
enum Theme {
    /** For light pages. */
    LIGHT("#ffffff", "#1f2328", "#59636e", "#d1d9e0", "#0969da", "#59636e", "#818b98"),
    /** For dark pages. */
    DARK("#0d1117", "#f0f6fc", "#9198a1", "#3d444d", "#4493f8", "#9198a1", "#656c76");

    private final String background;
    private final String text;
    private final String muted;
    private final String grid;
    private final String ours;
    private final String floor;
    private final String other;

    Theme(String background, String text, String muted, String grid, String ours, String floor, String other) {
        this.background = background;
        this.text = text;
        this.muted = muted;
        this.grid = grid;
        this.ours = ours;
        this.floor = floor;
        this.other = other;
    }

    String suffix() {
        return this == LIGHT ? "light" : "dark";
    }

    String style() {
        return String.join(
                "\n",
                "",
                "text { font: 14px -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif; fill: " + text
                        + " }",
                ".title { font-size: 19px; font-weight: 600 }",
                ".note, .tick { font-size: 12.5px; fill: " + muted + " }",
                ".panel { font-weight: 600 }",
                ".label { text-anchor: end }",
                ".tick { text-anchor: middle }",
                ".strong { font-weight: 600 }",
                ".value { paint-order: stroke; stroke: " + background + "; stroke-width: 5px; stroke-linejoin: round }",
                ".strong-label { font-weight: 600; text-anchor: end }",
                ".background { fill: " + background + " }",
                ".grid { stroke: " + grid + " }",
                ".reference { stroke: " + text + "; stroke-dasharray: 4 3 }",
                ".range { stroke: " + text + "; stroke-width: 1.5 }",
                ".ours { fill: " + ours + " }",
                ".floor { fill: " + background + "; stroke: " + floor + "; stroke-width: 1.5 }",
                ".other { fill: " + other + " }",
                "");
    }
}
