package io.geniesession.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.applications.Visitor.Page;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WindowType;

/** The register on two nodes that share a PostgreSQL: Wicket in Jetty. */
class WicketPostgresTest extends TwoNodesTest {

    WicketPostgresTest() {
        super(RegisterNode.class);
    }

    private static Page signIn(Visitor visitor) {
        return visitor.click(visitor.get("/guests"), "#enter", "who", "ada", "password", "ada");
    }

    @Test
    @DisplayName("a sign-in leads to the page that was asked for, changes the id, and the old one opens nothing")
    void signInChangesTheId() {
        Visitor ada = new Visitor(cluster().one());
        Page login = ada.get("/guests");
        String before = ada.sessionCookie().orElseThrow();

        Page guests = ada.click(login, "#enter", "who", "ada", "password", "ada");

        assertThat(guests.text("#clerk")).isEqualTo("ada");
        assertThat(ada.sessionCookie()).isPresent().get().isNotEqualTo(before);
        assertThat(new Visitor(cluster().two()).holding(before).get("/guests").has("#enter"))
                .isTrue();
        assertThat(ada.get("/guests").text("#clerk")).isEqualTo("ada");
    }

    @Test
    @DisplayName("a wrong password leads nowhere, and the page says so")
    void wrongPassword() {
        Visitor ada = new Visitor(cluster().one());
        Page refused = ada.click(ada.get("/guests"), "#enter", "who", "ada", "password", "wrong");
        assertThat(refused.document().text()).contains("That is not the password");
        assertThat(ada.get("/guests").has("#enter")).isTrue();
    }

    @Test
    @DisplayName("any node serves the next request, with the state of the page")
    void secondNode() {
        Visitor ada = new Visitor(cluster().one());
        Page guests = signIn(ada);
        for (int i = 1; i <= 6; i++) {
            guests = ada.at(i % 2 == 0 ? cluster().one() : cluster().two()).follow(guests, ".more");
            assertThat(guests.text(".party")).isEqualTo(String.valueOf(i));
        }
        guests = ada.click(guests, "#register", "who", "Ben");
        assertThat(guests.text("#guests")).isEqualTo("Ben+6");
        assertThat(ada.at(cluster().two()).get("/guests").text("#guests")).isEqualTo("Ben+6");
    }

    @Test
    @DisplayName("what the back button leads to is the page as it was, and goes on from there")
    void backAndSubmit() {
        Visitor ada = new Visitor(cluster().one());
        Page one = ada.follow(signIn(ada), ".more");
        Page two = ada.follow(one, ".more");
        assertThat(ada.follow(two, ".more").text(".party")).isEqualTo("3");

        Page branch = ada.at(cluster().two()).follow(one, ".more");
        assertThat(branch.text(".party")).isEqualTo("2");
        assertThat(ada.click(one, "#register", "who", "Ben").text("#guests")).isEqualTo("Ben+1");
    }

    @Test
    @DisplayName("after a restart everybody is signed in, and all versions of open pages are there")
    void restart() throws Exception {
        Visitor ada = new Visitor(cluster().two());
        Page one = ada.follow(signIn(ada), ".more");
        Page two = ada.follow(one, ".more");
        Page otherTab = ada.follow(ada.get("/guests"), ".more");

        cluster().restartTwo();
        ada.at(cluster().two());

        assertThat(ada.follow(two, ".more").text(".party")).isEqualTo("3");
        assertThat(ada.follow(one, ".more").text(".party")).isEqualTo("2");
        assertThat(ada.click(otherTab, "#register", "who", "Ben").text("#guests"))
                .isEqualTo("Ben+1");
    }

    @Test
    @DisplayName("with Wicket's own page store pages are on the disk of their node, and survive its restart there")
    void pagesOnDisk() throws Exception {
        Visitor ada = new Visitor(cluster().two() + "/disk");
        Page one = ada.follow(signIn(ada), ".more");
        Page two = ada.follow(one, ".more");

        Page elsewhere = ada.at(cluster().one() + "/disk").follow(two, ".more");
        assertThat(elsewhere.text("#clerk")).isEqualTo("ada");
        assertThat(elsewhere.text(".party")).as("a new page").isEqualTo("0");

        cluster().restartTwo();
        ada.at(cluster().two() + "/disk");
        assertThat(ada.follow(two, ".more").text(".party")).isEqualTo("3");
        assertThat(ada.follow(one, ".more").text(".party")).isEqualTo("2");
    }

    @Test
    @DisplayName("a sign-out ends the session on all nodes")
    void signOut() {
        Visitor ada = new Visitor(cluster().one());
        Page guests = signIn(ada);
        String cookie = ada.sessionCookie().orElseThrow();

        assertThat(ada.follow(guests, ".leave").has("#enter")).isTrue();

        assertThat(new Visitor(cluster().two()).holding(cookie).get("/guests").has("#enter"))
                .isTrue();
        assertThat(ada.get("/guests").has("#enter")).isTrue();
    }

    @Test
    @DisplayName("in a browser: two tabs with pages of their own, scripts, back and submit, another node")
    void inBrowser() {
        try (Chromium browser = Chromium.open(folder())) {
            browser.go(cluster().one() + "/guests");
            browser.type("[name=who]", "ada");
            browser.type("[name=password]", "ada");
            browser.click("#enter");
            browser.awaitText("#clerk", "ada");
            String firstTab = browser.driver().getWindowHandle();
            browser.click(".more");
            browser.awaitText(".party", "1");
            browser.click(".more");
            browser.awaitText(".party", "2");

            browser.driver().switchTo().newWindow(WindowType.TAB);
            browser.go(cluster().two() + "/guests");
            browser.awaitText(".party", "0");
            for (int i = 1; i <= 3; i++) {
                browser.click(".more-by-script");
                browser.awaitText(".party", String.valueOf(i));
            }
            browser.type("[name=who]", "Ben");
            browser.click("#register");
            browser.awaitText("#guests", "Ben+3");

            browser.driver().switchTo().window(firstTab);
            browser.back();
            browser.awaitText(".party", "1");
            browser.type("[name=who]", "Cem");
            browser.click("#register");
            browser.awaitText("#guests", "Ben+3\nCem+1");
            browser.picture("wicket");

            browser.click(".leave");
            Chromium.await(() -> browser.driver().getTitle().equals("Sign in"));
        }
    }
}
