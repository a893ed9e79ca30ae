package io.geniesession.examples.httpserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.SessionId;
import io.geniesession.Sessions;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CounterServerTest {

    private final Sessions sessions = Sessions.open();
    private CounterServer server;

    @BeforeEach
    void start() throws Exception {
        server = new CounterServer(0, sessions);
    }

    @AfterEach
    void stop() {
        server.close();
        sessions.close();
    }

    private static HttpClient browser() {
        return client(new CookieManager());
    }

    private static HttpClient client(CookieHandler cookies) {
        return HttpClient.newBuilder().cookieHandler(cookies).build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
    }

    private String get(HttpClient client) throws Exception {
        return client.send(request("/").build(), BodyHandlers.ofString()).body();
    }

    @Test
    @DisplayName("visits are counted per visitor")
    void visitsAreCounted() throws Exception {
        HttpClient one = browser();
        HttpClient two = browser();
        assertThat(get(one)).contains("<b>1</b> time.");
        assertThat(get(one)).contains("<b>2</b> times.");
        assertThat(get(two)).contains("<b>1</b> time.");
        assertThat(get(one)).contains("<b>3</b> times.");
        assertThat(sessions.count()).isEqualTo(2);
    }

    @Test
    @DisplayName("visits at the same time are all counted")
    void visitsAtTheSameTimeAreCounted() throws Exception {
        HttpClient client = browser();
        get(client);
        List<CompletableFuture<HttpResponse<String>>> visits = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            visits.add(client.sendAsync(request("/").build(), BodyHandlers.ofString()));
        }
        visits.forEach(CompletableFuture::join);
        assertThat(get(client)).contains("<b>22</b>");
    }

    @Test
    @DisplayName("the cookie is an id of ours, for this server, out of reach of scripts")
    void cookie() throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        request("/")
                                .header("Cookie", "__geniesid=chosen-by-the-client")
                                .build(),
                        BodyHandlers.ofString());
        List<String> cookies = response.headers().allValues("Set-Cookie");
        assertThat(cookies).hasSize(1);
        String value =
                cookies.get(0).substring("__geniesid=".length(), cookies.get(0).indexOf(';'));
        assertThat(SessionId.parse(value)).isPresent();
        assertThat(cookies.get(0)).endsWith("; Path=/; HttpOnly; SameSite=Lax");
    }

    @Test
    @DisplayName("a session that is forgotten is gone, with its cookie")
    void forget() throws Exception {
        CookieManager cookies = new CookieManager();
        HttpClient client = client(cookies);
        get(client);
        HttpResponse<String> response =
                client.send(request("/forget").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(303);
        assertThat(cookies.getCookieStore().getCookies()).isEmpty();
        assertThat(sessions.count()).isZero();
        assertThat(get(client)).contains("<b>1</b> time.");
    }

    @Test
    @DisplayName("a store that does not answer is answered 503, and the cookie is left alone")
    void outage() throws Exception {
        CookieManager cookies = new CookieManager();
        HttpClient client = client(cookies);
        get(client);
        sessions.close();
        HttpResponse<String> response = client.send(request("/").build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("5");
        assertThat(cookies.getCookieStore().getCookies()).hasSize(1);
    }

    @Test
    @DisplayName("a page that does not use the session makes none")
    void otherPages() throws Exception {
        HttpResponse<String> response =
                HttpClient.newHttpClient().send(request("/favicon.ico").build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(sessions.count()).isZero();
    }
}
