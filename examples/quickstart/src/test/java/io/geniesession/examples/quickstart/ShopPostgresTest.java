package io.geniesession.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Sessions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.HttpCookie;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances of the shop on one real PostgreSQL. */
class ShopPostgresTest {
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void startDatabase() throws IOException {
        try {
            postgres = EmbeddedPostgres.builder().start();
        } catch (IOException | RuntimeException e) {
            if (Boolean.getBoolean("genie.test.postgres.required")) {
                throw e;
            }
            Assumptions.abort("PostgreSQL cannot be started here: " + e.getMessage());
        }
    }

    @AfterAll
    static void stopDatabase() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }

    private static Shop start() {
        return start(postgres);
    }

    private static Shop start(EmbeddedPostgres database) {
        Sessions.Builder settings = Sessions.builder()
                .set("genie.session.jdbc.url", "jdbc:postgresql://localhost:" + database.getPort() + "/postgres")
                .set("genie.session.jdbc.user", "postgres")
                .set("genie.session.jdbc.password", "postgres")
                .set("genie.session.jdbc.pool-timeout", "500ms");
        return Shop.start(settings, InetAddress.getLoopbackAddress(), 0);
    }

    @Test
    void twoInstancesServeOneSessionRequestByRequest() {
        try (Shop one = start();
                Shop two = start()) {
            Browser browser = new Browser(one.url());
            browser.signIn("Ali");
            String token = browser.token();

            for (int i = 0; i < 10; i++) {
                Shop instance = i % 2 == 0 ? two : one;
                browser.at(instance.url());
                assertThat(browser.page("/account")).contains("Hello, Ali", "port <strong>" + instance.port());
                assertThat(browser.token()).isEqualTo(token);
                assertThat(browser.add("lamp")).contains("One Brass lamp added");
            }

            assertThat(browser.at(one.url()).page("/cart")).contains("Pieces: </span>10</span>", "€480.00");
            assertThat(browser.at(two.url()).page("/cart")).contains("Pieces: </span>10</span>", "€480.00");
        }
    }

    @Test
    void signOutEverywhereReachesTheOtherInstance() {
        try (Shop one = start();
                Shop two = start()) {
            Browser desk = new Browser(one.url());
            Browser phone = new Browser(two.url());
            desk.signIn("Morgiana");
            phone.signIn("Morgiana");
            assertThat(desk.page("/account")).contains("these 2 devices");

            desk.post("/sign-out-everywhere");

            assertThat(phone.get("/account").uri()).hasPath("/sign-in");
        }
    }

    @Test
    void outageOfTheDatabaseCostsNobodyTheSession(@TempDir Path folder) throws IOException {
        EmbeddedPostgres.Builder server = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false);
        EmbeddedPostgres running = server.start();
        int port = running.getPort();
        try (Shop shop = start(running)) {
            Browser browser = new Browser(shop.url());
            browser.signIn("Ali");
            browser.add("lamp");
            Optional<HttpCookie> cookie = browser.sessionCookie();

            running.close();
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> refused = browser.get("/account");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).contains("5");
                assertThat(refused.headers().allValues("Set-Cookie")).isEmpty();
            }
            assertThat(browser.get("/shop.css").statusCode()).isEqualTo(200);

            running = server.setPort(port).start();
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (browser.get("/account").statusCode() == 503) {
                assertThat(System.nanoTime()).as("it works again").isLessThan(deadline);
            }
            assertThat(browser.page("/account")).contains("Hello, Ali");
            assertThat(browser.page("/cart")).contains("Pieces: </span>1</span>");
            assertThat(browser.sessionCookie()).isEqualTo(cookie);
        } finally {
            running.close();
        }
    }
}
