package io.geniesession.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.applications.Visitor.Page;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WindowType;

/** The survey on two nodes that share a PostgreSQL: Jakarta Faces (Mojarra, Weld) in Tomcat. */
class FacesPostgresTest extends TwoNodesTest {

    private static final String MORE = "#form\\:more";
    private static final String HAND_IN = "#form\\:handIn";

    FacesPostgresTest() {
        super(SurveyNode.class);
    }

    private static Page signIn(Visitor visitor) {
        return visitor.click(visitor.get("/index.xhtml"), "#form\\:enter", "form:name", "ada");
    }

    private static String stars(Page page) {
        return page.text("#form\\:stars");
    }

    @Test
    @DisplayName("a sign-in changes the id, and the old one opens nothing")
    void signInChangesTheId() {
        Visitor ada = new Visitor(cluster().one());
        Page login = ada.get("/index.xhtml");
        String before = ada.sessionCookie().orElseThrow();

        Page survey = ada.click(login, "#form\\:enter", "form:name", "ada");

        assertThat(survey.text("#who")).isEqualTo("ada");
        assertThat(ada.sessionCookie()).isPresent().get().isNotEqualTo(before);
        Visitor thief = new Visitor(cluster().two()).holding(before);
        assertThat(thief.get("/survey.xhtml").text("#who")).isEmpty();
        assertThat(ada.get("/survey.xhtml").text("#who")).isEqualTo("ada");
    }

    @Test
    @DisplayName("any node serves the next request, with the state and the beans of the view")
    void secondNode() {
        Visitor ada = new Visitor(cluster().one());
        Page survey = signIn(ada);
        for (int i = 1; i <= 6; i++) {
            survey = ada.at(i % 2 == 0 ? cluster().one() : cluster().two()).click(survey, MORE);
            assertThat(stars(survey)).isEqualTo(String.valueOf(i));
        }
        survey = ada.click(survey, HAND_IN, "form:remark", "good");
        assertThat(survey.text("#given")).isEqualTo("good*6");
        assertThat(ada.at(cluster().two()).get("/survey.xhtml").text("#given")).isEqualTo("good*6");
    }

    @Test
    @DisplayName("a page that the back button leads to can be sent again, and tabs do not disturb each other")
    void backAndSubmit() {
        Visitor ada = new Visitor(cluster().one());
        Page first = ada.click(signIn(ada), MORE);
        Page otherTab = ada.at(cluster().two()).get("/survey.xhtml");
        Page second = ada.click(first, MORE);
        assertThat(stars(second)).isEqualTo("2");
        assertThat(stars(otherTab)).isEqualTo("0");

        // The bean of a view is one for all states of the view, with whatever sessions.
        assertThat(stars(ada.at(cluster().one()).click(first, MORE))).isEqualTo("3");
        assertThat(ada.click(otherTab, HAND_IN, "form:remark", "fine").text("#given"))
                .isEqualTo("fine*0");
    }

    @Test
    @DisplayName("after a restart everybody is signed in, and open views can be sent")
    void restart() throws Exception {
        Visitor ada = new Visitor(cluster().two());
        Page survey = ada.click(signIn(ada), MORE);
        Page otherTab = ada.get("/survey.xhtml");

        cluster().restartTwo();
        ada.at(cluster().two());

        survey = ada.click(survey, MORE);
        assertThat(survey.text("#who")).isEqualTo("ada");
        assertThat(stars(survey)).isEqualTo("2");
        assertThat(ada.click(otherTab, HAND_IN, "form:remark", "fine").text("#given"))
                .isEqualTo("fine*0");
    }

    @Test
    @DisplayName("a sign-out ends the session on all nodes")
    void signOut() {
        Visitor ada = new Visitor(cluster().one());
        Page survey = signIn(ada);
        String cookie = ada.sessionCookie().orElseThrow();

        assertThat(ada.click(survey, "#form\\:leave").path()).isEqualTo("/index.xhtml");

        assertThat(new Visitor(cluster().two())
                        .holding(cookie)
                        .get("/survey.xhtml")
                        .text("#who"))
                .isEmpty();
        assertThat(ada.get("/survey.xhtml").text("#who")).isEmpty();
    }

    @Test
    @DisplayName("in a browser: two tabs with views of their own, scripts, back and submit, another node")
    void inBrowser() {
        try (Chromium browser = Chromium.open(folder())) {
            browser.go(cluster().one() + "/index.xhtml");
            browser.type("#form\\:name", "ada");
            browser.click("#form\\:enter");
            browser.awaitText("#who", "ada");
            String firstTab = browser.driver().getWindowHandle();
            browser.click(MORE);
            browser.awaitText("#form\\:stars", "1");

            browser.driver().switchTo().newWindow(WindowType.TAB);
            browser.go(cluster().two() + "/survey.xhtml");
            browser.awaitText("#who", "ada");
            for (int i = 1; i <= 3; i++) {
                browser.click("#form\\:moreByScript");
                browser.awaitText("#form\\:stars", String.valueOf(i));
            }
            browser.type("#form\\:remark", "good");
            browser.click(HAND_IN);
            browser.awaitText("#given", "good*3");

            browser.driver().switchTo().window(firstTab);
            browser.back();
            browser.awaitText("#who", "ada");
            browser.type("#form\\:remark", "fine");
            browser.click(HAND_IN);
            Chromium.await(() -> browser.shown("#given").startsWith("good*3\nfine*"));
            browser.picture("faces");

            browser.click("#form\\:leave");
            Chromium.await(() -> browser.driver().getTitle().equals("Sign in"));
        }
    }
}
