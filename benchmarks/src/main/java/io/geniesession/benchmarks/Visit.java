package io.geniesession.benchmarks;

import io.geniesession.Exchange;
import io.geniesession.Session;
import java.util.List;
import java.util.Optional;

/** A request as small as an exchange can be, with the cookie of a session or without. Belongs to one thread. */
final class Visit implements Exchange {
    private final List<String> cookies;
    private Optional<Session> session = Optional.empty();

    private Visit(List<String> cookies) {
        this.cookies = cookies;
    }

    /** Returns the first request of a visitor. */
    static Visit first() {
        return new Visit(List.of());
    }

    /** Returns a request that comes with this id. */
    static Visit with(String id) {
        return new Visit(List.of(id));
    }

    @Override
    public List<String> cookies(String name) {
        return cookies;
    }

    @Override
    public boolean isSecure() {
        return true;
    }

    /** Nobody reads the response. */
    @Override
    public void setCookie(String name, String header) {}

    @Override
    public String cookiePath() {
        return "/";
    }

    @Override
    public Optional<Session> attached() {
        return session;
    }

    @Override
    public void attach(Session started) {
        session = Optional.of(started);
    }
}
