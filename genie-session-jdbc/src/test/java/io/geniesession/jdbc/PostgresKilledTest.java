package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * PostgreSQL shuts down immediately at a random moment under load and starts again: what was acknowledged is there, what was
 * deleted stays deleted, and every session can be read. {@code -Dgenie.test.faults=long} for many rounds.
 */
@Timeout(value = 30 * 60)
final class PostgresKilledTest {

    private static final int ROUNDS = "long".equals(System.getProperty("genie.test.faults")) ? 40 : 1;
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
            try (SessionAdapter node = JdbcSessionAdapter.open(context);
                    AcknowledgedLoad load = new AcknowledgedLoad(node, THREADS)) {
                for (int round = 0; round < ROUNDS; round++) {
                    load.awaitMore(100 + random.nextInt(200));
                    server.kill();
                    server.start();
                }
                load.awaitMore(50);
                load.verify(node);
                assertThat(load.longest()).isLessThan(FaultyNode.BOUND);
                System.out.println("PostgreSQL killed " + ROUNDS + " times (seed " + seed + "): " + load.acknowledged()
                        + " writes acknowledged, " + load.failed() + " calls failed, " + load.unknown()
                        + " of them of unknown outcome, the longest took "
                        + load.longest().toMillis() + " ms; acknowledged writes lost: 0");
            }
        }
    }
}
