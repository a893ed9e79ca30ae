package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Objects;
import org.flywaydb.core.api.resource.LoadableResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Flyway is told of our scripts. */
final class MigrationScriptsTest {

    private static final String SCRIPT = "V1__create_session.sql";

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void scriptIsTheFileAtItsPath(String folder) throws IOException {
        LoadableResource script = Objects.requireNonNull(new MigrationScripts(folder).getResource(SCRIPT));

        assertThat(script.getFilename()).isEqualTo(SCRIPT);
        assertThat(script.getRelativePath()).isEqualTo(SCRIPT);
        assertThat(script.getAbsolutePathOnDisk()).isEqualTo(script.getAbsolutePath());
        assertThat(script.getAbsolutePath()).contains("/" + folder + "/");
        try (InputStream file = MigrationScripts.class.getResourceAsStream("/" + script.getAbsolutePath());
                Reader reader = script.read()) {
            StringWriter text = new StringWriter();
            reader.transferTo(text);
            assertThat(text.toString())
                    .isEqualTo(new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8))
                    .contains("CREATE TABLE");
        }
    }

    @Test
    void nothingElseIsFound() {
        assertThat(new MigrationScripts("h2").getResource("V2__create_session.sql"))
                .isNull();
    }

    /** Flyway asks for scripts that run once, for those that run again and for its own settings of each. */
    @ParameterizedTest
    @CsvSource({"V, .sql, 1", "R, .sql, 0", "V, .sql.conf, 0", "V, .sql.conf .sql, 1"})
    void scriptsAreFoundByTheBeginningAndTheEndOfTheirNames(String prefix, String suffixes, int count) {
        Collection<LoadableResource> found = new MigrationScripts("h2").getResources(prefix, suffixes.split(" "));

        assertThat(found)
                .hasSize(count)
                .allSatisfy(script -> assertThat(script.getFilename()).isEqualTo(SCRIPT));
    }
}
