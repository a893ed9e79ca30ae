package io.geniesession.examples.quickstart;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser without a screen: keeps cookies, follows redirects and sends back what hidden fields say. */
final class Browser {
    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");

    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String userAgent;
    private String base;
    private String token = "";

    Browser(String base) {
        this(base, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    }

    Browser(String base, String userAgent) {
        this.base = base;
        this.userAgent = userAgent;
    }

    /** Goes on at another instance, with the cookies it has. */
    Browser at(String otherBase) {
        base = otherBase;
        return this;
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    String page(String path) {
        return get(path).body();
    }

    /** Sends a form with the token of the page seen last; fields are names and values in turn. */
    HttpResponse<String> post(String path, String... fields) {
        return send(form(path, token, fields));
    }

    HttpRequest.Builder form(String path, String formToken, String... fields) {
        StringBuilder body = new StringBuilder("token=").append(encoded(formToken));
        for (int i = 0; i < fields.length; i += 2) {
            body.append('&').append(encoded(fields[i])).append('=').append(encoded(fields[i + 1]));
        }
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            Matcher found = TOKEN.matcher(response.body());
            token = found.find() ? found.group(1) : "";
            return response;
        } catch (IOException e) {
            throw new IllegalStateException("No answer from " + base, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base).resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("User-Agent", userAgent);
    }

    String signIn(String name) {
        return post("/sign-in", "name", name, "password", SignIn.PASSWORD).body();
    }

    String add(String product) {
        return post("/cart/add", "product", product).body();
    }

    String token() {
        return token;
    }

    Optional<HttpCookie> sessionCookie() {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("__geniesid"))
                .findFirst();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
