package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.spi.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PassiveRequestsTest {

    private static boolean isPassive(String patterns, String path) {
        return new PassiveRequests(Settings.of(Map.of("genie.session.servlet.passive-paths", patterns)))
                .isPassive(path);
    }

    @Test
    void exactPatternMatchesItself() {
        assertThat(isPassive("/poll", "/poll")).isTrue();
        assertThat(isPassive("/poll", "/poll/")).isFalse();
        assertThat(isPassive("/poll", "/polling")).isFalse();
        assertThat(isPassive("/", "/")).isTrue();
    }

    @Test
    void prefixMatchesWholeSegments() {
        assertThat(isPassive("/poll/*", "/poll")).isTrue();
        assertThat(isPassive("/poll/*", "/poll/a/b")).isTrue();
        assertThat(isPassive("/poll/*", "/polling")).isFalse();
        assertThat(isPassive("/*", "/anything")).isTrue();
    }

    @Test
    void extensionMatchesTheLastSegment() {
        assertThat(isPassive("*.json", "/a/b.json")).isTrue();
        assertThat(isPassive("*.json", "/a/.json")).isTrue();
        assertThat(isPassive("*.json", "/a.json/b")).isFalse();
        assertThat(isPassive("*.json", "/a/json")).isFalse();
    }

    @Test
    void anyOfSeveralPatternsCounts() {
        assertThat(isPassive("/a, /b/*, *.c", "/x.c")).isTrue();
        assertThat(isPassive("/a, /b/*, *.c", "/a")).isTrue();
        assertThat(isPassive("/a, /b/*, *.c", "/c")).isFalse();
    }
}
