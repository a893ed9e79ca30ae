package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.spi.SettingsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServletSettingsTest {

    private static final String UPDATE = "genie.docs.update";

    @Test
    void documentationIsUpToDate() throws IOException {
        Path file = documentation();
        String current = Files.readString(file);
        String expected = SettingsTable.replaceSection(current, "servlet", ServletSettings.all());
        if (Boolean.getBoolean(UPDATE)) {
            Files.writeString(file, expected);
            return;
        }
        assertThat(current)
                .as("docs/settings.md is out of date; write it anew with: mvn -pl genie-session-servlet -am test"
                        + " -Dtest=ServletSettingsTest -Dsurefire.failIfNoSpecifiedTests=false -D" + UPDATE + "=true")
                .isEqualTo(expected);
    }

    /** Tests run in the folder of their module, or in the one above it when an IDE starts them. */
    private static Path documentation() {
        Path here = Path.of("").toAbsolutePath();
        Path inModule = here.resolveSibling("docs/settings.md");
        return Files.exists(inModule) ? inModule : here.resolve("docs/settings.md");
    }
}
