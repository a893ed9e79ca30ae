package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.geniesession.CookieConfig.SameSite;
import io.geniesession.CookieConfig.Secure;
import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieConfigTest {

    private static final CookieConfig DEFAULTS = CookieConfig.builder().build();

    @Test
    void defaultsAreThoseOfTheSeed() {
        assertThat(DEFAULTS.name()).isEqualTo("__geniesid");
        assertThat(DEFAULTS.path()).isEmpty();
        assertThat(DEFAULTS.domain()).isEmpty();
        assertThat(DEFAULTS.sameSite()).isEqualTo(SameSite.LAX);
        assertThat(DEFAULTS.httpOnly()).isTrue();
        assertThat(DEFAULTS.secure()).isEqualTo(Secure.AUTO);
        assertThat(DEFAULTS.maxAge()).isEmpty();
        assertThat(DEFAULTS.partitioned()).isFalse();
    }

    @Test
    void defaultHeaderFollowsTheRequest() {
        assertThat(DEFAULTS.header("abc", false, "/shop"))
                .isEqualTo("__geniesid=abc; Path=/shop; HttpOnly; SameSite=Lax");
        assertThat(DEFAULTS.header("abc", true, ""))
                .isEqualTo("__geniesid=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void headerHoldsEveryAttributeThatWasSet() {
        CookieConfig cookie = CookieConfig.builder()
                .name("sid")
                .path("/app")
                .domain("example.com")
                .sameSite(SameSite.NONE)
                .httpOnly(false)
                .secure(Secure.ALWAYS)
                .maxAge(Duration.ofDays(7))
                .partitioned(true)
                .build();
        assertThat(cookie.header("abc", false, "/other"))
                .isEqualTo(
                        "sid=abc; Max-Age=604800; Path=/app; Domain=example.com; Secure; SameSite=None; Partitioned");
        assertThat(cookie.domain()).contains("example.com");
        assertThat(cookie.httpOnly()).isFalse();
        assertThat(cookie.partitioned()).isTrue();
    }

    @Test
    void removalRepeatsTheAttributesAndEndsTheCookie() {
        CookieConfig cookie = CookieConfig.builder()
                .domain("example.com")
                .secure(Secure.ALWAYS)
                .partitioned(true)
                .maxAge(Duration.ofDays(7))
                .build();
        assertThat(cookie.removalHeader(false, "/shop"))
                .isEqualTo("__geniesid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/shop;"
                        + " Domain=example.com; Secure; HttpOnly; SameSite=Lax; Partitioned");
        assertThat(DEFAULTS.removalHeader(true, ""))
                .isEqualTo("__geniesid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure; HttpOnly;"
                        + " SameSite=Lax");
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, true, true",
        "AUTO, false, false",
        "ALWAYS, true, true",
        "ALWAYS, false, true",
        "NEVER, true, false",
        "NEVER, false, false"
    })
    void secureFollowsItsPolicy(Secure policy, boolean requestSecure, boolean expected) {
        CookieConfig cookie = CookieConfig.builder().secure(policy).build();
        assertThat(cookie.header("a", requestSecure, "/").contains("; Secure")).isEqualTo(expected);
        assertThat(cookie.removalHeader(requestSecure, "/").contains("; Secure"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"STRICT, Strict", "LAX, Lax", "NONE, None"})
    void sameSiteIsSpelledAsBrowsersExpect(SameSite sameSite, String expected) {
        CookieConfig cookie =
                CookieConfig.builder().sameSite(sameSite).secure(Secure.ALWAYS).build();
        assertThat(cookie.header("a", true, "/")).endsWith("; SameSite=" + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"__Host-id", "__host-id", "__HOST-id"})
    void hostPrefixForcesTheRootPath(String name) {
        CookieConfig cookie =
                CookieConfig.builder().name(name).secure(Secure.ALWAYS).build();
        assertThat(cookie.header("a", true, "/shop")).startsWith(name + "=a; Path=/; Secure");
        assertThat(cookie.toBuilder().path("/").build().path()).contains("/");
    }

    @Test
    void hostPrefixRefusesAPathADomainAndACookieThatIsNotAlwaysSecure() {
        CookieConfig.Builder host = CookieConfig.builder().name("__Host-id");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(host::build)
                .withMessageContaining("genie.session.cookie.name=__Host-id (code)")
                .withMessageContaining("genie.session.cookie.secure=always, which is auto (default)");
        host.secure(Secure.ALWAYS).path("/shop");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(host::build)
                .withMessageContaining("genie.session.cookie.path to be / or not set, but it is /shop (code)");
        host.path("/").domain("example.com");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(host::build)
                .withMessageContaining("genie.session.cookie.domain, but it is example.com (code)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "never"})
    void whatBrowsersDropWithoutSecureIsRefused(String secure) {
        for (String other : new String[] {"name=__Secure-id", "same-site=none", "partitioned=true"}) {
            String[] pair = other.split("=", 2);
            Settings settings = Settings.of(
                    Map.of("genie.session.cookie." + pair[0], pair[1], "genie.session.cookie.secure", secure),
                    Map.of("genie.session.cookie.secure", "file genie-session.properties"));
            assertThatExceptionOfType(SessionConfigException.class)
                    .isThrownBy(() -> CookieConfig.from(settings))
                    .withMessageContaining("genie.session.cookie." + other + " (code) needs")
                    .withMessageContaining("genie.session.cookie.secure=always, which is " + secure
                            + " (file genie-session.properties)");
            assertThat(CookieConfig.from(settings.with(CoreSettings.COOKIE_SECURE, Secure.ALWAYS)))
                    .isNotNull();
        }
    }

    /** OWASP ASVS 3.3.5; browsers drop what has more than 4096 bytes. */
    @Test
    void nameAndValueAreFarBelowWhatBrowsersKeep() {
        CookieConfig config = CookieConfig.builder().name("n".repeat(128)).build();
        String header = config.header(SessionId.generate().value(), true, "/");
        assertThat(header.substring(0, header.indexOf(';'))).hasSize(128 + 1 + 43);
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> CookieConfig.builder().name("n".repeat(129)));
    }

    @Test
    void maxAgeIsWholeSeconds() {
        CookieConfig.Builder builder = CookieConfig.builder().maxAge(Duration.ofMillis(1500));
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(builder::build)
                .withMessageContaining("genie.session.cookie.max-age=1500ms (code) must be whole seconds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a;b", "a,b", "a\"b", "a\\b", "a\r\nSet-Cookie: x=y", "é", "\u0000"})
    void valueThatCannotStandInTheHeaderIsRefusedAndNotShown(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.header(value, true, "/"))
                .satisfies(e -> assertThat(e.getMessage())
                        .contains("__geniesid")
                        .doesNotContain(value + " ")
                        .doesNotContain("x=y"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a;b", "shop", "/a\r\nX: y", "/ü"})
    void defaultPathThatCannotStandInTheHeaderIsRefused(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.header("a", true, path));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.removalHeader(true, path));
    }

    @Test
    void wrongValueIsRefusedWhenItIsGiven() {
        CookieConfig.Builder builder = CookieConfig.builder();
        assertThatExceptionOfType(SessionConfigException.class).isThrownBy(() -> builder.name("a b"));
        assertThatExceptionOfType(SessionConfigException.class).isThrownBy(() -> builder.path("a"));
        assertThatExceptionOfType(SessionConfigException.class).isThrownBy(() -> builder.domain(".a"));
        assertThatExceptionOfType(SessionConfigException.class).isThrownBy(() -> builder.maxAge(Duration.ZERO));
    }

    @Test
    void builderOfAConfigurationBuildsAnEqualOne() {
        CookieConfig cookie = CookieConfig.builder()
                .name("sid")
                .path("/a")
                .maxAge(Duration.ofHours(1))
                .httpOnly(false)
                .sameSite(SameSite.STRICT)
                .build();
        assertThat(cookie.toBuilder().build()).isEqualTo(cookie).hasSameHashCodeAs(cookie);
        assertThat(cookie.toBuilder().name("other").build())
                .isNotEqualTo(cookie)
                .doesNotHaveSameHashCodeAs(cookie);
        assertThat(cookie)
                .hasToString("CookieConfig[name=sid, path=/a, domain=none, sameSite=STRICT, httpOnly=false,"
                        + " secure=AUTO, maxAge=PT1H, partitioned=false]");
    }
}
