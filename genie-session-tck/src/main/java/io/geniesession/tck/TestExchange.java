package io.geniesession.tck;

import io.geniesession.Exchange;
import io.geniesession.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response without a network, for tests of what runs over {@link io.geniesession.Sessions}.
 *
 * <p>Belongs to one test; not safe for use by several threads.
 */
public final class TestExchange implements Exchange {
    private final Map<String, List<String>> cookies = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable Session session;

    /** Creates a request without cookies, over https. */
    public TestExchange() {}

    /**
     * Adds a cookie to the request.
     *
     * @param name the cookie's name
     * @param value its value
     * @return this
     */
    public TestExchange withCookie(String name, String value) {
        cookies.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
        return this;
    }

    /**
     * Returns the request that the same browser sends next: with the cookies of this one, as its response changed them.
     *
     * @return a new exchange
     */
    public TestExchange next() {
        TestExchange next = new TestExchange();
        cookies.forEach((name, values) -> {
            if (!headers.containsKey(name)) {
                values.forEach(value -> next.withCookie(name, value));
            }
        });
        headers.forEach((name, header) -> {
            if (!header.contains("Max-Age=0")) {
                next.withCookie(name, header.substring(name.length() + 1).split(";", 2)[0]);
            }
        });
        return next;
    }

    /**
     * Returns a field that the response sets.
     *
     * @param name the cookie's name
     * @return the value of {@code Set-Cookie}, or empty
     */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    @Override
    public List<String> cookies(String name) {
        return List.copyOf(cookies.getOrDefault(name, List.of()));
    }

    @Override
    public boolean isSecure() {
        return true;
    }

    @Override
    public void setCookie(String name, String header) {
        headers.put(name, header);
    }

    @Override
    public String cookiePath() {
        return "/";
    }

    @Override
    public Optional<Session> attached() {
        return Optional.ofNullable(session);
    }

    @Override
    public void attach(Session attached) {
        session = attached;
    }
}
