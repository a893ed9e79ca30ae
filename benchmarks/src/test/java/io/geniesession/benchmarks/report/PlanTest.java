package io.geniesession.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.benchmarks.Contestant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the sets measure, and the options that change it. */
class PlanTest {
    @Test
    @DisplayName("the quick set has what the targets ask for, on every kind of store")
    void quickSetHasMainQuestions() {
        assertThat(cells(Plan.quick(arguments())))
                .contains(
                        new Cell("ReadRequest", "GENIE_POSTGRES", "10x100", 64, false),
                        new Cell("WriteRequest", "BARE_JDBC_POSTGRES", "10x100", 1, false),
                        new Cell("WriteRequest", "GENIE_H2", "10x100", 1, false),
                        new Cell("ReadRequest", "GENIE_MEMORY", "10x100", 1, false),
                        new Cell("SmallWrite", "GENIE_POSTGRES", "100x1000", 1, false),
                        new Cell("Filter", "FILTER_READING", "10x100", 1, false));
    }

    @Test
    @DisplayName("the filter is measured once in each set, and not for a chosen contestant")
    void filterIsMeasuredOnce() {
        for (Plan plan : List.of(Plan.quick(arguments()), Plan.full(arguments()))) {
            assertThat(cells(plan).stream().filter(cell -> cell.question().equals("Filter")))
                    .extracting(Cell::contestant)
                    .containsExactly("NO_FILTER", "FILTER_UNTOUCHED", "ADAPTER", "FILTER_READING");
        }
        assertThat(cells(Plan.full(arguments("--contestants", "GENIE_H2"))))
                .noneMatch(cell -> cell.question().equals("Filter"));
    }

    @Test
    @DisplayName("the full set asks every contestant, every shape and every number of threads")
    void fullSetHasEverything() {
        List<Cell> cells = cells(Plan.full(arguments()));

        for (Contestant contestant : Contestant.values()) {
            assertThat(cells)
                    .contains(
                            new Cell("MixedLoad", contestant.name(), "50x200", 8, false),
                            new Cell("Login", contestant.name(), "100x1000", 64, false));
        }
        assertThat(cells.stream().filter(cell -> cell.question().equals("Sweep")))
                .isNotEmpty()
                .allMatch(cell -> cell.threads() == 1 && !cell.virtual());
    }

    @Test
    @DisplayName("those who are compared with each other are in one group")
    void groupsAreComparable() {
        assertThat(Stream.of(Plan.quick(arguments()), Plan.full(arguments())).flatMap(plan -> plan.groups().stream()))
                .contains(List.of(
                        new Cell("SmallWrite", "GENIE_POSTGRES", "10x100", 1, false),
                        new Cell("SmallWrite", "GENIE_POSTGRES", "100x1000", 1, false)));
        assertThat(Plan.quick(arguments()).groups())
                .filteredOn(group -> !group.get(0).question().equals("SmallWrite"))
                .allSatisfy(group -> assertThat(
                                group.stream().map(cell -> cell.by("")).distinct())
                        .hasSize(1));
    }

    @Test
    @DisplayName("options narrow a set down")
    void optionsNarrow() {
        Plan plan = Plan.full(arguments(
                "--questions", "Create", "--contestants", "GENIE_H2", "--shapes", "10x100", "--threads", "8"));

        assertThat(cells(plan).stream().filter(cell -> !cell.virtual()))
                .containsExactly(new Cell("Create", "GENIE_H2", "10x100", 8, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nonsense 1",
                "rounds 1",
                "--rounds",
                "--rounds 0",
                "--rounds many",
                "--threads 0",
                "--contestants NOBODY",
                "--shapes 1"
            })
    @DisplayName("an option that cannot be understood is refused")
    void nonsenseIsRefused(String options) {
        assertThatThrownBy(() -> Plan.quick(arguments(options.split(" "))))
                .isInstanceOf(Arguments.UsageException.class)
                .hasMessageContaining("option");
    }

    private static Arguments arguments(String... texts) {
        return Arguments.parse(Stream.of(texts).toList());
    }

    private static List<Cell> cells(Plan plan) {
        return plan.groups().stream().flatMap(Collection::stream).toList();
    }
}
