package io.geniesession.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the shop as a process of its own, on its default file, and kills it. */
class ShopKillTest {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern URL = Pattern.compile("http://localhost:\\d+/");

    @TempDir
    Path folder;

    @Test
    void killedShopForgetsNobody() throws Exception {
        Process first = start("first");
        Browser browser;
        try {
            browser = new Browser(url(first, "first"));
            browser.signIn("Ali");
            browser.add("lamp");
            browser.add("carpet");
        } finally {
            kill(first);
        }

        Process second = start("second");
        try {
            browser.at(url(second, "second"));
            assertThat(browser.page("/account")).contains("Hello, Ali");
            assertThat(browser.page("/cart")).contains("Brass lamp", "Travelling carpet", "€177.00");
        } finally {
            kill(second);
        }
    }

    @Test
    void toldToEndItEndsCleanly() throws Exception {
        Process shop = start("only");
        try {
            url(shop, "only");
            shop.destroy();
            assertThat(shop.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(output("only")).doesNotContain("Exception", "SEVERE");
        } finally {
            kill(shop);
        }
    }

    private Process start(String name) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dport=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Shop.class.getName())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(outputFile(name).toFile())
                .start();
    }

    private Path outputFile(String name) {
        return folder.resolve(name + ".log");
    }

    private String output(String name) throws IOException {
        return Files.readString(outputFile(name));
    }

    /** Waits until the shop says where it is. */
    private String url(Process shop, String name) throws Exception {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            Matcher url = URL.matcher(output(name));
            if (url.find()) {
                return url.group();
            }
            assertThat(shop.waitFor(50, TimeUnit.MILLISECONDS))
                    .as("the shop ended: %s", output(name))
                    .isFalse();
        }
        throw new AssertionError("The shop did not open within " + START + ": " + output(name));
    }

    private static void kill(Process process) throws Exception {
        CompletableFuture<Process> ended = process.onExit();
        process.destroyForcibly();
        ended.get(30, TimeUnit.SECONDS);
    }
}
