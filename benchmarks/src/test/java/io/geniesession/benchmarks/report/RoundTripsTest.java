package io.geniesession.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.benchmarks.Contestant;
import io.geniesession.benchmarks.Postgres;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a request may send to PostgreSQL: promised in the README, and exact on every machine. */
class RoundTripsTest {
    @BeforeAll
    static void startServer() {
        Postgres.require();
    }

    @Test
    @DisplayName("a read takes 1 round trip and writes nothing, a write and a login take 2, a create takes 1")
    void requestsTakeTheirRoundTrips() throws Exception {
        Map<String, Double> counted = RoundTrips.of(Contestant.GENIE_POSTGRES, Measures.SMALL).stream()
                .collect(Collectors.toMap(Figure::measure, Figure::value));

        assertThat(counted)
                .containsEntry(Measures.ROUND_TRIPS + Measures.READ, 1.0)
                .containsEntry(Measures.ROUND_TRIPS + Measures.WRITE, 2.0)
                .containsEntry(Measures.ROUND_TRIPS + Measures.LOGIN, 2.0)
                .containsEntry(Measures.ROUND_TRIPS + Measures.CREATE, 1.0)
                .containsEntry(Measures.STATEMENTS + Measures.READ, 1.0)
                .containsEntry(Measures.STATEMENTS + Measures.WRITE, 2.0)
                .containsEntry(Measures.STATEMENTS + Measures.LOGIN, 2.0)
                .containsEntry(Measures.STATEMENTS + Measures.CREATE, 1.0)
                .containsEntry(Measures.WRITING_TRANSACTIONS + Measures.READ, 0.0)
                .containsEntry(Measures.WRITING_TRANSACTIONS + Measures.WRITE, 1.0)
                .containsEntry(Measures.WRITING_TRANSACTIONS + Measures.LOGIN, 1.0)
                .containsEntry(Measures.WRITING_TRANSACTIONS + Measures.CREATE, 1.0);
    }
}
