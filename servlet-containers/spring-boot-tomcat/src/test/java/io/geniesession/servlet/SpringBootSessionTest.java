package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionId;
import io.geniesession.servlet.Browser.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import shop.ShopApplication;
import shop.ShopListener;

/** Sessions of an application of Spring Boot, which installs them by one bean. The module decides for the container. */
class SpringBootSessionTest {

    private ConfigurableApplicationContext application;

    @AfterEach
    void stop() {
        if (application != null) {
            application.close();
        }
    }

    private Browser started(String... properties) {
        List<String> arguments = new ArrayList<>(
                List.of("--server.port=0", "--server.address=127.0.0.1", "--spring.main.banner-mode=off"));
        for (String property : properties) {
            arguments.add("--" + property);
        }
        application = SpringApplication.run(ShopApplication.class, arguments.toArray(String[]::new));
        int port = application.getEnvironment().getRequiredProperty("local.server.port", int.class);
        return new Browser(port, application.getEnvironment().getProperty("server.servlet.context-path", ""));
    }

    @Test
    @DisplayName("the container is the one this module is for")
    void container() {
        assertThat(started().get("/server").body().toLowerCase(Locale.ROOT))
                .contains(System.getProperty("genie.test.server"));
    }

    @Test
    @DisplayName("one bean is enough: HttpSession and session-scoped beans are ours")
    void oneBeanIsEnough() {
        Browser browser = started("server.servlet.context-path=/shop");
        Answer first = browser.get("/count");
        assertThat(first.body()).isEqualTo("1 1800");
        assertThat(first.setCookies()).singleElement().asString().contains("; Path=/shop;");
        assertThat(SessionId.parse(browser.cookie)).isPresent();
        assertThat(browser.get("/count").body()).isEqualTo("2 1800");
        assertThat(browser.get("/cart").body()).isEqualTo("1");
        assertThat(browser.get("/cart").body()).isEqualTo("2");
    }

    @Test
    @DisplayName("filters that are beans come after ours, those of an early order too")
    void filtersComeAfterOurs() {
        Browser browser = started();
        assertThat(browser.get("/filtered").body()).isEqualTo("true");
        assertThat(SessionId.parse(browser.cookie)).isPresent();
        assertThat(browser.get("/filtered").body()).isEqualTo("true");
    }

    @Test
    @DisplayName("listeners that are beans hear of our sessions")
    void listenersThatAreBeans() {
        Browser browser = started();
        browser.get("/count");
        browser.get("/out");
        assertThat(application.getBean(ShopListener.class).heard()).containsExactly("created", "destroyed 1");
    }

    @Test
    @DisplayName("server.servlet.session.* counts: timeout and cookie")
    void settingsOfSpringBoot() {
        Browser browser = started(
                        "server.servlet.session.timeout=7m",
                        "server.servlet.session.cookie.name=SHOP",
                        "server.servlet.session.cookie.domain=127.0.0.1",
                        "server.servlet.session.cookie.path=/all",
                        "server.servlet.session.cookie.http-only=true",
                        "server.servlet.session.cookie.secure=true",
                        "server.servlet.session.cookie.partitioned=true",
                        "server.servlet.session.cookie.max-age=10m")
                .named("SHOP");
        Answer answer = browser.get("/count");
        assertThat(answer.body()).isEqualTo("1 420");
        assertThat(answer.setCookies("SHOP"))
                .singleElement()
                .asString()
                .contains(
                        "; Max-Age=600",
                        "; Path=/all",
                        "; Domain=127.0.0.1",
                        "; Secure",
                        "; HttpOnly",
                        "; Partitioned");
        assertThat(answer.setCookies()).hasSize(1);
    }

    @Test
    @DisplayName("our settings are context parameters, same-site among them, which Spring Boot keeps for itself")
    void contextParameters() {
        Answer answer = started(
                        "server.servlet.session.timeout=7m",
                        "server.servlet.context-parameters.genie.session.idle-timeout=9m",
                        "server.servlet.context-parameters.genie.session.cookie.same-site=strict")
                .get("/count");
        assertThat(answer.body()).isEqualTo("1 540");
        assertThat(answer.setCookies()).singleElement().asString().contains("; SameSite=Strict");
    }

    @Test
    @DisplayName("a wrong setting keeps the application from starting and says why")
    void wrongSetting() {
        assertThatThrownBy(() -> started("server.servlet.context-parameters.genie.session.servlet.outage=ignore"))
                .hasStackTraceContaining("genie.session.servlet.outage");
    }
}
