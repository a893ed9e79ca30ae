package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.SessionId;
import io.geniesession.servlet.Browser.Answer;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Several applications in one container: one at the root, one below it, and one below that. */
abstract class ApplicationsContract extends ContainerFixture {

    private static final String ROOT = "";
    private static final String SHOP = "/shop";
    private static final String DESK = "/shop/desk";

    private final TestApplication shop = new TestApplication();
    private final TestApplication desk = new TestApplication();
    private final Map<String, TestApplication> applications = new LinkedHashMap<>();

    /** Says where an application keeps its sessions; in a memory of its own otherwise. */
    void keep(TestApplication application) {}

    /** Whether the container takes headers for an application that another one includes. */
    boolean takesCookiesOfTheIncluded() {
        return true;
    }

    private void startAll() throws Exception {
        applications.put(ROOT, app.set("application", "root"));
        applications.put(SHOP, shop.set("application", "shop"));
        applications.put(DESK, desk.set("application", "desk"));
        Map<String, List<ServletContainerInitializer>> initializers = new LinkedHashMap<>();
        applications.forEach((path, application) -> {
            keep(application);
            application
                    .on("/in", (request, response) -> {
                        request.getSession().setAttribute("a", request.getParameter("a"));
                        print(response, request.getContextPath());
                    })
                    .on("/show", (request, response) -> print(response, attribute(request, "a")))
                    .on(
                            "/requested",
                            (request, response) -> print(
                                    response,
                                    request.getRequestedSessionId() + " " + request.isRequestedSessionIdValid()))
                    .on("/renew", (request, response) -> request.changeSessionId())
                    .on("/out", (request, response) -> request.getSession().invalidate());
            initializers.put(path, application.initializers());
        });
        server = start(initializers);
    }

    private Answer get(String path, String cookies) {
        Browser browser = new Browser(server.port(), "");
        return cookies.isEmpty() ? browser.get(path) : browser.get(path, "Cookie", cookies);
    }

    private String begin(String path) {
        Answer answer = get(path + "/in?a=" + (path.isEmpty() ? "/" : path), "");
        assertThat(answer.body()).isEqualTo(path);
        assertThat(answer.setCookies(NAME))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("; Path=" + (path.isEmpty() ? "/" : path) + ";"));
        return NAME + "=" + answer.sessionCookie(NAME).orElseThrow();
    }

    @Test
    @DisplayName("each application has sessions of its own, whichever cookies of the others the browser sends along")
    void applicationsHaveTheirOwn() throws Exception {
        startAll();
        String root = begin(ROOT);
        String below = begin(SHOP);
        String nested = begin(DESK);
        // As browsers order them, those with the longest path first, and the other way round.
        for (String all : List.of(nested + "; " + below + "; " + root, root + "; " + below + "; " + nested)) {
            assertThat(get("/show", all).body()).isEqualTo("/");
            assertThat(get("/shop/show", all).body()).isEqualTo("/shop");
            assertThat(get("/shop/desk/show", all).body()).isEqualTo("/shop/desk");
            assertThat(get("/shop/requested", all).body()).isEqualTo(publicId(below) + " true");
        }
        assertThat(get("/shop/show", root + "; " + nested).body())
                .as("of others only")
                .isEqualTo("none");
        assertThat(applications.values())
                .allSatisfy(
                        application -> assertThat(application.sessions.count()).isOne());
    }

    private static String publicId(String cookie) {
        return SessionId.parse(cookie.substring(NAME.length() + 1))
                .orElseThrow()
                .publicId();
    }

    @Test
    @DisplayName("renewal and end in one application touch neither session nor cookie of another")
    void endsAreTheirOwn() throws Exception {
        startAll();
        String root = begin(ROOT);
        String below = begin(SHOP);
        String all = below + "; " + root;
        Answer renewed = get("/shop/renew", all);
        assertThat(renewed.setCookies(NAME))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("; Path=/shop;"));
        all = NAME + "=" + renewed.sessionCookie(NAME).orElseThrow() + "; " + root;
        assertThat(get("/shop/show", all).body()).isEqualTo("/shop");
        assertThat(get("/show", all).body()).isEqualTo("/");
        Answer out = get("/shop/out", all);
        assertThat(out.setCookies(NAME))
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith(NAME + "=;").contains("Max-Age=0", "; Path=/shop;"));
        assertThat(get("/shop/show", all).body()).isEqualTo("none");
        assertThat(get("/show", all).body()).isEqualTo("/");
    }

    @Test
    @DisplayName("a dispatch to another application sees that one's session, and both are stored")
    void dispatchToAnotherApplication() throws Exception {
        shop.on("/part", (request, response) -> {
            HttpSession session = request.getSession();
            session.setAttribute("a", "by " + request.getDispatcherType() + " after " + session.getAttribute("a"));
        });
        for (String how : List.of("include", "forward")) {
            app.on("/" + how, (request, response) -> {
                HttpSession session = request.getSession();
                session.setAttribute("a", "before");
                RequestDispatcher part = part(request.getServletContext());
                if (part == null) {
                    response.setStatus(204);
                } else if (how.equals("include")) {
                    part.include(request, response);
                    assertThat(request.getSession(false)).isSameAs(session);
                    session.setAttribute("a", "after");
                } else {
                    part.forward(request, response);
                }
            });
        }
        startAll();
        String root = begin(ROOT);
        String below = begin(SHOP);
        String all = below + "; " + root;
        Answer included = get("/include", all);
        Assumptions.assumeTrue(included.status() != 204, "the container does not dispatch to other applications");
        assertThat(included.status()).isEqualTo(200);
        assertThat(included.setCookies()).isEmpty();
        assertThat(get("/show", all).body()).isEqualTo("after");
        assertThat(get("/shop/show", all).body()).isEqualTo("by INCLUDE after /shop");
        assertThat(get("/forward", all).status()).isEqualTo(200);
        assertThat(get("/show", all).body()).isEqualTo("before");
        assertThat(get("/shop/show", all).body()).isEqualTo("by FORWARD after by INCLUDE after /shop");
    }

    private static RequestDispatcher part(ServletContext root) {
        ServletContext other = root.getContext(SHOP);
        return other == null ? null : other.getRequestDispatcher("/part");
    }

    @Test
    @DisplayName("a session that begins in the dispatch to another application gets that one's cookie beside one's own")
    void beginsInAnotherApplication() throws Exception {
        shop.on("/part", (request, response) -> request.getSession().setAttribute("a", "begun"));
        app.on("/include", (request, response) -> {
            response.addHeader("Set-Cookie", "other=1");
            request.getSession().setAttribute("a", "mine");
            RequestDispatcher part = part(request.getServletContext());
            if (part == null) {
                response.setStatus(204);
            } else {
                part.include(request, response);
            }
        });
        startAll();
        Answer answer = get("/include", "");
        Assumptions.assumeTrue(answer.status() != 204, "the container does not dispatch to other applications");
        assertThat(answer.setCookies(NAME)).hasSize(takesCookiesOfTheIncluded() ? 2 : 1);
        assertThat(answer.setCookies("other")).hasSize(1);
        for (String line : answer.setCookies(NAME)) {
            String cookie = line.split(";", 2)[0];
            boolean ofTheShop = line.contains("; Path=/shop;");
            assertThat(get(ofTheShop ? "/shop/show" : "/show", cookie).body()).isEqualTo(ofTheShop ? "begun" : "mine");
        }
    }
}
