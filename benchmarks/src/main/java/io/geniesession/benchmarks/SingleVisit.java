package io.geniesession.benchmarks;

import io.geniesession.Exchange;
import io.geniesession.Session;
import java.util.List;
import java.util.Optional;

/** The request that begins a session, as small as an exchange can be. Belongs to one thread. */
final class SingleVisit implements Exchange {
    private Optional<Session> session = Optional.empty();

    @Override
    public List<String> cookies(String name) {
        return List.of();
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
