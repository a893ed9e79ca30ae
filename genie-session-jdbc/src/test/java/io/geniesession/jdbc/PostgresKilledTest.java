package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * PostgreSQL shuts down immediately at a random moment under load and starts again: what was acknowledged is there, what was
 * deleted stays deleted, and every session can be read. {@code -Dgenie.test.faults=long} for many rounds.
 */
@Timeout(value = 60 * 60)
final class PostgresKilledTest {

    private static final int ROUNDS = "long".equals(System.getProperty("genie.test.faults")) ? 200 : 2;
    private static final int THREADS = 8;

    @Test
    void nothingAcknowledgedIsLostAndNothingEndedComesBack() throws Exception {
        long seed = Long.getLong("genie.test.seed", new Random().nextLong());
        Random random = new Random(seed);
        try (OwnPostgres server = OwnPostgres.create()) {
            for (String setting : new String[] {"fsync", "synchronous_commit"}) {
                assertThat(server.number(
                                "SELECT count(*) FROM pg_settings WHERE name = '" + setting + "' AND setting = 'on'"))
                        .isEqualTo(1);
            }
            TestContext context = new TestContext(
                    SettableClock.at(TestSessions.START), Map.of(JdbcSettings.URL.name(), server.url()));
            List<AcknowledgedLoad> loads = new ArrayList<>();
            try (SessionAdapter node = JdbcSessionAdapter.open(context)) {
                for (int round = 0; round < ROUNDS; round++) {
                    loads.add(kill(server, node, 100 + random.nextInt(200)));
                }
                // What was right after one restart is not undone by a later one.
                loads.forEach(load -> load.verify(node));
            }
            System.out.println("PostgreSQL killed " + ROUNDS + " times (seed " + seed + "): "
                    + sum(loads, AcknowledgedLoad::acknowledged) + " writes acknowledged, "
                    + sum(loads, AcknowledgedLoad::failed) + " calls failed, " + sum(loads, AcknowledgedLoad::unknown)
                    + " of them of unknown outcome, the longest took "
                    + loads.stream()
                            .mapToLong(load -> load.longest().toMillis())
                            .max()
                            .orElse(0)
                    + " ms; acknowledged writes lost: 0");
        }
    }

    /** Kills the server after so many writes and starts it again, while the load goes on; then compares. */
    private static AcknowledgedLoad kill(OwnPostgres server, SessionAdapter node, int writes) throws Exception {
        try (AcknowledgedLoad load = new AcknowledgedLoad(node, THREADS)) {
            load.awaitMore(writes);
            server.kill();
            server.start();
            load.awaitMore(50);
            load.verify(node);
            assertThat(load.longest()).isLessThan(FaultyNode.BOUND);
            return load;
        }
    }

    private static long sum(List<AcknowledgedLoad> loads, ToLongFunction<AcknowledgedLoad> what) {
        return loads.stream().mapToLong(what).sum();
    }
}
