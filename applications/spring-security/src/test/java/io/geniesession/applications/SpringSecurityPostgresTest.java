package io.geniesession.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.applications.Visitor.Page;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The desk on two nodes that share a PostgreSQL: Spring Security in Tomcat. */
class SpringSecurityPostgresTest extends TwoNodesTest {

    private static final String SIGN_IN = "button[type=submit]";

    SpringSecurityPostgresTest() {
        super(DeskNode.class);
    }

    private static Page signIn(Visitor visitor, String name) {
        return visitor.click(visitor.get("/"), SIGN_IN, "username", name, "password", name);
    }

    @Test
    @DisplayName("a sign-in leads to the page that was asked for, changes the id, and the old one opens nothing")
    void signInChangesTheId() {
        Visitor ada = new Visitor(cluster().one());
        Page login = ada.get("/?a=b");
        assertThat(login.path()).isEqualTo("/login");
        String before = ada.sessionCookie().orElseThrow();

        Page desk = ada.click(login, SIGN_IN, "username", "ada", "password", "ada");

        assertThat(desk.text("#name")).isEqualTo("ada");
        assertThat(desk.document().location()).contains("/?a=b");
        assertThat(ada.sessionCookie()).isPresent().get().isNotEqualTo(before);
        assertThat(new Visitor(cluster().one()).holding(before).get("/").path()).isEqualTo("/login");
        assertThat(new Visitor(cluster().two()).holding(before).get("/").path()).isEqualTo("/login");
        assertThat(ada.get("/").text("#name")).isEqualTo("ada");
    }

    @Test
    @DisplayName("a wrong password leads nowhere")
    void wrongPassword() {
        Visitor ada = new Visitor(cluster().one());
        Page refused = ada.click(ada.get("/"), SIGN_IN, "username", "ada", "password", "wrong");
        assertThat(refused.document().location()).endsWith("/login?error");
        assertThat(refused.document().text()).contains("Invalid credentials");
        assertThat(ada.get("/").path()).isEqualTo("/login");
    }

    @Test
    @DisplayName("a second sign-in ends the first")
    void secondSignInEndsTheFirst() {
        Visitor desk = new Visitor(cluster().one());
        Visitor phone = new Visitor(cluster().one());
        signIn(desk, "ben");
        assertThat(signIn(phone, "ben").text("#name")).isEqualTo("ben");

        assertThat(desk.get("/").text("#over")).isEqualTo("Signed in elsewhere");
        assertThat(desk.get("/").path()).isEqualTo("/login");
        assertThat(phone.get("/").text("#name")).isEqualTo("ben");
    }

    @Test
    @DisplayName("where a second sign-in is refused, it works after the first has signed out")
    void secondSignInIsRefusedUntilTheFirstHasLeft() {
        Visitor desk = new Visitor(cluster().one() + "/strict");
        Visitor phone = new Visitor(cluster().one() + "/strict");
        Page first = signIn(desk, "ada");
        assertThat(first.text("#name")).isEqualTo("ada");
        assertThat(signIn(phone, "ada").document().location()).endsWith("/strict/login?error");

        desk.click(first, "#leave");

        assertThat(signIn(phone, "ada").text("#name")).isEqualTo("ada");
    }

    @Test
    @DisplayName("where a second sign-in is refused, it works after the first has expired: the event arrives")
    void secondSignInIsRefusedUntilTheFirstHasExpired() throws Exception {
        Visitor desk = new Visitor(cluster().one() + "/strict");
        Visitor phone = new Visitor(cluster().one() + "/strict");
        signIn(desk, "ben");
        assertThat(signIn(phone, "ben").document().location()).endsWith("/strict/login?error");

        cluster().letExpire("genie_session_strict");

        Chromium.await(() -> signIn(phone, "ben").has("#name"));
        assertThat(desk.get("/").path()).isEqualTo("/strict/login");
    }

