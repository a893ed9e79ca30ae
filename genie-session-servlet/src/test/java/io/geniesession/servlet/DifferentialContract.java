package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Sessions;
import io.geniesession.servlet.Browser.Answer;
import io.geniesession.servlet.Differences.Difference;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * The same application with the container's own sessions and with ours: whoever uses it must see the same, but for the
 * differences that are listed, each of which {@code docs/servlet.md} explains.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DifferentialContract implements TestContainer {

    private final Application theirs = new Application();
    private final Application ours = new Application();
    private TestServer theirServer;
    private TestServer ourServer;

    /** Returns what is different on this container. */
    abstract Differences differences();

    @BeforeAll
    void start() throws Exception {
        theirServer = start("", List.of(theirs));
        ourServer = start("", List.of(DifferentialContract::install, ours));
    }

    @AfterAll
    void stop() throws Exception {
        for (TestServer server : new TestServer[] {theirServer, ourServer}) {
            if (server != null) {
                server.close();
            }
        }
    }

    private static void install(Object classes, ServletContext context) {
        settings(context);
        GenieSessions.install(
                context,
                Sessions.builder()
                        .adapter(new ScriptedAdapter())
                        .set("genie.session.servlet.expose-id", "secret")
                        .set("genie.session.sweep", "false"));
    }

    /** What an application says about its sessions in standard terms. */
    private static void settings(ServletContext context) {
        context.setSessionTimeout(20);
        SessionCookieConfig cookie = context.getSessionCookieConfig();
        cookie.setName(Scenarios.COOKIE);
        cookie.setHttpOnly(true);
        cookie.setAttribute("SameSite", "Strict");
    }

    @TestFactory
    Stream<DynamicTest> theSameButForWhatIsListed() {
        return Scenarios.all().stream()
                .map(scenario -> DynamicTest.dynamicTest(scenario.name, () -> compare(scenario)));
    }

    private void compare(Scenario scenario) throws Exception {
        Map<String, String> their = theirs.play(scenario, theirServer.port());
        Map<String, String> our = ours.play(scenario, ourServer.port());
        Set<String> all = new LinkedHashSet<>(their.keySet());
        all.addAll(our.keySet());
        List<Difference> found = all.stream()
                .map(what -> new Difference(
                        scenario.name, what, their.getOrDefault(what, "none"), our.getOrDefault(what, "none")))
                .filter(difference -> !difference.theirs().equals(difference.ours()))
                .toList();
        assertThat(found).containsExactlyInAnyOrderElementsOf(differences().of(scenario.name));
    }

    /** An application that plays one scenario at a time. */
    private static final class Application implements ServletContainerInitializer {

        private final Semaphore answered = new Semaphore(0);
        private volatile Transcript seen = new Transcript();
        private volatile Scenario.Page page;

        @Override
        public void onStartup(Set<Class<?>> classes, ServletContext context) {
            if (!GenieSessions.isInstalled(context)) {
                settings(context);
            }
            context.addListener(new Recorder("A ", Value.HEARD));
            context.addListener(new Listeners());
            context.addListener(new Recorder("B ", Value.HEARD));
            add(context, "pages", new Pages()).addMapping("/*");
            add(context, "target", new Target()).addMapping("/target", "/error");
        }

        private static ServletRegistration.Dynamic add(ServletContext context, String name, HttpServlet servlet) {
            ServletRegistration.Dynamic registration = context.addServlet(name, servlet);
            registration.setAsyncSupported(true);
            return registration;
        }

        Map<String, String> play(Scenario scenario, int port) throws Exception {
            seen = new Transcript();
            Browser browser = new Browser(port, "").named(Scenarios.COOKIE);
            for (Scenario.Step step : scenario.steps) {
                seen.begin(step.name());
                Value.HEARD.clear();
                page = step.page();
                Answer answer = send(browser, step);
                // The answer may be complete before the page is.
                assertThat(answered.tryAcquire(10, TimeUnit.SECONDS))
                        .as(step.name())
                        .isTrue();
                seen.note("status", String.valueOf(answer.status()));
                answer.setCookies(Scenarios.COOKIE).forEach(seen::cookie);
                seen.note("heard", String.join(", ", Value.HEARD));
            }
            return seen.lines();
        }

        private static Answer send(Browser browser, Scenario.Step step) {
            String cookie = browser.cookie;
            String own = cookie == null ? "" : Scenarios.COOKIE + "=" + cookie;
            String header = step.cookies().apply(own);
            if (header.equals(own)) {
                return browser.send(step.method(), "/");
            }
            browser.cookie = null;
            Answer answer = header.isEmpty()
                    ? browser.send(step.method(), "/")
                    : browser.send(step.method(), "/", "Cookie", header);
            browser.cookie = cookie;
            return answer;
        }

        private final class Pages extends HttpServlet {

            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                // Not every container tells it any more after a dispatch.
                DispatcherType type = request.getDispatcherType();
                try {
                    page.answer(request, response, seen);
                } catch (IOException | ServletException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new ServletException(e);
                } finally {
                    if (type == DispatcherType.REQUEST) {
                        answered.release();
                    }
                }
            }
        }

        private final class Target extends HttpServlet {

            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) {
                Scenarios.target(request, seen);
            }
        }
    }
}
