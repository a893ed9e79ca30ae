package io.geniesession;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An exchange without a network: the cookies of a request, and what the response sets. */
final class TestExchange implements Exchange {
    private final List<String> values = new ArrayList<>();
    private final Map<String, String> set = new LinkedHashMap<>();
    private @Nullable Session session;
    private boolean secure;
    private boolean committed;
    private boolean activity = true;

    /** A request with these values of the session cookie. */
    static TestExchange with(String... cookieValues) {
        TestExchange exchange = new TestExchange();
        exchange.values.addAll(List.of(cookieValues));
        return exchange;
    }

    /** The next request of the client that got this exchange's response. */
    TestExchange next() {
        String header = set.get("__geniesid");
        if (header == null) {
            return with(values.toArray(new String[0]));
        }
        String value = header.substring("__geniesid=".length(), header.indexOf(';'));
        return value.isEmpty() ? with() : with(value);
    }

    TestExchange secure() {
        secure = true;
        return this;
    }

    TestExchange passive() {
        activity = false;
        return this;
    }

    TestExchange committed() {
        committed = true;
        return this;
    }

    /** The one Set-Cookie of the session cookie. */
    Optional<String> setCookie() {
        return Optional.ofNullable(set.get("__geniesid"));
    }

    @Override
    public List<String> cookies(String name) {
        return name.equals("__geniesid") ? List.copyOf(values) : List.of();
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public boolean isCommitted() {
        return committed;
    }

    @Override
    public void setCookie(String name, String header) {
        if (committed) {
            throw new IllegalStateException("committed");
        }
        set.put(name, header);
    }

    @Override
    public String cookiePath() {
        return "/";
    }

    @Override
    public boolean isActivity() {
        return activity;
    }

    @Override
    public Optional<Session> attached() {
        return Optional.ofNullable(session);
    }

    @Override
    public void attach(Session newSession) {
        session = newSession;
    }
}
