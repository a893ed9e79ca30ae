package io.geniesession.servlet;

import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.Setting;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code web.xml} says about sessions as defaults, weaker than every setting of ours.
 *
 * <p>Containers do not tell what was said from what they assume, so only what differs from every container's own assumption
 * counts: a session timeout above zero, a cookie name other than {@code JSESSIONID}, a path other than the context's,
 * {@code http-only} and {@code secure} if they are true, a {@code max-age} above zero.
 */
final class ContainerDefaults {

    private static final System.Logger LOG = System.getLogger(ContainerDefaults.class.getName());

    /** What the specification names the cookie if nobody does. */
    private static final String UNNAMED = "JSESSIONID";

    /** Attributes that have a getter of their own, and the comment, which browsers ignore. */
    private static final Set<String> KNOWN =
            Set.of("domain", "path", "max-age", "httponly", "secure", "comment", "expires", "version", "name");

    private ContainerDefaults() {}

    static Map<String, String> of(ServletContext context) {
        Map<String, String> defaults = new LinkedHashMap<>();
        timeout(context, defaults);
        cookie(context, context.getSessionCookieConfig(), defaults);
        return defaults;
    }

    private static void timeout(ServletContext context, Map<String, String> defaults) {
        int minutes = context.getSessionTimeout();
        if (minutes > 0) {
            put(defaults, CoreSettings.IDLE_TIMEOUT, minutes + "m");
        } else {
            // Also what an embedded container answers when nobody said anything; endless sessions must be meant.
            LOG.log(
                    System.Logger.Level.INFO,
                    "The session-timeout of {0} minutes (never) that the container has is not taken over; for sessions"
                            + " that never end by being idle set {1}=0",
                    minutes,
                    CoreSettings.IDLE_TIMEOUT.name());
        }
    }

    private static void cookie(ServletContext context, SessionCookieConfig cookie, Map<String, String> defaults) {
        if (isSet(cookie.getName()) && !cookie.getName().equals(UNNAMED)) {
            put(defaults, CoreSettings.COOKIE_NAME, cookie.getName());
        }
        if (isSet(cookie.getDomain())) {
            // RFC 6265 ignores the leading dot that older rules asked for.
            put(defaults, CoreSettings.COOKIE_DOMAIN, cookie.getDomain().replaceFirst("^\\.", ""));
        }
        if (isSet(cookie.getPath()) && !cookie.getPath().equals(assumedPath(context))) {
            put(defaults, CoreSettings.COOKIE_PATH, cookie.getPath());
        }
        if (cookie.isHttpOnly()) {
            put(defaults, CoreSettings.COOKIE_HTTP_ONLY, "true");
        }
        if (cookie.isSecure()) {
            put(defaults, CoreSettings.COOKIE_SECURE, "always");
        }
        if (cookie.getMaxAge() > 0) {
            put(defaults, CoreSettings.COOKIE_MAX_AGE, cookie.getMaxAge() + "s");
        }
        cookie.getAttributes().forEach((name, value) -> attribute(name.toLowerCase(Locale.ROOT), value, defaults));
    }

    private static void attribute(String name, String value, Map<String, String> defaults) {
        if (name.equals("samesite")) {
            put(defaults, CoreSettings.COOKIE_SAME_SITE, value.toLowerCase(Locale.ROOT));
        } else if (name.equals("partitioned")) {
            put(defaults, CoreSettings.COOKIE_PARTITIONED, String.valueOf(!value.equalsIgnoreCase("false")));
        } else if (!KNOWN.contains(name)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The attribute \"{0}\" of the session cookie in web.xml is not known and not sent",
                    name);
        }
    }

    /** What is taken where nobody says anything, which some containers answer then. */
    private static String assumedPath(ServletContext context) {
        return context.getContextPath().isEmpty() ? "/" : context.getContextPath();
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isEmpty();
    }

    private static void put(Map<String, String> defaults, Setting<?> setting, String value) {
        defaults.put(setting.name(), value);
    }
}
