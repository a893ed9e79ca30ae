package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionId;
import io.geniesession.servlet.Browser.Answer;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sessions of an application of Javalin, which installs them by one line. */
class JavalinSessionTest {

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private Javalin javalin;

    @AfterEach
    void stop() {
        if (javalin != null) {
            javalin.stop();
        }
    }

    private Browser started(Consumer<JavalinConfig> more) {
        javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.jetty.host = "127.0.0.1";
            config.jetty.port = 0;
            // The line of docs/servlet.md.
            config.jetty.modifyServletContextHandler(
                    handler -> handler.addServletContainerInitializer(new GenieSessionInitializer()));
            config.routes.get("/count", context -> {
                Integer before = context.sessionAttribute("n");
                context.sessionAttribute("n", before == null ? 1 : before + 1);
                context.result(String.valueOf(context.<Integer>sessionAttribute("n")));
            });
            config.routes.get(
                    "/read", context -> context.result(String.valueOf(context.<Integer>sessionAttribute("n"))));
            more.accept(config);
        });
        javalin.start();
        return new Browser(javalin.port(), "");
    }

    @Test
    @DisplayName("one line is enough: the session is ours, and stored before a redirect")
    void oneLineIsEnough() {
        Browser browser = started(config -> config.routes.get("/redirect", context -> {
            context.sessionAttribute("n", 41);
            context.redirect("/read");
        }));
        Answer first = browser.get("/count");
        assertThat(first.body()).isEqualTo("1");
        assertThat(first.setCookies()).singleElement().asString().endsWith("; Path=/; HttpOnly; SameSite=Lax");
        assertThat(SessionId.parse(browser.cookie)).isPresent();
        assertThat(browser.get("/count").body()).isEqualTo("2");
        assertThat(browser.get("/redirect").status()).isEqualTo(302);
        assertThat(browser.get("/read").body()).isEqualTo("41");
    }

    @Test
    @DisplayName("what a future puts into the session is stored before the response")
    void futures() {
        Browser browser = started(config -> config.routes.get(
                "/future",
                context -> context.future(() -> CompletableFuture.runAsync(() -> {
                    context.sessionAttribute("n", 7);
                    context.result("done");
                }))));
        Answer answer = browser.get("/future");
        assertThat(answer.body()).isEqualTo("done");
        assertThat(answer.setCookies("__geniesid")).hasSize(1);
        assertThat(browser.get("/read").body()).isEqualTo("7");
    }

    @Test
    @DisplayName("renewal, end and listeners of Jetty's context")
    void renewalEndAndListeners() {
        Browser browser = started(config -> {
            config.jetty.modifyServletContextHandler(handler -> handler.addEventListener(new HttpSessionListener() {
                @Override
                public void sessionCreated(HttpSessionEvent event) {
                    heard.add("created");
                }

                @Override
                public void sessionDestroyed(HttpSessionEvent event) {
                    heard.add("destroyed");
                }
            }));
            config.routes.get("/renew", context -> context.req().changeSessionId());
            config.routes.get("/out", context -> context.req().getSession().invalidate());
        });
        browser.get("/count");
        String before = browser.cookie;
        browser.get("/renew");
        assertThat(browser.cookie).isNotEqualTo(before);
        assertThat(browser.get("/count").body()).isEqualTo("2");
        browser.get("/out");
        assertThat(browser.get("/read").body()).isEqualTo("null");
        assertThat(heard).containsExactly("created", "destroyed");
    }

    @Test
    @DisplayName("settings are parameters of Jetty's context; a wrong one keeps the application from starting")
    void settings() {
        assertThat(started(config -> config.jetty.modifyServletContextHandler(
                                handler -> handler.setInitParameter("genie.session.cookie.name", "JAVALIN")))
                        .get("/count")
                        .setCookies("JAVALIN"))
                .hasSize(1);
        javalin.stop();
        assertThatThrownBy(() -> started(config -> config.jetty.modifyServletContextHandler(
                        handler -> handler.setInitParameter("genie.session.cookie.nam", "JAVALIN"))))
                .hasStackTraceContaining("genie.session.cookie.name");
    }
}
