package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.spi.SettingsTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages say is what the code does. */
final class JdbcDocumentationTest {

    private static final String UPDATE = "genie.docs.update";

    @Test
    void settingsAreUpToDate() throws IOException {
        Path file = page("settings.md");
        String current = Files.readString(file);
        String expected = SettingsTable.replaceSection(current, "jdbc", JdbcSettings.all());
        if (Boolean.getBoolean(UPDATE)) {
            Files.writeString(file, expected);
            return;
        }
        assertThat(current)
                .as("docs/settings.md is out of date; write it anew with -D" + UPDATE + "=true")
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql, V1__create_session, genie_session",
        "postgresql, V2__write_in_slots, genie_session",
        "h2, V1__create_session, GENIE_SESSION"
    })
    void schemaIsTheMigrations(String folder, String name, String prefix) throws IOException {
        String script;
        try (InputStream in = JdbcSettings.class.getResourceAsStream("migration/" + folder + "/" + name + ".sql")) {
            assertThat(in).isNotNull();
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(Files.readString(page("schema.md")))
                .as("the statements for those who run them by hand")
                .contains(script.replace("${prefix}", prefix).replace("${application}", "default"));
    }

    /** Tests run in the folder of their module, or in the one above it when an IDE starts them. */
    private static Path page(String name) {
        Path here = Path.of("").toAbsolutePath();
        Path inModule = here.resolveSibling("docs").resolve(name);
        return Files.exists(inModule) ? inModule : here.resolve("docs").resolve(name);
    }
}
