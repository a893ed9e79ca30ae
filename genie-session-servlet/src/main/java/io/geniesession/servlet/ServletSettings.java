package io.geniesession.servlet;

import io.geniesession.spi.Setting;
import java.time.Duration;
import java.util.List;

/** The settings of this binding. The constants are immutable. */
final class ServletSettings {

    /** What {@code HttpSession.getId()} returns. */
    enum ExposedId {
        /** The public id, which is safe to print and opens nothing. */
        PUBLIC,
        /** The value of the cookie, as containers do. */
        SECRET
    }

    /** What becomes of a request that needs its session while the store does not answer. */
    enum Outage {
        /** The request is answered with 503. */
        UNAVAILABLE,
        /** The request goes on without its session. */
        CONTINUE
    }

    static final Setting<Boolean> ENABLED = Setting.flag(
                    "genie.session.servlet.enabled",
                    "Whether the filter registers itself when the container starts; `false` = the application installs"
                            + " it, or none.")
            .withDefault(true);

    static final Setting<ExposedId> EXPOSE_ID = Setting.choice(
                    "genie.session.servlet.expose-id",
                    "What `HttpSession.getId()` returns: `public` = an id that is safe to print and opens nothing,"
                            + " `secret` = the cookie's value, as containers do.",
                    ExposedId.class)
            .withDefault(ExposedId.PUBLIC);

    static final Setting<List<String>> PASSIVE_PATHS = Setting.list(
                    "genie.session.servlet.passive-paths",
                    "Paths below the context path whose requests keep no session alive.")
            .withPattern(
                    "/|/[^*,]*[^*,/]|(/[^*,]*[^*,/])?/\\*|\\*\\.[^*,/]+",
                    "patterns of the form /exact, /prefix/* or *.extension")
            .withDefault(List.of());

    static final Setting<String> PASSIVE_HEADER = Setting.text(
                    "genie.session.servlet.passive-header",
                    "Request header whose presence, with any value, marks a request that keeps no session alive.")
            .withPattern("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}", "the name of a header")
            .withDerivedDefault("none");

    static final Setting<Outage> OUTAGE = Setting.choice(
                    "genie.session.servlet.outage",
                    "What becomes of a request that needs its session while the store does not answer:"
                            + " `unavailable` = 503 with `Retry-After`, `continue` = it goes on with a session of its"
                            + " own that is not stored.",
                    Outage.class)
            .withDefault(Outage.UNAVAILABLE);

    static final Setting<Duration> RETRY_AFTER = Setting.duration(
                    "genie.session.servlet.retry-after",
                    "The `Retry-After` of a 503 for a store that does not answer, in whole seconds.")
            .withDefault(Duration.ofSeconds(5))
            .withBounds(Duration.ofSeconds(1), Duration.ofHours(1));

    private static final List<Setting<?>> ALL =
            List.of(ENABLED, EXPOSE_ID, PASSIVE_PATHS, PASSIVE_HEADER, OUTAGE, RETRY_AFTER);

    private ServletSettings() {}

    static List<Setting<?>> all() {
        return ALL;
    }
}
