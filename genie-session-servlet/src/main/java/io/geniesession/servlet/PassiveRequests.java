package io.geniesession.servlet;

import io.geniesession.spi.Settings;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells requests that come by themselves (polling) from those that show that somebody is there. Immutable. */
final class PassiveRequests {

    private final List<String> patterns;
    private final @Nullable String header;

    PassiveRequests(Settings settings) {
        this.patterns = settings.get(ServletSettings.PASSIVE_PATHS);
        this.header = settings.find(ServletSettings.PASSIVE_HEADER).orElse(null);
    }

    boolean isPassive(HttpServletRequest request) {
        if (header != null && request.getHeader(header) != null) {
            return true;
        }
        return !patterns.isEmpty() && isPassive(pathOf(request));
    }

    /** The path below the context path, decoded and without path parameters, as servlet mappings see it. */
    private static String pathOf(HttpServletRequest request) {
        String path = request.getServletPath();
        String info = request.getPathInfo();
        return info == null ? path : path + info;
    }

    boolean isPassive(String path) {
        for (String pattern : patterns) {
            if (matches(pattern, path)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, String path) {
        if (pattern.startsWith("*.")) {
            return path.endsWith(pattern.substring(1)) && path.lastIndexOf('/') < path.length() - pattern.length() + 1;
        }
        if (pattern.endsWith("/*")) {
            String prefix = pattern.substring(0, pattern.length() - 2);
            return path.equals(prefix) || path.startsWith(prefix + "/");
        }
        return path.equals(pattern);
    }
}
