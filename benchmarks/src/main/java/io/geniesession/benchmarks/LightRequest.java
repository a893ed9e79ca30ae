package io.geniesession.benchmarks;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that has a cookie and room for one attribute, and costs next to nothing. What else a container does for a request is
 * left out, and asking for it fails. Belongs to one thread.
 */
final class LightRequest extends HttpServletRequestWrapper {
    private static final HttpServletRequest NOTHING = Unsupported.of(HttpServletRequest.class);

    private final Visitor visitor;
    private @Nullable String attribute;
    private @Nullable Object value;

    /** What a container has read from the connection. Immutable. */
    @SuppressWarnings("ArrayRecordComponent") // as the interface wants it
    record Visitor(Cookie[] cookies, List<String> header) {
        static Visitor with(String cookie, String value) {
            return new Visitor(new Cookie[] {new Cookie(cookie, value)}, List.of(cookie + "=" + value));
        }
    }

    LightRequest(Visitor visitor) {
        super(NOTHING);
        this.visitor = visitor;
    }

    @Override
    public Cookie[] getCookies() {
        return visitor.cookies();
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return Collections.enumeration(name.equals("Cookie") ? visitor.header() : List.of());
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return name.equals(attribute) ? value : null;
    }

    @Override
    public void setAttribute(String name, Object newValue) {
        attribute = name;
        value = newValue;
    }

    @Override
    public DispatcherType getDispatcherType() {
        return DispatcherType.REQUEST;
    }

    @Override
    public boolean isAsyncStarted() {
        return false;
    }
}
