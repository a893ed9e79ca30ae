package io.geniesession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the first start says when the path or the settings are not what they should be. */
class DiscoveryTest {
    private static final String CONFIG_EXCEPTION = "io.geniesession.SessionConfigException";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    @DisplayName("without an adapter the message names the artifacts to add")
    void withoutAdapterArtifactsAreNamed(Place place) {
        assertThat(run(place, Jars.api()).failure(CONFIG_EXCEPTION))
                .contains(
                        "No session adapter",
                        "io.geniesession:genie-session-jdbc",
                        "io.geniesession:genie-session-memory");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("with two adapters the message lists both and names the setting")
    void twoAdaptersAreListed(Place place) {
        assertThat(run(place, twoAdapters()).failure(CONFIG_EXCEPTION))
                .contains("memory (io.geniesession.memory.MemorySessionAdapterProvider)")
                .contains("jdbc (io.geniesession.jdbc.JdbcSessionAdapterProvider)")
                .contains("genie.session.adapter");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("with two adapters the setting decides")
    void settingDecidesBetweenTwoAdapters(Place place) {
        Run memory = run(place, twoAdapters(), "-Dgenie.session.adapter=memory");
        assertThat(memory.value("visits")).isEqualTo("2");
        assertThat(folder.resolve("genie-session")).doesNotExist();

        Run jdbc = run(place, twoAdapters(), "-Dgenie.session.adapter=jdbc");
        assertThat(jdbc.value("visits")).isEqualTo("2");
        assertThat(folder.resolve("genie-session")).isDirectory();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an adapter that is not there is named with those that are")
    void unknownAdapterIsNamed(Place place) {
        assertThat(run(place, Jars.memory(), "-Dgenie.session.adapter=reddis").failure(CONFIG_EXCEPTION))
                .contains("genie.session.adapter", "\"reddis\"")
                .contains("memory (io.geniesession.memory.MemorySessionAdapterProvider)");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a misspelt setting is answered with the nearest name")
    void misspeltSettingIsAnsweredWithNearestName(Place place) {
        Run run = run(place, Jars.memory(), "-Dgenie.session.idle-timout=PT5M");

        run.failure(CONFIG_EXCEPTION);
        assertThat(run.errors()).contains("genie.session.idle-timout", "Did you mean genie.session.idle-timeout?");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a setting of an artifact that is not there is answered with the artifact, and its value is not shown")
    void settingOfMissingArtifactNamesArtifact(Place place) {
        Run run = run(place, Jars.memory(), "-Dgenie.session.jdbc.password=open-sesame");

        run.failure(CONFIG_EXCEPTION);
        assertThat(run.errors())
                .contains("genie.session.jdbc.password", "io.geniesession:genie-session-jdbc")
                .doesNotContain("open-sesame");
    }

    private static List<Path> twoAdapters() {
        return Jars.join(Jars.memory(), Jars.jdbc());
    }

    private Run run(Place place, List<Path> jars, String... options) {
        Path classes = Project.CONSUMER.compile(place, Jars.api(), folder);
        return Project.CONSUMER.run(place, Jars.join(List.of(classes), jars), folder, List.of(options));
    }
}
