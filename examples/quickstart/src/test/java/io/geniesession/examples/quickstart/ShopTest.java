package io.geniesession.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.Sessions;
import java.net.HttpCookie;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses the shop over HTTP, with its sessions in an H2 file. */
class ShopTest {
    private static final String PHONE =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1";
    private static final Pattern DEVICE = Pattern.compile("name=\"device\" value=\"([^\"]+)\"");

    @TempDir
    Path folder;

    private Shop shop;

    @BeforeEach
    void open() {
        shop = start(0);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private Shop start(int port) {
        return Shop.start(settings(), InetAddress.getLoopbackAddress(), port);
    }

    private Sessions.Builder settings() {
        return Sessions.builder()
                .set("genie.session.jdbc.url", "jdbc:h2:file:" + folder.resolve("sessions") + ";WRITE_DELAY=0");
    }

    @Test
    void visitorWhoOnlyLooksGetsNoCookie() {
        Browser browser = new Browser(shop.url());

        assertThat(browser.page("/")).contains("Brass lamp", "You have no session yet");
        assertThat(browser.page("/cart")).contains("Nothing in it yet");
        assertThat(browser.page("/sign-in")).contains(SignIn.PASSWORD);
        assertThat(browser.sessionCookie()).isEmpty();
    }

    @Test
    void cartKeepsWhatIsAdded() {
        Browser browser = new Browser(shop.url());
        browser.add("lamp");
        browser.add("lamp");
        browser.add("tea");

        assertThat(browser.page("/cart"))
                .contains("Brass lamp", "Mint tea", "€102.50")
                .doesNotContain("Travelling carpet");
        assertThat(browser.sessionCookie()).get().matches(HttpCookie::isHttpOnly);
    }

    @Test
    void cartCanBeEmptied() {
        Browser browser = new Browser(shop.url());
        browser.add("lamp");
        browser.add("lamp");
        browser.add("tea");

        assertThat(browser.post("/cart/less", "product", "lamp", "from", "cart").body())
                .contains("€54.50");
        assertThat(browser.post("/cart/remove", "product", "tea", "from", "cart")
                        .body())
                .contains("Mint tea: no longer in your cart.", "€48.00");
        assertThat(browser.post("/cart/less", "product", "lamp", "from", "cart").body())
                .contains("Nothing in it yet");
    }

    @Test
    void cartHoldsNoMoreThanTheMostPieces() {
        Browser browser = new Browser(shop.url());
        for (int i = 0; i <= Visitor.MOST_PIECES; i++) {
            browser.add("tea");
        }

        assertThat(browser.page("/cart"))
                .contains("Pieces: </span>" + Visitor.MOST_PIECES + "</span>", "formaction=\"/cart/add\" disabled>");
    }

    @Test
    void signInRenewsTheIdAndKeepsTheCart() {
        Browser browser = new Browser(shop.url());
        browser.add("dates");
        String before = browser.sessionCookie().orElseThrow().getValue();

        assertThat(browser.signIn("Ali")).contains("Welcome, Ali.");
        assertThat(browser.sessionCookie().orElseThrow().getValue()).isNotEqualTo(before);
        assertThat(browser.page("/cart")).contains("Medjool dates");
    }

    @Test
    void wrongPasswordSignsNobodyIn() {
        Browser browser = new Browser(shop.url());

        assertThat(browser.post("/sign-in", "name", "Ali", "password", "open barley")
                        .body())
                .contains("do not go together", "aria-invalid");
        assertThat(browser.get("/account").uri()).hasPath("/sign-in");
    }

    @Test
    void signedInWithCartIntactAfterRestart() {
        Browser browser = new Browser(shop.url());
        browser.signIn("Ali");
        browser.add("carpet");

        shop.close();
        shop = start(0);

        browser.at(shop.url());
        assertThat(browser.page("/account")).contains("Hello, Ali");
        assertThat(browser.page("/cart")).contains("Travelling carpet", "€129.00");
    }

    @Test
    void messageIsShownOnce() {
        Browser browser = new Browser(shop.url());

        assertThat(browser.add("lamp")).containsOnlyOnce("One Brass lamp added to your cart.");
        assertThat(browser.page("/")).doesNotContain("added to your cart");
    }

    @Test
    void accountListsTheDevices() {
        Browser desk = new Browser(shop.url());
        Browser phone = new Browser(shop.url(), PHONE);
        desk.signIn("Ali");
        phone.signIn("Ali");
        new Browser(shop.url()).signIn("Kassim");

        assertThat(desk.page("/account"))
                .contains("Signed in on these 2 devices", "Firefox on Linux", "Safari on iPhone")
                .containsOnlyOnce("this device</span>")
                .containsOnlyOnce("name=\"device\"");
    }

    @Test
    void oneDeviceCanBeSignedOut() {
        Browser desk = new Browser(shop.url());
        Browser phone = new Browser(shop.url(), PHONE);
        desk.signIn("Ali");
        phone.signIn("Ali");

        String device = deviceIn(desk.page("/account"));
        assertThat(desk.post("/devices/sign-out", "device", device).body())
                .contains("Signed out: Safari on iPhone.", "Signed in on this device");
        assertThat(phone.get("/account").uri()).hasPath("/sign-in");
    }

    @Test
    void deviceOfSomebodyElseCannotBeSignedOut() {
        Browser ali = new Browser(shop.url());
        Browser phone = new Browser(shop.url(), PHONE);
        Browser kassim = new Browser(shop.url());
        ali.signIn("Ali");
        phone.signIn("Ali");
        kassim.signIn("Kassim");

        kassim.post("/devices/sign-out", "device", deviceIn(ali.page("/account")));

        assertThat(phone.page("/account")).contains("Hello, Ali");
    }

    private static String deviceIn(String page) {
        Matcher device = DEVICE.matcher(page);
        assertThat(device.find()).as("another device in the list").isTrue();
        return device.group(1);
    }

    @Test
    void signOutEndsThisSessionOnly() {
        Browser desk = new Browser(shop.url());
        Browser phone = new Browser(shop.url(), PHONE);
        desk.signIn("Ali");
        desk.add("lamp");
        phone.signIn("Ali");

        assertThat(desk.post("/sign-out").body()).contains("You are signed out on this device.");
        assertThat(desk.page("/cart")).contains("Nothing in it yet", "Sign in");
        assertThat(phone.page("/account")).contains("Hello, Ali");
    }

    @Test
    void signOutEverywhereEndsTheOthers() {
        Browser desk = new Browser(shop.url());
        Browser phone = new Browser(shop.url(), PHONE);
        Browser kassim = new Browser(shop.url());
        desk.signIn("Ali");
        phone.signIn("Ali");
        kassim.signIn("Kassim");
        desk.page("/account");

        assertThat(desk.post("/sign-out-everywhere").body()).contains("signed out on this and one other device");
        assertThat(desk.get("/account").uri()).hasPath("/sign-in");
        assertThat(phone.get("/account").uri()).hasPath("/sign-in");
        assertThat(kassim.page("/account")).contains("Hello, Kassim");
    }

    @Test
    void formOfAnotherSiteIsRefused() {
        Browser browser = new Browser(shop.url());
        browser.signIn("Ali");

        HttpResponse<String> byOrigin = browser.send(
                browser.form("/sign-out", browser.token()).header("Origin", "https://forty-thieves.example"));
        browser.page("/account");
        HttpResponse<String> bySite =
                browser.send(browser.form("/sign-out", browser.token()).header("Sec-Fetch-Site", "cross-site"));

        assertThat(byOrigin.statusCode()).isEqualTo(403);
        assertThat(bySite.statusCode()).isEqualTo(403);
        assertThat(browser.page("/account")).contains("Hello, Ali");
    }

    @Test
    void ownOriginIsAccepted() {
        Browser browser = new Browser(shop.url());
        String origin = shop.url().substring(0, shop.url().length() - 1);

        assertThat(browser.send(browser.form("/cart/add", "", "product", "tea").header("Origin", origin))
                        .body())
                .contains("One Mint tea added");
    }

    @Test
    void formWithoutTheTokenOfTheSessionChangesNothing() {
        Browser browser = new Browser(shop.url());
        browser.signIn("Ali");

        assertThat(browser.send(browser.form("/sign-out", "")).body()).contains("out of date");
        assertThat(browser.send(browser.form("/sign-out", "x" + browser.token()))
                        .body())
                .contains("out of date");
        assertThat(browser.page("/account")).contains("Hello, Ali");
    }

    @Test
    void whatVisitorsTypeIsNeverMarkup() {
        Browser browser = new Browser(shop.url());

        assertThat(browser.signIn("<b title='\"'>&")).contains("Welcome, &lt;b title=&#39;&quot;&#39;&gt;&amp;.");
        assertThat(browser.page("/account")).doesNotContain("<b title");
    }

    @Test
    void everyAnswerCarriesTheSecurityHeaders() {
        Browser browser = new Browser(shop.url());
        for (String path : new String[] {"/", "/cart", "/sign-in", "/shop.css", "/lamp.svg", "/no-such-page"}) {
            assertThat(browser.get(path).headers().map())
                    .as(path)
                    .hasEntrySatisfying(
                            "x-content-type-options", value -> assertThat(value).containsExactly("nosniff"))
                    .hasEntrySatisfying(
                            "content-security-policy",
                            value -> assertThat(value)
                                    .singleElement()
                                    .asString()
                                    .contains("default-src 'none'", "frame-ancestors 'none'")
                                    .doesNotContain("unsafe"));
        }
    }

    @Test
    void everyPictureIsThere() {
        Browser browser = new Browser(shop.url());
        for (Product product : Product.ALL) {
            assertThat(browser.get("/" + product.id() + ".svg").statusCode())
                    .as(product.name())
                    .isEqualTo(200);
        }
        assertThat(browser.sessionCookie()).isEmpty();
    }

    @Test
    void unknownPageAndFormAreNotFound() {
        Browser browser = new Browser(shop.url());

        assertThat(browser.get("/no-such-page").statusCode()).isEqualTo(404);
        assertThat(browser.get("/logging.properties").statusCode()).isEqualTo(404);
        assertThat(browser.post("/no-such-form").statusCode()).isEqualTo(404);
        assertThat(browser.post("/cart/add", "product", "genie").statusCode()).isEqualTo(404);
        assertThat(browser.get("/no-such-page").body()).contains("There is no such page");
    }

    @Test
    void portInUseIsSaidClearly() throws Exception {
        shop.close();
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(Shop.ShopException.class)
                    .isThrownBy(() -> start(other.getLocalPort()))
                    .withMessageContaining("Port " + other.getLocalPort() + " is in use")
                    .withMessageContaining("-Dport=");
        }
        // And nothing is left behind that would keep the next start from the file.
        start(0).close();
    }
}
