package io.geniesession.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.SessionConfigException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static final Setting<Duration> SPAN = Setting.duration("genie.session.span", "A span.")
            .withDefault(Duration.ofSeconds(5))
            .withBounds(Duration.ofSeconds(1), Duration.ofSeconds(9));
    private static final Setting<String> NAME = Setting.text("genie.session.some-name", "A name.");
    private static final Setting<String> PASSWORD = Setting.secret("genie.session.password", "A password.");

    @Test
    void valueIsReadOrElseTheDefault() {
        assertThat(Settings.of(Map.of("genie.session.span", "2s")).get(SPAN)).isEqualTo(Duration.ofSeconds(2));
        assertThat(Settings.of(Map.of()).get(SPAN)).isEqualTo(Duration.ofSeconds(5));
        assertThat(Settings.of(Map.of()).find(SPAN)).contains(Duration.ofSeconds(5));
        assertThat(Settings.of(Map.of()).find(NAME)).isEmpty();
    }

    @Test
    void missingValueWithoutDefaultNamesEveryPlaceToSetIt() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> Settings.of(Map.of()).get(NAME))
                .withMessageContainingAll(
                        "system property genie.session.some-name",
                        "environment variable GENIE_SESSION_SOME_NAME",
                        "servlet context parameter",
                        "genie-session.properties");
    }

    @Test
    void originIsThePlaceOrDefault() {
        Settings settings = Settings.of(
                Map.of("genie.session.span", "2s", "genie.session.some-name", "x"),
                Map.of("genie.session.span", "environment variable GENIE_SESSION_SPAN"));
        assertThat(settings.origin(SPAN)).isEqualTo("environment variable GENIE_SESSION_SPAN");
        assertThat(settings.origin(NAME)).isEqualTo("code");
        assertThat(settings.origin(PASSWORD)).isEqualTo("default");
        assertThat(settings.isSet(SPAN)).isTrue();
        assertThat(settings.isSet(PASSWORD)).isFalse();
        assertThat(settings.names()).containsExactly("genie.session.some-name", "genie.session.span");
    }

    @Test
    void wrongValueNamesItsOrigin() {
        Settings settings =
                Settings.of(Map.of("genie.session.span", "1h"), Map.of("genie.session.span", "file x.properties"));
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> settings.get(SPAN))
                .withMessageContaining("genie.session.span (file x.properties) is \"1h\"");
    }

    @Test
    void withReplacesAValueInACopyAndChecksIt() {
        Settings before =
                Settings.of(Map.of("genie.session.span", "2s"), Map.of("genie.session.span", "file x.properties"));
        Settings after = before.with(SPAN, Duration.ofMillis(2500));
        assertThat(after.get(SPAN)).isEqualTo(Duration.ofMillis(2500));
        assertThat(after.origin(SPAN)).isEqualTo("code");
        assertThat(before.get(SPAN)).isEqualTo(Duration.ofSeconds(2));
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> before.with(SPAN, Duration.ofSeconds(10)))
                .withMessageContaining("genie.session.span (code) is \"10s\", but must be a duration from 1s to 9s");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> before.with(SPAN, Duration.ofNanos(2_000_000_001L)))
                .withMessageContaining("whole milliseconds");
    }

    @Test
    void valueThatWouldReadAsAnotherIsRefused() {
        Settings settings = Settings.of(Map.of());
        Setting<List<String>> list = Setting.list("genie.session.list", "A list.");
        assertThat(settings.with(list, List.of("a", "b")).get(list)).containsExactly("a", "b");
        assertThat(settings.with(list, List.of()).get(list)).isEmpty();
        for (List<String> entries : List.of(List.of("a,b"), List.of(" a"), List.of("a", ""))) {
            assertThatExceptionOfType(SessionConfigException.class)
                    .isThrownBy(() -> settings.with(list, entries))
                    .withMessageContaining("genie.session.list (code)");
        }
        assertThatExceptionOfType(SessionConfigException.class).isThrownBy(() -> settings.with(NAME, " a "));
        assertThat(settings.with(PASSWORD, " a ").get(PASSWORD)).isEqualTo(" a ");
    }

    @Test
    void laterChangeOfTheMapDoesNotShow() {
        Map<String, String> values = new HashMap<>(Map.of("genie.session.span", "2s"));
        Settings settings = Settings.of(values);
        values.clear();
        assertThat(settings.get(SPAN)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void textShowsNamesOnly() {
        Settings settings = Settings.of(Map.of("genie.session.password", "hunter2", "genie.session.span", "2s"));
        assertThat(settings).hasToString("Settings[genie.session.password, genie.session.span]");
    }
}
