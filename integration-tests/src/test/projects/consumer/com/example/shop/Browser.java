package com.example.shop;

import java.util.Optional;

/** What is left of a browser between two requests. */
final class Browser {
    private Optional<String> cookie;

    Browser(Optional<String> cookie) {
        this.cookie = cookie;
    }

    Optional<String> cookie() {
        return cookie;
    }

    void keep(String value) {
        cookie = Optional.of(value);
    }
}
