package io.geniesession.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.geniesession.SessionConfigException;
import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.Setting;
import io.geniesession.spi.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {

    private static final String APPLICATION = "genie.session.application";
    private static final Setting<String> PASSWORD = Setting.secret("genie.session.jdbc.password", "The password.");
    private static final Setting<String> KEY =
            Setting.secret("genie.session.jdbc.key", "A key.").withPattern("[0-9]{4}", "4 digits");

    @TempDir
    private Path folder;

    private static SettingsLoader core() {
        return SettingsLoader.ofNothing(CoreSettings.all());
    }

    private static SettingsLoader coreAndJdbc() {
        List<Setting<?>> catalogue = new ArrayList<>(CoreSettings.all());
        catalogue.add(PASSWORD);
        catalogue.add(KEY);
        return SettingsLoader.ofNothing(catalogue);
    }

    private ClassLoader file(String... lines) {
        return classPath(entry("classes", String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
    }

    private Path entry(String name, byte[] content) {
        try {
            Path entry = Files.createDirectories(folder.resolve(name));
            Files.write(entry.resolve("genie-session.properties"), content);
            return entry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Holds no open file, since folders, unlike jars, are opened per resource. */
    private static ClassLoader classPath(Path... entries) {
        return new URLClassLoader(
                Arrays.stream(entries).map(SettingsLoaderTest::url).toArray(URL[]::new), null);
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5, code, code",
        "4, system, system property genie.session.application",
        "3, environment, environment variable GENIE_SESSION_APPLICATION",
        "2, context, servlet context parameter genie.session.application",
        "1, file, file genie-session.properties",
        "0, default, default"
    })
    void strongestSourceCounts(int sources, String expected, String origin) {
        SettingsLoader loader = core();
        if (sources >= 1) {
            loader.classLoader(file(APPLICATION + "=file"));
        }
        if (sources >= 2) {
            loader.contextParameters(Map.of(APPLICATION, "context"));
        }
        if (sources >= 3) {
            loader.environment(Map.of("GENIE_SESSION_APPLICATION", "environment"));
        }
        if (sources >= 4) {
            loader.systemProperties(Map.of(APPLICATION, "system"));
        }
        if (sources >= 5) {
            loader.code(Map.of(APPLICATION, "code"));
        }
        Settings settings = loader.load();
        assertThat(settings.get(CoreSettings.APPLICATION)).isEqualTo(expected);
        assertThat(settings.origin(CoreSettings.APPLICATION)).isEqualTo(origin);
    }

    @Test
    void sourcesComplementEachOther() {
        Settings settings = core().code(Map.of("genie.session.sweep-batch", "7"))
                .environment(Map.of("GENIE_SESSION_COOKIE_SAME_SITE", "strict", "GENIE_SESSION_ADAPTER", "memory"))
                .classLoader(file("genie.session.types=com.shop.**,\\", "  com.pay.Card"))
                .load();
        assertThat(settings.get(CoreSettings.SWEEP_BATCH)).isEqualTo(7);
        assertThat(settings.get(CoreSettings.COOKIE_SAME_SITE)).hasToString("STRICT");
        assertThat(settings.find(CoreSettings.ADAPTER)).contains("memory");
        assertThat(settings.get(CoreSettings.TYPES)).containsExactly("com.shop.**", "com.pay.Card");
        assertThat(settings.names()).hasSize(4);
    }

    @Test
    void containersDefaultsAreTheWeakestAndNamedInMessages() {
        Map<String, String> defaults =
                Map.of("genie.session.idle-timeout", "7m", "genie.session.cookie.name", "FROMXML");
        Settings settings = core().classLoader(file("genie.session.idle-timeout=9m"))
                .defaults(defaults, "web.xml")
                .load();
        assertThat(settings.get(CoreSettings.IDLE_TIMEOUT)).isEqualTo(Duration.ofMinutes(9));
        assertThat(settings.get(CoreSettings.COOKIE_NAME)).isEqualTo("FROMXML");
        assertThat(settings.origin(CoreSettings.COOKIE_NAME)).isEqualTo("web.xml");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> core().defaults(Map.of("genie.session.cookie.path", "shop"), "web.xml")
                        .load())
                .withMessageContaining("genie.session.cookie.path")
                .withMessageContaining("web.xml");
    }

    @Test
    void placeMayContainAnyCharacter() {
        String place = "100 %s of web.xml, 5 % of it commented out";
        Settings settings = core().defaults(Map.of("genie.session.idle-timeout", "7m"), place)
                .load();
        assertThat(settings.origin(CoreSettings.IDLE_TIMEOUT)).isEqualTo(place);
    }

    @Test
    void everySettingHasItsEnvironmentVariable() {
        for (Setting<?> setting : CoreSettings.all()) {
            String text = setting.defaultValue().isPresent() ? written(setting) : "no such \u0007 value!";
            SettingsLoader loader = core().environment(Map.of(setting.environmentName(), text));
            if (setting.defaultValue().isPresent()) {
                assertThat(loader.load().names()).containsExactly(setting.name());
            } else {
                assertThatExceptionOfType(SessionConfigException.class)
                        .isThrownBy(loader::load)
                        .withMessageContaining("(environment variable " + setting.environmentName() + ")");
            }
        }
    }

    private static <T> String written(Setting<T> setting) {
        return setting.write(setting.defaultValue().orElseThrow());
    }

    @Test
    void othersNamesDoNotCount() {
        Settings settings = core().systemProperties(Map.of("java.version", "17", "genie.sessions.x", "y"))
                .environment(Map.of("PATH", "/bin", "GENIE_ENV", "prod"))
                .contextParameters(Map.of("javax.faces.STAGE", "x"))
                .classLoader(classPath())
                .load();
        assertThat(settings.names()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "genie.session.idle-timout, genie.session.idle-timeout",
        "genie.session.idleTimeout, genie.session.idle-timeout",
        "genie.session.idle_timeout, genie.session.idle-timeout",
        "genie.session.ilde-timeout, genie.session.idle-timeout",
        "genie.session.cookie-name, genie.session.cookie.name",
        "genie.session.cookie.samesite, genie.session.cookie.same-site",
        "genie.session.cookie.pat, genie.session.cookie.path",
        "genie.session.lifetim, genie.session.lifetime",
        "genie.session.lifetm, genie.session.lifetime",
        "genie.session.adaptor, genie.session.adapter",
        "genie.session.sweep-intervall, genie.session.sweep-interval"
    })
    void typoNamesTheNearestSettingAndThePlace(String typo, String meant) {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().systemProperties(Map.of(typo, "hunter2"))::load)
                .withMessage(typo + " (system property " + typo + ") is no setting. Did you mean " + meant + "?");
    }

    @Test
    void typoIsFoundInEverySource() {
        String typo = "genie.session.idle-timout";
        String meant = "Did you mean genie.session.idle-timeout?";
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().code(Map.of(typo, "1h"))::load)
                .withMessage(typo + " (code) is no setting. " + meant);
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().contextParameters(Map.of(typo, "1h"))::load)
                .withMessage(typo + " (servlet context parameter " + typo + ") is no setting. " + meant);
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().classLoader(file(typo + "=1h"))::load)
                .withMessage(typo + " (file genie-session.properties) is no setting. " + meant);
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().environment(Map.of("GENIE_SESSION_IDLE_TIMOUT", "1h"))::load)
                .withMessage("Environment variable GENIE_SESSION_IDLE_TIMOUT is no setting."
                        + " Did you mean GENIE_SESSION_IDLE_TIMEOUT?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"genie.session.foo", "genie.session.", "genie.session.colour-of-the-button"})
    void nameThatIsNearToNoneGetsNoSuggestion(String name) {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().systemProperties(Map.of(name, "hunter2"))::load)
                .withMessageContaining("is no setting. Remove it")
                .withMessageNotContainingAny("Did you mean", "hunter2");
    }

    @Test
    void namesInTheFileStartWithThePrefix() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().classLoader(file("idle-timeout=1h"))::load)
                .withMessageContaining("Did you mean genie.session.idle-timeout?");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().classLoader(file("whatever=1h"))::load)
                .withMessageContaining("names start with genie.session.");
    }

    @Test
    void longOrHostileNameIsShownInOneBoundedLine() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().systemProperties(Map.of("genie.session.a\nFORGED" + "x".repeat(9999), "y"))::load)
                .satisfies(e -> assertThat(e.getMessage())
                        .hasLineCount(1)
                        .hasSizeLessThan(500)
                        .contains("a?FORGED"));
    }

    @ParameterizedTest
    @CsvSource({
        "genie.session.jdbc.url, io.geniesession:genie-session-jdbc",
        "genie.session.memory.max-sessions, io.geniesession:genie-session-memory",
        "genie.session.servlet.poll, io.geniesession:genie-session-servlet"
    })
    void settingOfAnArtifactThatIsNotThereNamesTheArtifact(String name, String artifact) {
        String variable = SettingNames.toVariable(name);
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().systemProperties(Map.of(name, "x"))::load)
                .withMessage(name + " (system property " + name + ") belongs to " + artifact
                        + ", which is not on the class path. Add it, or remove the setting.");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().environment(Map.of(variable, "x"))::load)
                .withMessage("Environment variable " + variable + " belongs to " + artifact
                        + ", which is not on the class path. Add it, or remove the setting.");
    }

    @Test
    void typoInTheFamilyOfAnArtifactThatIsThereIsATypo() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(coreAndJdbc().systemProperties(Map.of("genie.session.jdbc.pasword", "hunter2"))::load)
                .withMessageEndingWith("Did you mean genie.session.jdbc.password?")
                .withMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genie.session.jdbc.password:hunter2",
                "genie.session.jdbc.password hunter2",
                "genie.session.jdbc.passwordhunter2",
                "genie.session.jdbc.PASSWORD-hunter2",
                "genie.session.jdbc.pasword;hunter2"
            })
    void secretThatRanIntoItsNameAppearsInNoMessage(String name) {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(coreAndJdbc().systemProperties(Map.of(name, ""))::load)
                .withMessageContaining("genie.session.jdbc.")
                .withMessageContaining("…")
                .withMessageContaining("is no setting")
                .withMessageNotContaining("hunter2");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(coreAndJdbc().environment(Map.of(SettingNames.toVariable(name), ""))::load)
                .withMessageNotContaining("HUNTER2");
    }

    @Test
    void secretAppearsInNoMessage() {
        Settings settings = coreAndJdbc()
                .environment(Map.of("GENIE_SESSION_JDBC_PASSWORD", " hunter2 "))
                .load();
        assertThat(settings.find(PASSWORD)).contains(" hunter2 ");
        assertThat(settings.toString()).doesNotContain("hunter2");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(coreAndJdbc().environment(Map.of("GENIE_SESSION_JDBC_KEY", "hunter2"))::load)
                .withMessageContaining("genie.session.jdbc.key (environment variable GENIE_SESSION_JDBC_KEY)")
                .withMessageContaining("4 digits")
                .satisfies(e -> assertThat(e).hasNoCause())
                .withMessageNotContaining("hunter2");
    }

    @Test
    void valueOutsideItsBoundsIsFoundEvenIfAStrongerSourceHidesIt() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().code(Map.of("genie.session.sweep-batch", "7"))
                        .classLoader(file("genie.session.sweep-batch=0"))::load)
                .withMessageContaining("genie.session.sweep-batch (file genie-session.properties) is \"0\"");
    }

    @Test
    void allFaultsAreReportedTogether() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().systemProperties(
                                Map.of("genie.session.idle-timeout", "30", "genie.session.sweep-batch", "0"))
                        .environment(Map.of("GENIE_SESSION_NOPE", "x"))::load)
                .withMessageStartingWith("3 settings are wrong:\n- genie.session.idle-timeout (system property")
                .withMessageContaining("\n- genie.session.sweep-batch (system property")
                .withMessageContaining("\n- Environment variable GENIE_SESSION_NOPE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"genie.session.idle-timeout", "Genie_Session_Idle_Timeout", "GENIE_SESSION_IDLE-TIMEOUT"})
    void environmentVariableMayBeSpelledAsTheSetting(String variable) {
        Settings settings = core().environment(Map.of(variable, "1h")).load();
        assertThat(settings.get(CoreSettings.IDLE_TIMEOUT)).hasHours(1);
        assertThat(settings.origin(CoreSettings.IDLE_TIMEOUT)).isEqualTo("environment variable " + variable);
    }

    @Test
    void oneSettingInTwoSpellingsIsRefused() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().environment(
                                Map.of("GENIE_SESSION_IDLE_TIMEOUT", "1h", "genie.session.idle-timeout", "2h"))::load)
                .withMessage("The environment variables GENIE_SESSION_IDLE_TIMEOUT and genie.session.idle-timeout"
                        + " are one setting spelled in two ways. Keep one of them.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GENIE_SESSION_SERVICE_HOST",
                "GENIE_SESSION_SERVICE_PORT",
                "GENIE_SESSION_SERVICE_PORT_HTTP",
                "GENIE_SESSION_PORT",
                "GENIE_SESSION_PORT_8080_TCP",
                "GENIE_SESSION_PORT_8080_TCP_ADDR",
                "GENIE_SESSION_SHOP_SERVICE_HOST"
            })
    void serviceLinksOfAnOrchestratorDoNotCount(String variable) {
        assertThat(core().environment(Map.of(variable, "10.0.0.1")).load().names())
                .isEmpty();
    }

    @Test
    void fileIsReadAsUtf8WithOrWithoutMark() {
        Setting<String> label = Setting.text("genie.session.label", "A label.");
        ClassLoader marked = file("\uFEFFgenie.session.label = Käse 🧀");
        assertThat(SettingsLoader.ofNothing(List.of(label))
                        .classLoader(marked)
                        .load()
                        .find(label))
                .contains("Käse 🧀");
        ClassLoader plain = file("# comment", "genie.session.label = Käse 🧀   ");
        assertThat(SettingsLoader.ofNothing(List.of(label))
                        .classLoader(plain)
                        .load()
                        .find(label))
                .contains("Käse 🧀");
    }

    @Test
    void fileThatIsNotUtf8IsRefused() {
        ClassLoader loader = classPath(
                entry("classes", "genie.session.application=K\u00E4se".getBytes(StandardCharsets.ISO_8859_1)));
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().classLoader(loader)::load)
                .withMessageContaining("genie-session.properties is not UTF-8");
    }

    @Test
    void brokenEscapeInTheFileIsRefused() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().classLoader(file("genie.session.application=\\u12"))::load)
                .withMessageContaining("genie-session.properties could not be read");
    }

    @Test
    void nameSetTwiceInTheFileIsRefused() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().classLoader(file(APPLICATION + "=a", APPLICATION + " b"))::load)
                .withMessageContaining("sets more than once: genie.session.application");
    }

    @Test
    void twoFilesOnTheClassPathAreRefusedAndListed() {
        Path one = entry("one", new byte[0]);
        Path two = entry("two", new byte[0]);
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(core().classLoader(classPath(one, two))::load)
                .withMessageStartingWith("The class path has 2 files called genie-session.properties: ")
                .withMessageContaining("one/genie-session.properties, ")
                .withMessageContaining("two/genie-session.properties. Keep one");
    }

    @Test
    void oneFileSeenByTwoClassLoadersCountsOnce() {
        Path only = entry("only", (APPLICATION + "=shop").getBytes(StandardCharsets.UTF_8));
        ClassLoader child = new URLClassLoader(new URL[] {url(only)}, classPath(only));
        assertThat(core().classLoader(child).load().get(CoreSettings.APPLICATION))
                .isEqualTo("shop");
    }

    @Test
    void catalogueWithTwoSettingsOfOneNameOrVariableIsRefused() {
        Setting<String> one = Setting.text("genie.session.a.b", "One.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingsLoader.ofNothing(List.of(one, Setting.text("genie.session.a.b", "Two."))))
                .withMessageContaining("genie.session.a.b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingsLoader.ofNothing(List.of(one, Setting.text("genie.session.a-b", "Two."))))
                .withMessageContaining("GENIE_SESSION_A_B");
        assertThat(SettingsLoader.ofNothing(List.of(one, one)).load().names()).isEmpty();
    }
}
