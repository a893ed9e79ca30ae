package io.geniesession.applications;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A real Chromium without a screen. Tests are skipped where there is none. */
final class Chromium implements AutoCloseable {

    /** Far more than a page takes, also on a machine that does other things. */
    private static final Duration WAIT = Duration.ofMinutes(1);

    private final ChromeDriver driver;

    private Chromium(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Opens a browser that has never been anywhere. */
    static Chromium open(Path folder) {
        File service = program("chromedriver");
        File chromium = program("chromium");
        // Both programs are given, so that Selenium looks for none and loads none.
        return new Chromium(new ChromeDriver(
                new ChromeDriverService.Builder().usingDriverExecutable(service).build(),
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
                                "--user-data-dir=" + folder.resolve("profile"))));
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

    ChromeDriver driver() {
        return driver;
    }

    void go(String url) {
        driver.get(url);
    }

    /** Presses the back button. */
    void back() {
        driver.navigate().back();
    }

    void type(String selector, String text) {
        WebElement field = find(selector);
        field.clear();
        field.sendKeys(text);
    }

    /** Clicks as soon as there is something to click. */
    void click(String selector) {
        await(() -> {
            find(selector).click();
            return true;
        });
    }

    /** Waits until an element shows exactly this text. */
    void awaitText(String selector, String text) {
        long deadline = System.nanoTime() + WAIT.toNanos();
        while (!text.equals(shown(selector)) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(shown(selector))
                .as("%s on %s", selector, driver.getCurrentUrl())
                .isEqualTo(text);
    }

    /** The text of an element; empty while there is none, as on a page that is just being replaced. */
    String shown(String selector) {
        try {
            return find(selector).getText();
        } catch (NoSuchElementException | StaleElementReferenceException e) {
            return "";
        }
    }

    private WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + WAIT.toNanos();
        while (!holds(condition)) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** A page that is just being replaced has elements that are gone, or not there yet. */
    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (NoSuchElementException | StaleElementReferenceException e) {
            return false;
        }
    }

    /** Keeps a picture of the page if {@code -Dgenie.test.screenshots=FOLDER} says where. */
    void picture(String name) {
        String folder = System.getProperty("genie.test.screenshots");
        if (folder != null) {
            File taken = driver.getScreenshotAs(OutputType.FILE);
            assertThat(taken.renameTo(Path.of(folder, name + ".png").toFile())).isTrue();
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
