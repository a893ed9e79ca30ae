package io.geniesession.benchmarks;

import io.geniesession.Sessions;
import io.geniesession.servlet.GenieSessions;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.SessionTrackingMode;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** A web application that consists of the session filter. */
final class LightContext {
    private LightContext() {}

    /** Installs sessions and returns the filter that stands before the application. */
    static Filter filterOver(Sessions sessions) throws ServletException {
        AtomicReference<Filter> added = new AtomicReference<>();
        ServletContext context = context(added);
        GenieSessions.install(context, sessions);
        Filter filter = Objects.requireNonNull(added.get());
        filter.init(config(context));
        return filter;
    }

    private static ServletContext context(AtomicReference<Filter> added) {
        Map<String, Object> attributes = new HashMap<>();
        return (ServletContext) Proxy.newProxyInstance(
                LightContext.class.getClassLoader(),
                new Class<?>[] {ServletContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getAttribute" -> attributes.get((String) arguments[0]);
                    case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
                    case "addFilter" -> {
                        added.set((Filter) arguments[1]);
                        yield registration();
                    }
                    case "getContextPath" -> "";
                    case "getServerInfo" -> "Light/1.0";
                    case "getEffectiveSessionTrackingModes" -> Set.of(SessionTrackingMode.COOKIE);
                    case "addListener" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** Takes the mappings of the filter, which stands before everything anyway. */
    private static FilterRegistration.Dynamic registration() {
        return (FilterRegistration.Dynamic) Proxy.newProxyInstance(
                LightContext.class.getClassLoader(),
                new Class<?>[] {FilterRegistration.Dynamic.class},
                (proxy, method, arguments) -> null);
    }

    private static FilterConfig config(ServletContext context) {
        return (FilterConfig) Proxy.newProxyInstance(
                LightContext.class.getClassLoader(),
                new Class<?>[] {FilterConfig.class},
                (proxy, method, arguments) -> method.getName().equals("getServletContext") ? context : null);
    }
}
