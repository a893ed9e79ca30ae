package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.geniesession.SessionStoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a shared statement that the database never got to see. */
@Timeout(60)
final class CombinedRequestsTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final CountDownLatch leading = new CountDownLatch(1);
    private final CountDownLatch connected = new CountDownLatch(1);

    /** Lends connections whose statements find no rows, not even none. */
    private final SqlRunner sql = new SqlRunner(
            new IdleSource() {
                @Override
                void lending() {
                    leading.countDown();
                    try {
                        assertThat(connected.await(30, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            },
            LONG);

    private final CombinedRequests requests = new CombinedRequests(
            sql,
            new PostgresDialect(new TableName(Optional.empty(), "genie_session")),
            new Combiner.Limits(1, 1, 16, 10_000, 10_000, LONG, LONG));

    private static RowChange change() {
        return new RowChange(UUID.randomUUID(), new byte[1], 1, 1, null, null, null, null, List.of(), List.of());
    }

    /** Lets two callers share a statement, and returns what each is told. */
    private List<Throwable> together(Runnable request) throws Exception {
        FutureTask<Throwable> first = new FutureTask<>(() -> catchThrowable(request::run));
        new Thread(first).start();
        leading.await();
        FutureTask<Throwable> second = new FutureTask<>(() -> catchThrowable(request::run));
        Thread waiting = new Thread(second);
        waiting.start();
        while (!(LockSupport.getBlocker(waiting) instanceof Combiner)) {
            assertThat(waiting.isAlive()).isTrue();
        }
        connected.countDown();
        return List.of(first.get(), second.get());
    }

    private static void assertTold(List<Throwable> told, String action, boolean unknown) {
        assertThat(told)
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                SessionStoreException.class,
                                e -> assertThat(e.outcomeUnknown()).isEqualTo(unknown))
                        .hasMessage("Could not " + action + ": a statement that several requests shared ended with"
                                + " java.lang.NullPointerException."));
    }

    @Test
    void programErrorFailsEverybodyAndNoReadIsUnknown() throws Exception {
        assertTold(together(() -> requests.load(new Requests.Load(new byte[1], 1))), "load a session", false);
    }

    @Test
    void programErrorLeavesACreationUnknown() throws Exception {
        byte[] none = {};
        assertTold(
                together(() -> requests.create(new Requests.Creation(
                        new SessionRow(UUID.randomUUID(), none, 1, 1, 1, 1, 1, 1, none, none), List.of(), List.of()))),
                "create a session",
                true);
    }

    @Test
    void programErrorLeavesAPersistUnknown() throws Exception {
        assertTold(together(() -> requests.change(change())), "persist a session", true);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 2, 2", "8, 8, 2", "10, 8, 2"})
    void fewAndPlacesAreNoMoreThanConnections(int connections, int few, int places) {
        Combiner.Limits limits = CombinedRequests.limits(connections, LONG);
        assertThat(limits.few()).isEqualTo(few);
        assertThat(limits.places()).isEqualTo(places);
        assertThat(limits.patience()).isEqualTo(LONG);
        assertThat(limits.bytes() / limits.large())
                .as("how many of the largest share a statement")
                .isEqualTo(8);
    }

    @Test
    void changeThatAsksForMoreThanAppendingSharesNothing() {
        RowChange plain = change();
        assertThat(plain.isPlain()).isTrue();
        assertThat(plain.isCombinable()).isTrue();
        assertThat(plain.bytes()).isEqualTo(1);
        RowChange compacting = with(new byte[5], null, null, null, List.of());
        assertThat(compacting.isPlain()).isFalse();
        assertThat(compacting.isCombinable()).isTrue();
        assertThat(compacting.bytes()).isEqualTo(6);
        for (RowChange more : List.of(
                with(null, 3L, null, null, List.of()),
                with(null, null, new RowChange.NewExpiry(1, 2, 3), null, List.of()),
                with(null, null, null, new RowChange.NewId(new byte[1], new byte[1], 4), List.of()),
                with(null, null, null, null, List.of("principal")))) {
            assertThat(more.isPlain()).isFalse();
            assertThat(more.isCombinable()).isFalse();
        }
    }

    private static RowChange with(
            byte[] snapshot, Long expected, RowChange.NewExpiry expiry, RowChange.NewId renewal, List<String> indexes) {
        return new RowChange(
                UUID.randomUUID(), new byte[1], 1, 1, snapshot, expected, expiry, renewal, indexes, indexes);
    }
}
