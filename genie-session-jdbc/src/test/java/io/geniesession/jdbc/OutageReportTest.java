package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators and the core hear of an outage. */
final class OutageReportTest {

    private final TestContext context = new TestContext(SettableClock.at(TestSessions.START), Map.of());
    private final OutageReport report = new OutageReport("The shop", context);
    private final Logged log = Logged.by(JdbcSessionAdapter.class);

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void beginningAndEndAreLoggedAndTold() {
        report.opened("08001");
        assertThat(context.availability()).containsExactly(false);
        report.closed(Duration.ofMillis(7_900));
        assertThat(context.availability()).containsExactly(false, true);
        assertThat(log.lines())
                .containsExactly(
                        "WARNING: The shop does not answer (SQLSTATE 08001), or no connection to it came free. Until it"
                                + " answers, requests that need their session fail at once; one each 1 s finds out.",
                        "INFO: The shop answers again, after 7 s");
    }

    @Test
    void outageWithoutACodeIsLoggedWithoutOne() {
        report.opened("");
        assertThat(log.lines()).singleElement().asString().startsWith("WARNING: The shop does not answer, or no");
    }
}
