package io.geniesession.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.geniesession.SessionConfigException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {

    private static final String ORIGIN = "system property genie.session.test";

    private static final Setting<Duration> DURATION = Setting.duration("genie.session.test", "A span.");
    private static final Setting<Long> SIZE = Setting.size("genie.session.test", "A size.");
    private static final Setting<Integer> INTEGER = Setting.integer("genie.session.test", "A number.");
    private static final Setting<Boolean> FLAG = Setting.flag("genie.session.test", "A switch.");
    private static final Setting<String> TEXT = Setting.text("genie.session.test", "A text.");
    private static final Setting<String> SECRET = Setting.secret("genie.session.test", "A secret.");
    private static final Setting<List<String>> LIST = Setting.list("genie.session.test", "A list.");
    private static final Setting<Mood> CHOICE = Setting.choice("genie.session.test", "A mood.", Mood.class);

    private enum Mood {
        HAPPY,
        VERY_HAPPY
    }

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "500ms, PT0.5S",
        "45s, PT45S",
        "30m, PT30M",
        "12h, PT12H",
        "7d, PT168H",
        "-5m, PT-5M",
        "+5m, PT5M",
        "007s, PT7S",
        "PT30M, PT30M",
        "P2DT3H, PT51H",
        "PT0.25S, PT0.25S",
        "' 30m ', PT30M"
    })
    void durationIsReadInEveryForm(String text, Duration expected) {
        assertThat(DURATION.read(text, ORIGIN)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "30",
                "1",
                "-1",
                "00",
                "30 m",
                "30M",
                "1h30m",
                "1.5h",
                "m",
                "",
                " ",
                "30min",
                "PT",
                "PT0.0005S",
                "999999999999999999d",
                "1000000000000000000000ms",
                "PT9223372036854775807S",
                "٣٠m"
            })
    void durationInAnotherFormIsRefusedAndTheFormsAreShown(String text) {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> DURATION.read(text, ORIGIN))
                .withMessageStartingWith("genie.session.test (" + ORIGIN + ") is ")
                .withMessageContaining("500ms, 45s, 30m, 12h or 7d")
                .withMessageContaining("PT30M")
                .withMessageContaining("accepted for 0 only");
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0", "PT0.5S, 500ms", "PT90S, 90s", "PT60S, 1m", "PT36H, 36h", "PT48H, 2d", "PT-5M, -5m"})
    void durationIsWrittenInTheLargestUnitAndReadBack(Duration value, String expected) {
        assertThat(DURATION.write(value)).isEqualTo(expected);
        assertThat(DURATION.read(expected, ORIGIN)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1B, 1",
        "512b, 512",
        "64kB, 65536",
        "64KB, 65536",
        "2MB, 2097152",
        "2 MB, 2097152",
        "1GB, 1073741824"
    })
    void sizeIsReadInEveryForm(String text, long expected) {
        assertThat(SIZE.read(text, ORIGIN)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "2M", "-1B", "1.5MB", "MB", "", "9999999999999GB", "1TB"})
    void sizeInAnotherFormIsRefusedAndTheFormsAreShown(String text) {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> SIZE.read(text, ORIGIN))
                .withMessageContaining("512B, 64kB, 2MB or 1GB")
                .withMessageContaining("1024 bytes");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1B", "1023, 1023B", "1024, 1kB", "2097152, 2MB", "3221225472, 3GB"})
    void sizeIsWrittenInTheLargestUnitAndReadBack(long value, String expected) {
        assertThat(SIZE.write(value)).isEqualTo(expected);
        assertThat(SIZE.read(expected, ORIGIN)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.0", "1e3", "1_000", "2147483648", "ten", "٣"})
    void integerInAnotherFormIsRefused(String text) {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> INTEGER.read(text, ORIGIN))
                .withMessageContaining("must be an integer");
    }

    @Test
    void integerIsReadToItsLimits() {
        assertThat(INTEGER.read("-2147483648", ORIGIN)).isEqualTo(Integer.MIN_VALUE);
        assertThat(INTEGER.read("+2147483647", ORIGIN)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void flagIsTrueOrFalseInAnyCaseAndNothingElse() {
        assertThat(FLAG.read("TRUE", ORIGIN)).isTrue();
        assertThat(FLAG.read("false", ORIGIN)).isFalse();
        for (String text : List.of("yes", "1", "on", "")) {
            assertThatExceptionOfType(SessionConfigException.class)
                    .isThrownBy(() -> FLAG.read(text, ORIGIN))
                    .withMessageContaining("must be true or false");
        }
    }

    @Test
    void choiceIsWrittenInKebabCaseAndAnUnknownOneListsAll() {
        assertThat(CHOICE.read("very-happy", ORIGIN)).isEqualTo(Mood.VERY_HAPPY);
        assertThat(CHOICE.read("Happy", ORIGIN)).isEqualTo(Mood.HAPPY);
        assertThat(CHOICE.write(Mood.VERY_HAPPY)).isEqualTo("very-happy");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> CHOICE.read("very_happy", ORIGIN))
                .withMessageContaining("is \"very_happy\", but must be one of happy, very-happy");
    }

    @Test
    void listIsSplitAtCommasAndDropsBlankEntries() {
        assertThat(LIST.read(" a, b ,,c,", ORIGIN)).containsExactly("a", "b", "c");
        assertThat(LIST.read("", ORIGIN)).isEmpty();
        assertThat(LIST.write(List.of("a", "b"))).isEqualTo("a,b");
    }

    @Test
    void patternHoldsForEveryEntryOfAList() {
        Setting<List<String>> letters = LIST.withPattern("[a-z]+", "lower-case words");
        assertThat(letters.read("a,bc", ORIGIN)).containsExactly("a", "bc");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> letters.read("a,B", ORIGIN))
                .withMessageContaining("must be a list of lower-case words")
                .withMessageContaining("Separate the entries by commas");
    }

    @Test
    void textIsStrippedAndRefusedWhenEmptyOrWithControlCharacters() {
        assertThat(TEXT.read(" a b ", ORIGIN)).isEqualTo("a b");
        for (String text : List.of("", "  ", "a\nb", "a\u0000b")) {
            assertThatExceptionOfType(SessionConfigException.class).isThrownBy(() -> TEXT.read(text, ORIGIN));
        }
    }

    @Test
    void messageShowsTheValueInOneBoundedLine() {
        Setting<String> letters = TEXT.withPattern("[a-z]+", "lower-case letters");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> letters.read("a\nFORGED\u202E" + "x".repeat(200), ORIGIN))
                .withMessageContaining("is \"a?FORGED?x")
                .withMessageContaining("…\"")
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1).hasSizeLessThan(300));
    }

    @Test
    void boundsAreInclusiveAndNamedWithTheDefault() {
        Setting<Duration> bounded =
                DURATION.withDefault(Duration.ofMinutes(1)).withBounds(Duration.ofSeconds(1), Duration.ofDays(1));
        assertThat(bounded.read("1s", ORIGIN)).isEqualTo(Duration.ofSeconds(1));
        assertThat(bounded.read("1d", ORIGIN)).isEqualTo(Duration.ofDays(1));
        for (String text : List.of("999ms", "86401s", "-1s", "0")) {
            assertThatExceptionOfType(SessionConfigException.class)
                    .isThrownBy(() -> bounded.read(text, ORIGIN))
                    .withMessageStartingWith("genie.session.test (" + ORIGIN + ") is \"" + text
                            + "\", but must be a duration from 1s to 1d. Write it")
                    .withMessageContaining("Default: 1m.")
                    .withMessageContaining("Meaning: A span.");
        }
    }

    @Test
    void secretKeepsItsSpacesMayBeEmptyAndIsNeverShown() {
        assertThat(SECRET.read(" pass word ", ORIGIN)).isEqualTo(" pass word ");
        assertThat(SECRET.read("", ORIGIN)).isEmpty();
        Setting<String> key = SECRET.withPattern("[0-9a-f]{64}", "64 hexadecimal digits");
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> key.read("hunter2", ORIGIN))
                .withMessageContaining("has a value that is not shown, but must be 64 hexadecimal digits")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("hunter2"));
        assertThat(SECRET.withDefault("hunter2").defaultText()).isEmpty();
        assertThat(SECRET.withDefault("hunter2")).asString().doesNotContain("hunter2");
        assertThat(SECRET.isSecret()).isTrue();
        assertThat(TEXT.isSecret()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "idle-timeout",
                "genie.session.",
                "genie.session",
                "genie.session.Idle",
                "genie.session.a_b",
                "genie.session.a--b",
                "genie.session.a..b",
                "genie.session.-a",
                "other.session.a"
            })
    void nameOutsideOurSpellingIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Setting.text(name, "Meaning."))
                .withMessageContaining(name);
    }

    @Test
    void contradictoryDeclarationIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> INTEGER.withBounds(1, 2).withDefault(3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> INTEGER.withDefault(3).withBounds(1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> INTEGER.withBounds(2, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TEXT.withDefault("A").withPattern("[a-z]", "a letter"));
        assertThatIllegalStateException().isThrownBy(() -> TEXT.withBounds("a", "b"));
        assertThatIllegalStateException().isThrownBy(() -> INTEGER.withPattern("1", "one"));
        assertThatIllegalStateException().isThrownBy(() -> FLAG.withPattern("true", "true"));
        assertThatIllegalStateException().isThrownBy(() -> CHOICE.withPattern("happy", "happy"));
    }

    @Test
    void describesItselfForTheDocumentation() {
        Setting<Integer> number = INTEGER.withDefault(3).withBounds(1, 5);
        assertThat(number.name()).isEqualTo("genie.session.test");
        assertThat(number).hasToString("genie.session.test");
        assertThat(number.meaning()).isEqualTo("A number.");
        assertThat(number.unit()).isEqualTo("integer");
        assertThat(number.defaultValue()).contains(3);
        assertThat(number.defaultText()).isEqualTo("3");
        assertThat(number.boundsText()).isEqualTo("1 to 5");
        assertThat(number.withDerivedDefault("half of another").defaultValue()).isEmpty();
        assertThat(number.withDerivedDefault("half of another").defaultText()).isEqualTo("half of another");
        assertThat(CHOICE.boundsText()).isEqualTo("one of happy, very-happy");
        assertThat(TEXT.boundsText()).isEmpty();
        assertThat(Setting.text("genie.session.a-b.c", "X.").environmentName()).isEqualTo("GENIE_SESSION_A_B_C");
    }
}
