package io.geniesession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application compiles against the packaged API and runs with the packaged adapters. */
class ConsumerTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    @DisplayName("the memory adapter is found and keeps a session from one request to the next")
    void memoryAdapterServesConsumer(Place place) {
        Run run = visit(place, Jars.memory());

        assertThat(run.value("visits")).isEqualTo("2");
        assertThat(run.value("named")).isEqualTo(String.valueOf(place.isNamed()));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "the JDBC adapter keeps a session in an embedded file from one process to the next, without any setting")
    void jdbcAdapterServesConsumerAcrossProcesses(Place place) {
        Run first = visit(place, Jars.jdbc());
        Run second = visit(place, Jars.jdbc(), first.value("cookie"));

        assertThat(first.value("visits")).isEqualTo("2");
        assertThat(second.value("visits")).isEqualTo("4");
        assertThat(second.value("cookie")).isEqualTo(first.value("cookie"));
        assertThat(second.value("named")).isEqualTo(String.valueOf(place.isNamed()));
        assertThat(folder.resolve("genie-session")).isDirectory();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a container finds the servlet initializer")
    void servletInitializerIsFound(Place place) {
        Path classes = Project.SERVLET_CONSUMER.compile(place, Jars.servlet(), folder);
        Run run = Project.SERVLET_CONSUMER.run(place, Jars.join(List.of(classes), Jars.servlet()), folder, List.of());

        assertThat(run.value("initializer")).isEqualTo("io.geniesession.servlet.GenieSessionInitializer");
        assertThat(run.value("named")).isEqualTo(String.valueOf(place.isNamed()));
    }

    private Run visit(Place place, List<Path> jars, String... cookie) {
        Path classes = folder.resolve(Project.CONSUMER.folder());
        if (!Files.exists(classes)) {
            Project.CONSUMER.compile(place, Jars.api(), folder);
        }
        return Project.CONSUMER.run(place, Jars.join(List.of(classes), jars), folder, List.of(), cookie);
    }
}
