package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.SessionConfig.TypesMode;
import io.geniesession.SessionConfig.Undecodable;
import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.Setting;
import io.geniesession.spi.Settings;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionConfigTest {

    private static SessionConfig of(String... namesAndValues) {
        return SessionConfig.from(settings(namesAndValues));
    }

    private static Settings settings(String... namesAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(Setting.PREFIX + namesAndValues[i], namesAndValues[i + 1]);
        }
        return Settings.of(values);
    }

    @Test
    void defaultsAreAsDocumented() {
        SessionConfig config = SessionConfig.builder().build();
        assertThat(config.adapter()).isEmpty();
        assertThat(config.application()).isEqualTo("default");
        assertThat(config.idleTimeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.emptyIdleTimeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.lifetime()).isZero();
        assertThat(config.quantum()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.maxSessionsPerPrincipal()).isZero();
        assertThat(config.cookie()).isEqualTo(CookieConfig.builder().build());
        assertThat(config.types()).isEmpty();
        assertThat(config.typesMode()).isEqualTo(TypesMode.ENFORCE);
        assertThat(config.undecodable()).isEqualTo(Undecodable.ABSENT);
        assertThat(config.maxAttributeSize()).isEqualTo(2 * 1024 * 1024);
        assertThat(config.maxSessionSize()).isEqualTo(8 * 1024 * 1024);
        assertThat(config.maxAttributes()).isEqualTo(10_000);
        assertThat(config.sweep()).isTrue();
        assertThat(config.sweepInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.sweepMargin()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.sweepBatch()).isEqualTo(100);
        assertThat(config.sweepRest()).isEqualTo(50);
        assertThat(config.updateDeadline()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.clock()).isEqualTo(Clock.systemUTC());
        assertThat(config.classLoader()).isSameAs(Thread.currentThread().getContextClassLoader());
    }

    @Test
    void everySettingIsReadIntoItsAccessor() {
        SessionConfig config = of(
                "adapter", "jdbc",
                "application", "shop",
                "idle-timeout", "1h",
                "empty-idle-timeout", "5m",
                "lifetime", "12h",
                "quantum", "30s",
                "max-sessions-per-principal", "3",
                "cookie.name", "sid",
                "types", "com.shop.**",
                "types-mode", "report",
                "undecodable", "fail",
                "max-attribute-size", "3MB",
                "max-session-size", "4MB",
                "max-attributes", "7",
                "sweep", "false",
                "sweep-interval", "2m",
                "sweep-margin", "3m",
                "sweep-batch", "9",
                "sweep-rest", "3",
                "update-deadline", "8s");
        assertThat(config.adapter()).contains("jdbc");
        assertThat(config.application()).isEqualTo("shop");
        assertThat(config.idleTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(config.emptyIdleTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.lifetime()).isEqualTo(Duration.ofHours(12));
        assertThat(config.quantum()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.maxSessionsPerPrincipal()).isEqualTo(3);
        assertThat(config.cookie().name()).isEqualTo("sid");
        assertThat(config.types()).containsExactly("com.shop.**");
        assertThat(config.typesMode()).isEqualTo(TypesMode.REPORT);
        assertThat(config.undecodable()).isEqualTo(Undecodable.FAIL);
        assertThat(config.maxAttributeSize()).isEqualTo(3 * 1024 * 1024);
        assertThat(config.maxSessionSize()).isEqualTo(4 * 1024 * 1024);
        assertThat(config.maxAttributes()).isEqualTo(7);
        assertThat(config.sweep()).isFalse();
        assertThat(config.sweepInterval()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.sweepMargin()).isEqualTo(Duration.ofMinutes(3));
        assertThat(config.sweepBatch()).isEqualTo(9);
        assertThat(config.sweepRest()).isEqualTo(3);
        assertThat(config.updateDeadline()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void everyBuilderMethodSetsItsAccessor() throws Exception {
        Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        CookieConfig cookie = CookieConfig.builder().name("sid").build();
        try (URLClassLoader loader = new URLClassLoader(new URL[0])) {
            SessionConfig config = SessionConfig.builder()
                    .adapter("memory")
                    .application("shop")
                    .idleTimeout(Duration.ofHours(1))
                    .emptyIdleTimeout(Duration.ofMinutes(5))
                    .lifetime(Duration.ofHours(12))
                    .quantum(Duration.ofSeconds(30))
                    .maxSessionsPerPrincipal(3)
                    .cookie(cookie)
                    .types(List.of("com.shop.**", "com.pay.Card"))
                    .typesMode(TypesMode.REPORT)
                    .undecodable(Undecodable.FAIL)
                    .maxAttributeSize(1000)
                    .maxSessionSize(2000)
                    .maxAttributes(7)
                    .sweep(false)
                    .sweepInterval(Duration.ofMinutes(2))
                    .sweepMargin(Duration.ofMinutes(3))
                    .sweepBatch(9)
                    .sweepRest(3)
                    .updateDeadline(Duration.ofSeconds(8))
                    .clock(clock)
                    .classLoader(loader)
                    .build();
            assertThat(config.adapter()).contains("memory");
            assertThat(config.application()).isEqualTo("shop");
            assertThat(config.idleTimeout()).isEqualTo(Duration.ofHours(1));
            assertThat(config.emptyIdleTimeout()).isEqualTo(Duration.ofMinutes(5));
            assertThat(config.lifetime()).isEqualTo(Duration.ofHours(12));
            assertThat(config.quantum()).isEqualTo(Duration.ofSeconds(30));
            assertThat(config.maxSessionsPerPrincipal()).isEqualTo(3);
            assertThat(config.cookie()).isSameAs(cookie);
            assertThat(config.types()).containsExactly("com.shop.**", "com.pay.Card");
            assertThat(config.typesMode()).isEqualTo(TypesMode.REPORT);
            assertThat(config.undecodable()).isEqualTo(Undecodable.FAIL);
            assertThat(config.maxAttributeSize()).isEqualTo(1000);
            assertThat(config.maxSessionSize()).isEqualTo(2000);
            assertThat(config.maxAttributes()).isEqualTo(7);
            assertThat(config.sweep()).isFalse();
            assertThat(config.sweepInterval()).isEqualTo(Duration.ofMinutes(2));
            assertThat(config.sweepMargin()).isEqualTo(Duration.ofMinutes(3));
            assertThat(config.sweepBatch()).isEqualTo(9);
            assertThat(config.sweepRest()).isEqualTo(3);
            assertThat(config.updateDeadline()).isEqualTo(Duration.ofSeconds(8));
            assertThat(config.clock()).isSameAs(clock);
            assertThat(config.classLoader()).isSameAs(loader);
        }
    }

    @Test
    void builderIsStrongerThanTheSettingsItStartsFrom() {
        Settings settings = settings("idle-timeout", "1h", "application", "shop");
        SessionConfig config =
                SessionConfig.builder(settings).idleTimeout(Duration.ofHours(2)).build();
        assertThat(config.idleTimeout()).isEqualTo(Duration.ofHours(2));
        assertThat(config.application()).isEqualTo("shop");
        assertThat(config.settings().origin(CoreSettings.IDLE_TIMEOUT)).isEqualTo("code");
    }

    @Test
    void negativeIdleTimeoutIsRefusedAndTheWayToNeverIsShown() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> of("idle-timeout", "-5m"))
                .withMessageContaining("genie.session.idle-timeout (code) is \"-5m\"")
                .withMessageContaining("from 0 to 3650d")
                .withMessageContaining("`0` = never");
    }

    @ParameterizedTest
    @CsvSource({"30m, 1m", "1h, 2m", "1s, 33ms", "10ms, 0", "0, 1m", "30d, 1d"})
    void quantumDefaultsToAThirtiethOfTheIdleTimeout(String idle, String expected) {
        assertThat(CoreSettings.QUANTUM.write(of("idle-timeout", idle).quantum()))
                .isEqualTo(expected);
    }

    @Test
    void quantumMustBeLessThanTheIdleTimeout() {
        assertThat(of("quantum", "1799999ms").quantum()).isEqualTo(Duration.ofMillis(1_799_999));
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> of("quantum", "30m"))
                .withMessageContaining(
                        "genie.session.quantum=30m (code) must be less than genie.session.idle-timeout=30m (default)");
        assertThat(of("quantum", "1h", "idle-timeout", "0").quantum()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void quantumOfASessionWithItsOwnTimeoutStaysBelowIt() {
        SessionConfig configured = of("quantum", "5m");
        assertThat(configured.quantumFor(Duration.ofMinutes(6))).isEqualTo(Duration.ofMinutes(5));
        assertThat(configured.quantumFor(Duration.ofMinutes(5))).isEqualTo(Duration.ofSeconds(10));
        assertThat(configured.quantumFor(Duration.ZERO)).isEqualTo(Duration.ofMinutes(5));
        assertThat(configured.quantumFor(Duration.ofSeconds(-1))).isEqualTo(Duration.ofMinutes(5));
        SessionConfig derived = of();
        assertThat(derived.quantumFor(Duration.ofMinutes(3))).isEqualTo(Duration.ofSeconds(6));
        assertThat(derived.quantumFor(Duration.ofSeconds(-1))).isEqualTo(Duration.ofMinutes(1));
        assertThat(of("quantum", "0").quantumFor(Duration.ofHours(1))).isZero();
    }

    @ParameterizedTest
    @CsvSource({"31m", "0"})
    void emptyIdleTimeoutIsNotLongerThanTheIdleTimeout(String text) {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> of("empty-idle-timeout", text))
                .withMessageContaining("genie.session.empty-idle-timeout=" + text + " (code)")
                .withMessageContaining("at most genie.session.idle-timeout=30m (default)");
        assertThat(of("empty-idle-timeout", text, "idle-timeout", "0")).isNotNull();
        assertThat(of("empty-idle-timeout", "30m").emptyIdleTimeout()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void lifetimeIsNotShorterThanTheIdleTimeout() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> of("lifetime", "29m"))
                .withMessageContaining("genie.session.lifetime=29m (code) must be 0 (no limit) or at least"
                        + " genie.session.idle-timeout=30m (default)");
        assertThat(of("lifetime", "30m").lifetime()).isEqualTo(Duration.ofMinutes(30));
        assertThat(of("lifetime", "1m", "idle-timeout", "0").lifetime()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void attributeIsNotLargerThanASession() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> of("max-attribute-size", "9MB"))
                .withMessageContaining("genie.session.max-attribute-size=9MB (code) must be at most"
                        + " genie.session.max-session-size=8MB (default). Change one of the two.");
        assertThat(of("max-attribute-size", "8MB").maxAttributeSize()).isEqualTo(8L << 20);
    }

    @Test
    void contradictoryCookieSettingsAreRefused() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> of("cookie.same-site", "none"))
                .withMessageContaining("genie.session.cookie.secure");
    }

    @Test
    void textIsSafeToLog() {
        SessionConfig config = SessionConfig.from(Settings.of(Map.of("genie.session.jdbc.password", "hunter2")));
        assertThat(config.toString())
                .startsWith("SessionConfig[application=default, idleTimeout=PT30M")
                .doesNotContain("hunter2");
    }
}
