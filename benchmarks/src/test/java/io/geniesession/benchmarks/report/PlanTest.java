package io.geniesession.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.benchmarks.Contestant;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
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

        assertThat(cells(plan)).containsExactly(new Cell("Create", "GENIE_H2", "10x100", 8, false));
    }

    @Test
    @DisplayName("options say how long and how often a fork works")
    void optionsShorten() {
        Plan plan = Plan.full(arguments("--warm-ups", "2", "--rounds", "3", "--seconds", "1"));

        assertThat(plan.warmUps()).isEqualTo(2);
        assertThat(plan.rounds()).isEqualTo(3);
        assertThat(plan.iteration()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName("virtual threads are another number of threads, from JDK 21 on")
    void virtualThreadsNeedTheirJdk() {
        assertThat(Plan.Workers.parse("64", 17)).isEqualTo(new Plan.Workers(64, false));
        assertThat(Plan.Workers.parse("64v", 21)).isEqualTo(new Plan.Workers(64, true));
        assertThatThrownBy(() -> Plan.Workers.parse("64v", 20))
                .isInstanceOf(Arguments.UsageException.class)
                .hasMessage(
                        "The option --threads 64v asks for virtual threads, which need JDK 21 or later; this is JDK 20.");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    @DisplayName("the full set has virtual threads where sessions are waited for, the quick set if it is asked")
    void setsHaveVirtualThreads() {
        Cell virtual = new Cell("WriteRequest", "GENIE_POSTGRES", "10x100", 64, true);
        assertThat(cells(Plan.full(arguments()))).contains(virtual);
        assertThat(cells(Plan.quick(arguments()))).doesNotContain(virtual);
        assertThat(cells(Plan.quick(arguments("--threads", "64,64v")))).contains(virtual);
        assertThat(cells(Plan.full(arguments())).stream().filter(Cell::virtual))
                .allMatch(cell -> cell.contestant().endsWith("_POSTGRES"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nonsense 1",
                "rounds 1",
                "--rounds",
                "--rounds 0",
                "--rounds many",
                "--seconds 0",
                "--threads 0",
                "--threads v",
                "--contestants NOBODY",
                "--shapes 1"
            })
    @DisplayName("an option that cannot be understood is refused")
    void nonsenseIsRefused(String options) {
        assertThatThrownBy(() -> Plan.quick(arguments(options.split(" "))))
                .isInstanceOf(Arguments.UsageException.class)
                .hasMessageContaining("option");
    }

    @Test
    @DisplayName("a part that nobody knows is refused")
    void unknownPartIsRefused() {
        assertThat(arguments("--parts", "heap,sweeps").list("parts")).contains(List.of("heap", "sweeps"));
        assertThatThrownBy(() -> arguments("--parts", "everything").list("parts"))
                .isInstanceOf(Arguments.UsageException.class)
                .hasMessageContaining("everything");
    }

    private static Arguments arguments(String... texts) {
        return Arguments.parse(Stream.of(texts).toList());
    }

    private static List<Cell> cells(Plan plan) {
        return plan.groups().stream().flatMap(Collection::stream).toList();
    }
}
