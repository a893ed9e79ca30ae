package io.geniesession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody else writes an adapter, against nothing but what the API exports. */
class ThirdPartyAdapterTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    @DisplayName("the API needs no other jar to run with somebody else's adapter")
    void apiRunsWithThirdPartyAdapterAlone(Place place) {
        Path adapter = Project.ADAPTER.compile(place, Jars.api(), folder);
        Path consumer = Project.CONSUMER.compile(place, Jars.api(), folder);

        Run run = Project.CONSUMER.run(place, Jars.join(List.of(consumer, adapter), Jars.api()), folder, List.of());

        assertThat(run.value("visits")).isEqualTo("2");
        assertThat(run.value("named")).isEqualTo(String.valueOf(place.isNamed()));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the packaged kit tests somebody else's adapter")
    void packagedKitTestsThirdPartyAdapter(Place place) {
        Path adapter = Project.ADAPTER.compile(place, Jars.api(), folder);
        List<Path> path = Jars.join(List.of(adapter), Jars.tck());
        Path tests = Project.ADAPTER_TEST.compile(place, path, folder);

        Run run = Project.ADAPTER_TEST.run(place, Jars.join(List.of(tests), path), folder, List.of());

        assertThat(run.value("failed")).as(run.errors()).isEqualTo("0");
        assertThat(Integer.parseInt(run.value("passed"))).isGreaterThan(30);
        assertThat(run.value("named")).isEqualTo(String.valueOf(place.isNamed()));
    }
}
