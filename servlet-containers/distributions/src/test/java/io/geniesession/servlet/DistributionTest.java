package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.servlet.Browser.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A war in containers as they are distributed, each in a process of its own. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DistributionTest {

    private static final Path DISTRIBUTIONS = Path.of(System.getProperty("genie.test.distributions", "target"));

    private static final Pattern TOMCAT_READY =
            Pattern.compile("Starting ProtocolHandler \\[\"http-nio-127\\.0\\.0\\.1-auto-1-(\\d+)\"]");

    private static final Pattern JETTY_READY =
            Pattern.compile("Started .*ServerConnector@.*\\{127\\.0\\.0\\.1:(\\d+)}");

    @TempDir
    private Path base;

    @Test
    @DisplayName("a war in Tomcat 10.1")
    void tomcat101() throws Exception {
        inTomcat("tomcat-10.1", "Apache Tomcat/10.1.");
    }

    @Test
    @DisplayName("a war in Tomcat 11")
    void tomcat11() throws Exception {
        inTomcat("tomcat-11", "Apache Tomcat/11.");
    }

    @Test
    @DisplayName("a war in Jetty 12.0, EE 10")
    void jetty120Ee10() throws Exception {
        inJetty("jetty-12.0", "ee10", "jetty/12.0.");
    }

    @Test
    @DisplayName("a war in Jetty 12.1, EE 10")
    void jetty121Ee10() throws Exception {
        inJetty("jetty-12.1", "ee10", "jetty/12.1.");
    }

    @Test
    @DisplayName("a war in Jetty 12.1, EE 11")
    void jetty121Ee11() throws Exception {
        inJetty("jetty-12.1", "ee11", "jetty/12.1.");
    }

    private void inTomcat(String folder, String serverInfo) throws Exception {
        Path home = home(folder);
        for (String directory : List.of("conf", "logs", "temp", "webapps", "work")) {
            Files.createDirectories(base.resolve(directory));
        }
        Files.copy(home.resolve("conf/web.xml"), base.resolve("conf/web.xml"));
        String server = Files.readString(home.resolve("conf/server.xml"));
        assertThat(server).contains("<Server port=\"8005\"", "<Connector port=\"8080\"");
        Files.writeString(
                base.resolve("conf/server.xml"),
                server.replace("<Server port=\"8005\"", "<Server port=\"-1\"")
                        .replace("<Connector port=\"8080\"", "<Connector port=\"0\" address=\"127.0.0.1\""));
        ShopWar.write(base.resolve("webapps/shop.war"));
        String classPath = home.resolve("bin/bootstrap.jar")
                + System.getProperty("path.separator")
                + home.resolve("bin/tomcat-juli.jar");
        List<String> arguments = List.of(
                "-Dcatalina.home=" + home,
                "-Dcatalina.base=" + base,
                "-Djava.io.tmpdir=" + base.resolve("temp"),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                classPath,
                "org.apache.catalina.startup.Bootstrap",
                "start");
        try (ContainerProcess container = ContainerProcess.start(base, TOMCAT_READY, arguments)) {
            visit(container, serverInfo);
            // Tomcat looks after what an application leaves behind.
            assertThat(container.stop()).doesNotContain("memory leak", "but has failed to stop it");
        }
    }

    private void inJetty(String folder, String environment, String serverInfo) throws Exception {
        Path home = home(folder);
        for (String directory : List.of("resources", "start.d", "webapps")) {
            Files.createDirectories(base.resolve(directory));
        }
        // As "--add-modules" writes them.
        Files.writeString(
                base.resolve("start.d/http.ini"), "--module=http\njetty.http.host=127.0.0.1\njetty.http.port=0\n");
        Files.writeString(
                base.resolve("start.d/" + environment + ".ini"),
                "--module=" + environment + "-deploy," + environment + "-annotations\n");
        ShopWar.write(base.resolve("webapps/shop.war"));
        List<String> arguments =
                List.of("-jar", home.resolve("start.jar").toString(), "jetty.home=" + home, "jetty.base=" + base);
        try (ContainerProcess container = ContainerProcess.start(base, JETTY_READY, arguments)) {
            visit(container, serverInfo);
            container.stop();
        }
    }

    /** The folder with the version in its name, which is the only one in there. */
    private static Path home(String folder) throws Exception {
        try (Stream<Path> found = Files.list(DISTRIBUTIONS.resolve(folder))) {
            return found.findFirst().orElseThrow().toAbsolutePath();
        }
    }

    private static void visit(ContainerProcess container, String serverInfo) throws Exception {
        Browser browser = new Browser(container.port(), "/shop").named("SHOP");
        assertFilesCostNothing(browser);
        Answer first = browser.get("/count");
        assertThat(first.body()).as(container.output()).isEqualTo("1 420");
        assertThat(first.setCookies())
                .singleElement()
                .asString()
                .startsWith("SHOP=")
                .endsWith("; Path=/shop; HttpOnly; SameSite=Lax");
        assertThat(browser.get("/count").body()).isEqualTo("2 420");
        assertThat(browser.send("DELETE", "/count").status()).isEqualTo(200);
        assertThat(browser.cookie).isNull();
        assertThat(browser.get("/count").body()).isEqualTo("1 420");
        assertThat(browser.get("/heard").body()).startsWith(serverInfo).endsWith(" [created, destroyed 2, created] 2");
    }

    private static void assertFilesCostNothing(Browser browser) {
        for (String method : List.of("GET", "HEAD", "OPTIONS")) {
            Answer file = browser.send(method, "/robots.txt");
            assertThat(file.status()).isEqualTo(200);
            assertThat(file.setCookies()).isEmpty();
        }
        assertThat(browser.get("/robots.txt").body()).isEqualTo("none");
        assertThat(browser.get("/heard").body()).endsWith(" [] 0");
    }
}
