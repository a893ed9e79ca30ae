package io.geniesession.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTableTest {

    private static final String UPDATE = "genie.docs.update";

    private static final Setting<Integer> NUMBER = Setting.integer("genie.session.number", "Either | *or*.")
            .withDefault(3)
            .withBounds(1, 5);
    private static final Setting<String> SECRET =
            Setting.secret("genie.session.key", "A key.").withDefault("hunter2");

    @Test
    void documentationIsUpToDate() throws IOException {
        Path file = documentation();
        String current = Files.readString(file);
        String expected = SettingsTable.replaceSection(current, "core", CoreSettings.all());
        if (Boolean.getBoolean(UPDATE)) {
            Files.writeString(file, expected);
            return;
        }
        assertThat(current)
                .as("docs/settings.md is out of date; write it anew with: mvn -pl genie-session-api test"
                        + " -Dtest=SettingsTableTest -D" + UPDATE + "=true")
                .isEqualTo(expected);
    }

    /** Tests run in the folder of their module, or in the one above it when an IDE starts them. */
    private static Path documentation() {
        Path here = Path.of("").toAbsolutePath();
        Path inModule = here.resolveSibling("docs/settings.md");
        return Files.exists(inModule) ? inModule : here.resolve("docs/settings.md");
    }

    @Test
    void tableHasOneRowPerSettingAndNoSecret() {
        assertThat(SettingsTable.render(List.of(NUMBER, SECRET))).isEqualTo("""
                | Name | Meaning | Unit | Default | Bounds |
                |---|---|---|---|---|
                | `genie.session.number` | Either \\| \\*or\\*. | integer | `3` | 1 to 5 |
                | `genie.session.key` | A key. | secret text |  |  |
                """);
    }

    @Test
    void onlyTheNamedSectionIsReplaced() {
        String document = """
                before
                <!-- settings:a -->
                old
                <!-- /settings:a -->
                <!-- settings:b -->
                kept
                <!-- /settings:b -->
                """;
        assertThat(SettingsTable.replaceSection(document, "a", List.of(NUMBER)))
                .isEqualTo(document.replace("old\n", SettingsTable.render(List.of(NUMBER))));
    }

    @Test
    void documentWithoutTheSectionIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingsTable.replaceSection("text", "jdbc", List.of()))
                .withMessageContaining("<!-- settings:jdbc -->");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingsTable.replaceSection("<!-- settings:a -->\n", "a", List.of()));
    }
}
