package io.geniesession;

/** Where a session's cookie goes: one exchange and the settings of the cookie. */
record ResponseCookie(Exchange exchange, CookieConfig config) {
    void set(SessionId id) {
        exchange.setCookie(config.name(), config.header(id.value(), exchange.isSecure(), exchange.cookiePath()));
    }

    void remove() {
        exchange.setCookie(config.name(), config.removalHeader(exchange.isSecure(), exchange.cookiePath()));
    }

    /** Whether the response's header is on its way. */
    boolean isTooLate() {
        return exchange.isCommitted();
    }

    /** Whether the client keeps the cookie for a span that use of the session is to extend. */
    boolean isPersistent() {
        return config.maxAge().isPresent();
    }

    /** Whether the request came with this id. */
    boolean isKnownToClient(SessionId id) {
        return exchange.cookies(config.name()).contains(id.value());
    }
}
