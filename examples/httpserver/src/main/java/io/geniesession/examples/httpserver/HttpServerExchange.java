package io.geniesession.examples.httpserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.geniesession.Exchange;
import io.geniesession.Session;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An exchange of the JDK's HTTP server, as far as sessions need it. Belongs to one thread at a time. */
final class HttpServerExchange implements Exchange {

    private final HttpExchange http;
    private @Nullable Session session;

    HttpServerExchange(HttpExchange http) {
        this.http = http;
    }

    @Override
    public List<String> cookies(String name) {
        return Exchange.cookies(http.getRequestHeaders().getOrDefault("Cookie", List.of()), name);
    }

    @Override
    public boolean isSecure() {
        return http instanceof HttpsExchange;
    }

    @Override
    public void setCookie(String name, String header) {
        if (http.getResponseCode() != -1) {
            throw new IllegalStateException("The header is on its way; persist before sendResponseHeaders");
        }
        List<String> others = http.getResponseHeaders().getOrDefault("Set-Cookie", List.of()).stream()
                .filter(other -> !other.startsWith(name + "="))
                .toList();
        http.getResponseHeaders().remove("Set-Cookie");
        others.forEach(other -> http.getResponseHeaders().add("Set-Cookie", other));
        http.getResponseHeaders().add("Set-Cookie", header);
    }

    @Override
    public String cookiePath() {
        return http.getHttpContext().getPath();
    }

    @Override
    public Optional<Session> attached() {
        return Optional.ofNullable(session);
    }

    @Override
    public void attach(Session started) {
        session = started;
    }
}
