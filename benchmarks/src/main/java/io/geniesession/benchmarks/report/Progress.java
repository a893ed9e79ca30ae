package io.geniesession.benchmarks.report;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Tells whoever waits how far a run is. Belongs to one thread. */
final class Progress {
    private final PrintStream out;
    private final long start = System.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Something was done; {@code done} of {@code all} steps are over, of which {@code here} were done in this run. */
    void step(int done, int all, int here, String what) {
        Duration rest =
                here == 0 ? Duration.ZERO : elapsed().multipliedBy(all - done).dividedBy(here);
        out.printf(Locale.ROOT, "[%d of %d, %s, about %s left] %s%n", done, all, clock(elapsed()), clock(rest), what);
    }

    void say(String what) {
        out.printf(Locale.ROOT, "[%s] %s%n", clock(elapsed()), what);
    }

    private static String clock(Duration duration) {
        String minutes = String.format(Locale.ROOT, "%d:%02d", duration.toMinutesPart(), duration.toSecondsPart());
        return duration.toHours() > 0
                ? String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        duration.toHours(),
                        duration.toMinutesPart(),
                        duration.toSecondsPart())
                : minutes;
    }
}
