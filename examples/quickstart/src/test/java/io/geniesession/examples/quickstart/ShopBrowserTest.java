package io.geniesession.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Sessions;
import java.io.File;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** Uses the shop in a real Chromium, without a mouse and at the width of a phone. */
class ShopBrowserTest {
    private static final int MOST_TABS = 40;

    @TempDir
    Path folder;

    private Shop shop;
    private ChromeDriver browser;

    @BeforeEach
    void open() {
        File driver = program("chromedriver");
        File chromium = program("chromium");
        shop = Shop.start(
                Sessions.builder()
                        .set("genie.session.jdbc.url", "jdbc:h2:file:" + folder.resolve("sessions") + ";WRITE_DELAY=0"),
                InetAddress.getLoopbackAddress(),
                0);
        // Both programs are given, so that Selenium looks for none and loads none.
        browser = new ChromeDriver(
                new ChromeDriverService.Builder().usingDriverExecutable(driver).build(),
                new ChromeOptions()
                        .setBinary(chromium)
                        .addArguments(
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--user-data-dir=" + folder.resolve("profile")));
    }

    private static File program(String name) {
        Optional<File> found = List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)).stream()
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .map(Path::toFile)
                .findFirst();
        Assumptions.assumeTrue(found.isPresent(), () -> "There is no " + name + " on the PATH");
        return found.orElseThrow();
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.quit();
        }
        if (shop != null) {
            shop.close();
        }
    }

    @Test
    void everythingCanBeDoneAtTheKeyboard() {
        browser.get(shop.url());
        tabTo(By.cssSelector("a.skip"));
        tabTo(By.cssSelector("nav a[href='/sign-in']"));
        press(Keys.ENTER);
        await(() -> path().equals("/sign-in"));

        tabTo(By.id("name"));
        press("Ali");
        tabTo(By.id("password"));
        press(SignIn.PASSWORD);
        press(Keys.ENTER);
        await(() -> shown("[role=status]").contains("Welcome, Ali"));

        tabTo(By.cssSelector("button[value=lamp]"));
        press(Keys.ENTER);
        await(() -> shown("[role=status]").contains("One Brass lamp added"));
        assertThat(shown("nav .count")).startsWith("1");

        tabTo(By.cssSelector("nav a[href='/cart']"));
        press(Keys.ENTER);
        await(() -> path().equals("/cart"));
        assertThat(shown(".total")).contains("€48.00");

        tabTo(By.cssSelector("nav a[href='/account']"));
        press(Keys.ENTER);
        await(() -> path().equals("/account"));
        tabTo(By.cssSelector("button[formaction='/sign-out']"));
        press(Keys.SPACE);
        await(() -> shown("[role=status]").contains("signed out"));
    }

    @Test
    void skipLinkLeadsPastTheNavigation() {
        browser.get(shop.url());
        tabTo(By.cssSelector("a.skip"));
        press(Keys.ENTER);
        await(() -> focused().getDomAttribute("id") != null
                && "main".equals(focused().getDomAttribute("id")));
        press(Keys.TAB);

        assertThat(focused().getDomAttribute("value")).isEqualTo("lamp");
    }

    @Test
    void nothingScrollsSidewaysOnPhone() {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 360, "height", 740, "deviceScaleFactor", 2, "mobile", true));
        for (String path : new String[] {"", "cart", "sign-in", "no-such-page"}) {
            assertFits(path);
        }
        browser.get(shop.url() + "sign-in");
        browser.findElement(By.id("name")).sendKeys("W".repeat(SignIn.LONGEST_NAME));
        browser.findElement(By.id("password")).sendKeys(SignIn.PASSWORD, Keys.ENTER);
        await(() -> shown("[role=status]").contains("Welcome"));
        browser.findElement(By.cssSelector("button[value=carpet]")).click();
        await(() -> shown("[role=status]").contains("added"));
        for (String path : new String[] {"", "cart", "account"}) {
            assertFits(path);
        }
    }

    private void assertFits(String path) {
        browser.get(shop.url() + path);
        assertThat(browser.executeScript("return document.documentElement.scrollWidth"))
                .as("width of /%s", path)
                .isEqualTo(360L);
        assertThat(browser.executeScript("return Array.from(document.querySelectorAll('main button, nav a'))"
                        + ".filter(e => e.getBoundingClientRect().height < 44).length"))
                .as("targets too small for a finger on /%s", path)
                .isEqualTo(0L);
    }

    /** Presses the tab key until the element has the focus, as somebody without a mouse does. */
    private void tabTo(By element) {
        for (int i = 0; i < MOST_TABS; i++) {
            press(Keys.TAB);
            if (focused().equals(browser.findElement(element))) {
                assertThat(focused().getCssValue("outline-style"))
                        .as("focus ring of %s", element)
                        .isEqualTo("solid");
                return;
            }
        }
        throw new AssertionError("The tab key does not reach " + element);
    }

    private WebElement focused() {
        return browser.switchTo().activeElement();
    }

    private void press(CharSequence keys) {
        focused().sendKeys(keys);
    }

    private String path() {
        return java.net.URI.create(browser.getCurrentUrl()).getPath();
    }

    private String shown(String selector) {
        return browser.findElements(By.cssSelector(selector)).stream()
                .map(WebElement::getText)
                .findFirst()
                .orElse("");
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!holds(condition)) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** A page that is just being replaced has elements that are gone. */
    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (org.openqa.selenium.StaleElementReferenceException e) {
            return false;
        }
    }
}
