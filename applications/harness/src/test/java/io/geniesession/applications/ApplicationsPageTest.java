package io.geniesession.applications;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documentation says what the applications do. */
class ApplicationsPageTest {

    private static final Path APPLICATIONS =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    @ParameterizedTest
    @ValueSource(strings = {"faces", "spring-security", "wicket"})
    @DisplayName("docs/applications.md has the very settings with which the application is tested")
    void settingsAreThoseOfTheApplication(String application) throws IOException {
        String settings = Files.readString(
                APPLICATIONS.resolve(application).resolve("src/main/resources/genie-session.properties"));
        String page = Files.readString(APPLICATIONS.resolveSibling("docs/applications.md"));
        assertThat(page).contains("```properties\n" + settings + "```");
    }
}
