package io.geniesession.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A client that keeps the session cookie, as a browser does, and shows every header. */
final class Browser {

    private static final HttpClient CLIENT = client(HttpClient.Version.HTTP_1_1);

    /** Asks for HTTP/2 with its first request and keeps to one connection per server. */
    private static final HttpClient CLIENT_2 = client(HttpClient.Version.HTTP_2);

    private final String base;
    private String cookieName = "__geniesid";
    private HttpClient client = CLIENT;
    volatile String cookie;

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    Browser(int port, String contextPath) {
        this.base = "http://127.0.0.1:" + port + contextPath;
    }

    /** A browser of an application at the root over TLS, which brings HTTP/2 along where the server has it. */
    Browser(int port, SSLContext tls) {
        this.base = "https://127.0.0.1:" + port;
        this.client = HttpClient.newBuilder()
                .sslContext(tls)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    Browser named(String name) {
        cookieName = name;
        return this;
    }

    Browser http2() {
        client = CLIENT_2;
        return this;
    }

    Browser holding(String value) {
        cookie = value;
        return this;
    }

    Answer get(String path, String... headers) {
        return send("GET", path, headers);
    }

    /** Begins a request and returns when the response's header is there; the body may still be under way. */
    int begin(String path) {
        return open(path).statusCode();
    }

    /** As {@link #begin}, with the body to come. */
    HttpResponse<InputStream> open(String path) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(base + path)).build();
            // With HTTP/1.1 the next request must not wait for this one's connection, which some servers read only
            // after the page ends.
            HttpClient own = client == CLIENT ? client(HttpClient.Version.HTTP_1_1) : client;
            HttpResponse<InputStream> response = own.send(request, BodyHandlers.ofInputStream());
            cookie = response.headers()
                    .firstValue("Set-Cookie")
                    .map(line -> line.substring(cookieName.length() + 1).split(";", 2)[0])
                    .orElse(cookie);
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Opens a WebSocket with the session cookie. */
    SocketClient socket(String path) {
        return new SocketClient(
                URI.create(base.replaceFirst("http", "ws") + path), cookie == null ? null : cookieName + "=" + cookie);
    }

    Answer post(String path, String body) {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(body));
    }

    Answer send(String method, String path, String... headers) {
        return send(method, path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    private Answer send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body);
        if (cookie != null) {
            request.header("Cookie", cookieName + "=" + cookie);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            Answer answer = new Answer(client.send(request.build(), BodyHandlers.ofString()));
            answer.sessionCookie(cookieName).ifPresent(value -> cookie = value.isEmpty() ? null : value);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A response. */
    record Answer(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        List<String> setCookies() {
            return response.headers().allValues("Set-Cookie");
        }

        List<String> setCookies(String name) {
            return setCookies().stream()
                    .filter(line -> line.startsWith(name + "="))
                    .toList();
        }

        Optional<String> sessionCookie(String name) {
            return setCookies(name).stream()
                    .map(line -> line.substring(name.length() + 1).split(";", 2)[0])
                    .findFirst();
        }
    }
}
