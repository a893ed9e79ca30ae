package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.servlet.Browser.Answer;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.SessionTrackingMode;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogRecord;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions over HTTP/2 as browsers use it: over TLS, agreed upon by ALPN. */
class TomcatTlsTest extends ContainerFixture {

    private static final String PASSWORD = UUID.randomUUID().toString();

    @TempDir
    private static Path folder;

    private static Path keyStore;

    /** A certificate that nobody but the test trusts, made by the tool of the JDK. */
    @BeforeAll
    static void makeCertificate() throws Exception {
        keyStore = folder.resolve("server.p12");
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        ProcessBuilder keytool = new ProcessBuilder(
                tool.toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass:env",
                "STORE_PASSWORD",
                "-keystore",
                keyStore.toString());
        keytool.environment().put("STORE_PASSWORD", PASSWORD);
        Process process = keytool.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @Override
    public TestServer start(Map<String, List<ServletContainerInitializer>> applications) throws Exception {
        return TomcatServer.startSecure(applications.get(""), keyStore, PASSWORD);
    }

    private Browser startedSecurely() throws Exception {
        started();
        return new Browser(server.port(), trustingTheServer());
    }

    private static SSLContext trustingTheServer() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(keyStore)) {
            trusted.load(stored, PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("server", trusted.getCertificate("server"));
        trust.init(certificates);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return tls;
    }

    @Test
    @DisplayName("over TLS the session is stored before the commit, and each of its cookies is for TLS only")
    void overTls() throws Exception {
        CompletableFuture<Integer> storedAtCommit = new CompletableFuture<>();
        app.on("/in", (request, response) -> {
                    request.getSession().setAttribute("a", "written");
                    response.flushBuffer();
                    storedAtCommit.complete(app.store.creates.get());
                })
                .on("/show", (request, response) -> print(response, attribute(request, "a")))
                .on("/renew", (request, response) -> request.changeSessionId())
                .on("/out", (request, response) -> request.getSession().invalidate());
        Browser browser = startedSecurely();
        for (String path : List.of("/in", "/renew", "/out")) {
            Answer answer = browser.get(path);
            assertThat(answer.response().version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.response().sslSession()).isPresent();
            assertThat(answer.setCookies())
                    .as(path)
                    .singleElement()
                    .asString()
                    .startsWith(NAME + "=")
                    .contains("; Secure; HttpOnly");
            assertThat(browser.get("/show").body()).isEqualTo(path.equals("/out") ? "none" : "written");
        }
        assertThat(storedAtCommit.completeOnTimeout(-1, 10, TimeUnit.SECONDS).join())
                .isEqualTo(1);
    }

    @Test
    @DisplayName(
            "who wants sessions tracked by SSL is told at the start that they are kept by cookies, which work as ever")
    void trackingBySsl() throws Exception {
        withCounter().before(context -> context.setSessionTrackingModes(EnumSet.of(SessionTrackingMode.SSL)));
        List<LogRecord> logged = loggedBy(SessionBinding.class, this::started);
        assertThat(logged).singleElement().satisfies(record -> {
            assertThat(record.getMessage()).contains("cookies only");
            assertThat(record.getParameters()).contains("SSL");
        });
        Browser browser = new Browser(server.port(), trustingTheServer());
        browser.get("/count");
        assertThat(browser.get("/count").body()).isEqualTo("2");
    }
}
