package io.geniesession.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.SessionConfigException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoreSettingsTest {

    private static final Map<String, Setting<?>> BY_NAME =
            CoreSettings.all().stream().collect(Collectors.toMap(Setting::name, setting -> setting));

    @Test
    void allHoldsEveryConstantOnce() {
        List<Object> constants = Arrays.stream(CoreSettings.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .map(CoreSettingsTest::value)
                .toList();
        assertThat(CoreSettings.all()).doesNotHaveDuplicates().hasSameElementsAs(cast(constants));
        assertThat(constants).hasSizeGreaterThan(20);
    }

    private static Object value(Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Setting<?>> cast(List<Object> constants) {
        return (List<Setting<?>>) (List<?>) constants;
    }

    @ParameterizedTest
    @CsvSource({
        "idle-timeout, 0, 3650d",
        "empty-idle-timeout, 0, 3650d",
        "lifetime, 0, 3650d",
        "quantum, 0, 30d",
        "max-sessions-per-principal, 0, 100000",
        "cookie.max-age, 1s, 400d",
        "max-attribute-size, 1B, 64MB",
        "max-session-size, 1B, 256MB",
        "max-attributes, 1, 1000000",
        "sweep-interval, 1s, 1d",
        "sweep-margin, 0, 1h",
        "sweep-batch, 1, 10000",
        "sweep-rest, 0, 1000",
        "update-deadline, 10ms, 5m"
    })
    void boundsAreAccepted(String name, String min, String max) {
        Setting<?> setting = setting(name);
        assertThat(setting.boundsText()).isEqualTo(min + " to " + max);
        assertThatCode(() -> setting.read(min, "code")).doesNotThrowAnyException();
        assertThatCode(() -> setting.read(max, "code")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "idle-timeout, -1ms",
        "idle-timeout, 315360000001ms",
        "empty-idle-timeout, -1ms",
        "empty-idle-timeout, 315360000001ms",
        "lifetime, -1ms",
        "lifetime, 315360000001ms",
        "quantum, -1ms",
        "quantum, 2592000001ms",
        "max-sessions-per-principal, -1",
        "max-sessions-per-principal, 100001",
        "cookie.max-age, 0",
        "cookie.max-age, 999ms",
        "cookie.max-age, 34560001s",
        "max-attribute-size, 0",
        "max-attribute-size, 67108865B",
        "max-session-size, 0",
        "max-session-size, 268435457B",
        "max-attributes, 0",
        "max-attributes, 1000001",
        "sweep-interval, 999ms",
        "sweep-interval, 86400001ms",
        "sweep-margin, -1ms",
        "sweep-margin, 3600001ms",
        "sweep-batch, 0",
        "sweep-batch, 10001",
        "sweep-rest, -1",
        "sweep-rest, 1001",
        "update-deadline, 9ms",
        "update-deadline, 300001ms"
    })
    void valueJustOutsideTheBoundsIsRefusedAndTheBoundsAreNamed(String name, String text) {
        Setting<?> setting = setting(name);
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> setting.read(text, "code"))
                .withMessageStartingWith("genie.session." + name + " (code) is \"" + text + "\"")
                .withMessageContaining(setting.boundsText());
    }

    @ParameterizedTest
    @CsvSource({
        "adapter, jdbc",
        "adapter, my-store2",
        "application, shop_2-B",
        "cookie.name, __Host-id",
        "cookie.path, /",
        "cookie.path, /shop/a b",
        "cookie.domain, example.com",
        "cookie.domain, localhost",
        "cookie.domain, a-b.xn--mnchen-3ya.de",
        "types, 'com.shop.Cart, com.shop.**, com.shop.Cart$Item'"
    })
    void textOfTheRightFormIsAccepted(String name, String text) {
        assertThatCode(() -> setting(name).read(text, "code")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "adapter, Jdbc",
        "adapter, a b",
        "application, a.b",
        "application, ü",
        "cookie.name, a b",
        "cookie.name, a=b",
        "cookie.name, a;b",
        "cookie.name, é",
        "cookie.path, shop",
        "cookie.path, /a;b",
        "cookie.path, /ü",
        "cookie.domain, .example.com",
        "cookie.domain, example.com.",
        "cookie.domain, exa mple.com",
        "cookie.domain, a;b",
        "cookie.domain, münchen.de",
        "cookie.domain, -a.com",
        "cookie.domain, https://example.com",
        "cookie.same-site, relaxed",
        "cookie.secure, true",
        "types, com.shop.Cart com.shop.Item",
        "types, com/shop",
        "types-mode, warn",
        "undecodable, ignore",
        "sweep, maybe"
    })
    void textOfAnotherFormIsRefused(String name, String text) {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> setting(name).read(text, "code"))
                .withMessageContaining("genie.session." + name + " (code) is \"" + text + "\"");
    }

    @Test
    void applicationHasAtMost64Characters() {
        assertThat(CoreSettings.APPLICATION.read("a".repeat(64), "code")).hasSize(64);
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> CoreSettings.APPLICATION.read("a".repeat(65), "code"))
                .withMessageContaining("1 to 64 letters");
    }

    private static Setting<?> setting(String name) {
        Setting<?> setting = BY_NAME.get("genie.session." + name);
        assertThat(setting).as(name).isNotNull();
        return setting;
    }
}