    @Test
    @DisplayName("a sign-out ends the session everywhere and takes the cookies with it")
    void signOut() {
        Visitor ada = new Visitor(cluster().one());
        Page login = ada.get("/");
        Page desk = ada.click(login, SIGN_IN, "username", "cem", "password", "cem", "remember-me", "on");
        String cookie = ada.sessionCookie().orElseThrow();
        assertThat(ada.cookie("remember-me")).isPresent();

        assertThat(ada.click(desk, "#leave").document().location()).endsWith("/login?logout");

        assertThat(ada.sessionCookie()).isNotEqualTo(java.util.Optional.of(cookie));
        assertThat(ada.cookie("remember-me")).isEmpty();
        assertThat(ada.get("/").path()).isEqualTo("/login");
        assertThat(new Visitor(cluster().two()).holding(cookie).get("/").path()).isEqualTo("/login");
    }

    @Test
    @DisplayName("who asked to be remembered is signed in after the session is gone, to a new one")
    void rememberMe() throws Exception {
        Visitor cem = new Visitor(cluster().one());
        Page desk = cem.click(cem.get("/"), SIGN_IN, "username", "cem", "password", "cem", "remember-me", "on");
        cem.click(desk, "#add", "note", "milk");
        String before = cem.sessionCookie().orElseThrow();

        cluster().letExpire("genie_session");

        Page back = cem.at(cluster().two()).get("/");
        assertThat(back.text("#name")).isEqualTo("cem");
        assertThat(back.has("#notes li")).isFalse();
        assertThat(cem.sessionCookie()).isPresent().get().isNotEqualTo(before);
        assertThat(cem.click(back, "#add", "note", "bread").text("#notes")).isEqualTo("bread");
    }

    @Test
    @DisplayName("any node serves the next request: bean of the session, flash attribute, token of the form")
    void secondNode() {
        Visitor ada = new Visitor(cluster().one());
        Page desk = signIn(ada, "ada");
        for (int i = 1; i <= 6; i++) {
            desk = ada.at(i % 2 == 0 ? cluster().one() : cluster().two()).click(desk, "#add", "note", "n" + i);
            assertThat(desk.text("#message")).isEqualTo("Noted: n" + i);
            assertThat(desk.document().select("#notes li")).hasSize(i);
        }
        assertThat(ada.at(cluster().one()).get("/").text("#message")).isEmpty();
        String shown = ada.at(cluster().two()).get("/").text("#notes");
        assertThat(shown).isEqualTo("n1 n2 n3 n4 n5 n6");
    }

    @Test
    @DisplayName("after a restart everybody is signed in, and a form that was open can be sent")
    void restart() throws Exception {
        Visitor ada = new Visitor(cluster().two());
        Page desk = ada.click(signIn(ada, "ada"), "#add", "note", "before");

        cluster().restartTwo();

        desk = ada.at(cluster().two()).click(desk, "#add", "note", "after");
        assertThat(desk.text("#name")).isEqualTo("ada");
        assertThat(desk.text("#notes")).isEqualTo("before after");
        assertThat(desk.text("#message")).isEqualTo("Noted: after");
    }

    @Test
    @DisplayName("in a browser: two tabs, back and submit, another node, sign-out")
    void inBrowser() {
        try (Chromium browser = Chromium.open(folder())) {
            browser.go(cluster().one() + "/");
            browser.type("[name=username]", "cem");
            browser.type("[name=password]", "cem");
            browser.click(SIGN_IN);
            browser.awaitText("#name", "cem");
            String firstTab = browser.driver().getWindowHandle();
            browser.type("[name=note]", "one");
            browser.click("#add");
            browser.awaitText("#message", "Noted: one");

            browser.driver().switchTo().newWindow(org.openqa.selenium.WindowType.TAB);
            browser.go(cluster().two() + "/");
            browser.type("[name=note]", "two");
            browser.click("#add");
            browser.awaitText("#notes", "one\ntwo");

            browser.driver().switchTo().window(firstTab);
            browser.back();
            browser.type("[name=note]", "three");
            browser.click("#add");
            browser.awaitText("#notes", "one\ntwo\nthree");
            browser.picture("spring-security");

            browser.click("#leave");
            Chromium.await(() -> browser.driver().getCurrentUrl().endsWith("/login?logout"));
            browser.back();
            Chromium.await(() -> browser.driver().getCurrentUrl().endsWith("/login"));
        }
    }
}
