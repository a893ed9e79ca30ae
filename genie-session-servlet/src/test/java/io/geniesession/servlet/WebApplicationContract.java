package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.geniesession.servlet.Browser.Answer;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plain web application, which knows nothing of us, in a directory that the container deploys and scans. */
abstract class WebApplicationContract {

    /** All that the application has. */
    @WebServlet("/count")
    public static final class CountServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            HttpSession session = request.getSession();
            Integer before = (Integer) session.getAttribute("n");
            session.setAttribute("n", before == null ? 1 : before + 1);
            response.getWriter().print(session.getAttribute("n") + " " + session.getMaxInactiveInterval());
        }
    }

    /** Hears of a session, in which it leaves its name. */
    public abstract static class Naming implements HttpSessionListener {

        abstract String name();

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            event.getSession().setAttribute(name(), "heard");
        }
    }

    /** A listener by annotation, which adds another one. */
    @WebListener
    public static final class AnnotatedListener extends Naming implements ServletContextListener {

        @Override
        String name() {
            return "annotated";
        }

        @Override
        public void contextInitialized(ServletContextEvent event) {
            event.getServletContext().addListener(AddedListener.class);
        }
    }

    /** A listener that code adds. */
    public static final class AddedListener extends Naming {

        @Override
        String name() {
            return "added";
        }
    }

    /** A listener from the deployment descriptor. */
    public static final class DeclaredListener extends Naming {

        @Override
        String name() {
            return "declared";
        }
    }

    /** A listener that hears of requests, before any filter. */
    @WebListener
    public static final class RequestsListener implements ServletRequestListener {

        @Override
        public void requestInitialized(ServletRequestEvent event) {
            HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
            request.setAttribute("seen", request.getSession(false));
        }
    }

    /** Shows whether the listener of requests saw the session that the page has. */
    @WebServlet("/seen")
    public static final class SeenServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            HttpSession session = request.getSession(false);
            response.getWriter().print(session != null && session.equals(request.getAttribute("seen")));
        }
    }

    /** Shows who has heard of the session. */
    @WebServlet("/heard")
    public static final class HeardServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            List<String> names = Collections.list(request.getSession().getAttributeNames());
            names.remove("n");
            Collections.sort(names);
            response.getWriter().print(names);
        }
    }

    @TempDir
    private Path directory;

    private final List<LogRecord> logged = Collections.synchronizedList(new ArrayList<>());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            logged.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private TestServer server;

    @BeforeEach
    void listenToLogs() {
        Logger.getLogger("").addHandler(handler);
    }

    @AfterEach
    void stop() throws Exception {
        Logger.getLogger("").removeHandler(handler);
        if (server != null) {
            server.close();
        }
    }

    /** Deploys a directory as the container does with a war, looking for initializers and annotations by itself. */
    abstract TestServer deploy(String contextPath, Path application) throws Exception;

    /** Stops the application and starts it again, while the container goes on. */
    abstract void restart(TestServer server) throws Exception;

    private void deploy(String webXml) throws Exception {
        Path classes = directory.resolve("WEB-INF/classes");
        for (Class<?> type : List.of(
                CountServlet.class,
                HeardServlet.class,
                SeenServlet.class,
                Naming.class,
                AnnotatedListener.class,
                AddedListener.class,
                DeclaredListener.class,
                RequestsListener.class)) {
            String file = type.getName().replace('.', '/') + ".class";
            Files.createDirectories(classes.resolve(file).getParent());
            try (InputStream bytes = type.getResourceAsStream("/" + file)) {
                Files.copy(bytes, classes.resolve(file));
            }
        }
        Files.writeString(directory.resolve("WEB-INF/web.xml"), """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                %s
                </web-app>
                """.formatted(webXml));
        server = deploy("/shop", directory);
    }

    private static String parameter(String name, String value) {
        return "<context-param><param-name>%s</param-name><param-value>%s</param-value></context-param>"
                .formatted(name, value);
    }

    private List<String> messages() {
        List<String> messages = new ArrayList<>();
        for (LogRecord record : List.copyOf(logged)) {
            messages.add(String.valueOf(record.getMessage()));
            addCauses(record.getThrown(), messages);
        }
        return messages;
    }

    private static void addCauses(@Nullable Throwable failure, List<String> messages) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.add(String.valueOf(cause.getMessage()));
        }
    }

    @Test
    @DisplayName("the container finds the initializer; web.xml and context parameters count")
    void artifactsOnTheClassPathAreEnough() throws Exception {
        deploy("""
                <session-config>
                  <session-timeout>7</session-timeout>
                  <cookie-config>
                    <name>SHOP</name>
                    <secure>true</secure>
                    <max-age>600</max-age>
                    <attribute>
                      <attribute-name>SameSite</attribute-name>
                      <attribute-value>Strict</attribute-value>
                    </attribute>
                  </cookie-config>
                </session-config>
                """ + parameter("genie.session.cookie.max-age", "5m"));
        Browser browser = new Browser(server.port(), "/shop").named("SHOP");
        Answer answer = browser.get("/count");
        assertThat(answer.body()).isEqualTo("1 420");
        assertThat(answer.setCookies("SHOP").get(0))
                .endsWith("; Max-Age=300; Path=/shop; Secure; HttpOnly; SameSite=Strict");
        assertThat(answer.setCookies()).hasSize(1);
        assertThat(browser.get("/count").body()).isEqualTo("2 420");
    }

    @Test
    @DisplayName("listeners from annotations, web.xml and another listener's start hear of our sessions")
    void declaredListeners() throws Exception {
        deploy("<listener><listener-class>" + DeclaredListener.class.getName() + "</listener-class></listener>");
        Browser browser = new Browser(server.port(), "/shop");
        assertThat(browser.get("/count").body()).isEqualTo("1 1800");
        assertThat(browser.get("/heard").body()).isEqualTo("[added, annotated, declared]");
        assertThat(messages()).noneMatch(message -> message.contains("GenieSessions.addListener"));
    }

    @Test
    @DisplayName("an application that is stopped and started again has its sessions and listeners again")
    void startedAgain() throws Exception {
        deploy("<listener><listener-class>" + DeclaredListener.class.getName() + "</listener-class></listener>");
        for (int start = 0; start < 3; start++) {
            Browser browser = new Browser(server.port(), "/shop");
            assertThat(browser.get("/count").body()).isEqualTo("1 1800");
            assertThat(browser.get("/heard").body()).isEqualTo("[added, annotated, declared]");
            assertThat(browser.get("/seen").body()).isEqualTo("true");
            restart(server);
        }
    }

    @Test
    @DisplayName("tracking-mode URL in web.xml is answered by a warning, and sessions are kept by cookies")
    void trackingByUrl() throws Exception {
        deploy("<session-config><tracking-mode>URL</tracking-mode></session-config>");
        Browser browser = new Browser(server.port(), "/shop");
        assertThat(browser.get("/count").body()).isEqualTo("1 1800");
        assertThat(browser.get("/count").body()).isEqualTo("2 1800");
        assertThat(messages()).anyMatch(message -> message.contains("tracked by cookies only"));
    }

    @Test
    @DisplayName("servlet.enabled=false leaves the application its container's sessions")
    void disabled() throws Exception {
        deploy(parameter("genie.session.servlet.enabled", "false"));
        Answer answer = new Browser(server.port(), "/shop").get("/count");
        assertThat(answer.body()).isEqualTo("1 1800");
        assertThat(answer.setCookies("JSESSIONID")).hasSize(1);
        assertThat(answer.setCookies("__geniesid")).isEmpty();
    }

    @Test
    @DisplayName("a misspelt setting fails the deployment and names the one that was meant")
    void misspeltSetting() {
        assertThat(messagesOfFailure(parameter("genie.session.servlet.outtage", "continue")))
                .anyMatch(message -> message.contains("genie.session.servlet.outtage")
                        && message.contains("Did you mean genie.session.servlet.outage?"));
    }

    @Test
    @DisplayName("a pattern that is none fails the deployment")
    void wrongPattern() {
        assertThat(messagesOfFailure(parameter("genie.session.servlet.passive-paths", "/poll/**")))
                .anyMatch(message ->
                        message.contains("genie.session.servlet.passive-paths") && message.contains("/prefix/*"));
    }

    /** A container logs why an application does not start, or throws it. */
    private List<String> messagesOfFailure(String webXml) {
        Throwable failure = catchThrowable(() -> deploy(webXml));
        assertThat(failure).isNotNull();
        List<String> messages = messages();
        addCauses(failure, messages);
        return messages;
    }
}
