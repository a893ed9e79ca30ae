package com.example.shop;

import io.geniesession.Exchange;
import io.geniesession.Session;
import java.util.List;
import java.util.Optional;

/** One request of a browser that keeps a single cookie. */
final class Visit implements Exchange {
    private final Browser browser;
    private Optional<Session> session = Optional.empty();

    Visit(Browser browser) {
        this.browser = browser;
    }

    @Override
    public List<String> cookies(String name) {
        return browser.cookie().stream().toList();
    }

    @Override
    public boolean isSecure() {
        return true;
    }

    @Override
    public void setCookie(String name, String header) {
        browser.keep(header.substring(name.length() + 1, header.indexOf(';')));
    }

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
