package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.SessionId;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An adapter as applications have it, with short timeouts, that reaches its database through a proxy that does harm. */
final class FaultyNode implements AutoCloseable {

    /** The timeouts below, one after another, and much for a machine that is busy. */
    static final Duration BOUND = Duration.ofSeconds(20);

    private static final Duration RECOVERY = Duration.ofSeconds(60);

    final TestDatabase database;
    final FaultProxy proxy;
    final TestContext context;
    final SessionAdapter adapter;

    /** How a call ended. */
    enum Outcome {
        DONE,
        NOT_DONE,
        UNKNOWN
    }

    private FaultyNode(TestDatabase database, FaultProxy proxy, Map<String, String> settings) {
        this.database = database;
        this.proxy = proxy;
        this.context = new TestContext(SettableClock.at(TestSessions.START), settings);
        // A machine that is busy may need more than the short timeouts for the first connection.
        this.adapter = await(RECOVERY, "a start", () -> {
            try {
                return JdbcSessionAdapter.open(context);
            } catch (SessionStoreException e) {
                return null;
            }
        });
    }

    /** Opens a node; pairs of name and value are settings beside its own. */
    static FaultyNode open(TestDatabase database, String... more) {
        try {
            FaultProxy proxy = FaultProxy.before(PostgresServer.get().port());
            Map<String, String> settings = new HashMap<>(database.settings());
            settings.put(JdbcSettings.URL.name(), through(proxy, database) + "&sslmode=disable&socketTimeout=2");
            settings.put(JdbcSettings.POOL_TIMEOUT.name(), "1s");
            settings.put(JdbcSettings.CONNECT_TIMEOUT.name(), "2s");
            settings.put(JdbcSettings.STATEMENT_TIMEOUT.name(), "1s");
            for (int i = 0; i < more.length; i += 2) {
                settings.put(more[i], more[i + 1]);
            }
            return new FaultyNode(database, proxy, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String through(FaultProxy proxy, TestDatabase database) {
        String address = ":" + PostgresServer.get().port() + "/";
        assertThat(database.url()).contains(address);
        return database.url().replace(address, ":" + proxy.port() + "/");
    }

    /** Calls, and fails if that takes too long. */
    static Outcome outcome(Runnable call) {
        long start = System.nanoTime();
        Outcome outcome;
        try {
            call.run();
            outcome = Outcome.DONE;
        } catch (SessionStoreException e) {
            outcome = e.outcomeUnknown() ? Outcome.UNKNOWN : Outcome.NOT_DONE;
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
        return outcome;
    }

    /** Waits until the adapter works again, which nobody helps it to do. */
    void awaitRecovery() {
        await(RECOVERY, "the adapter works again", () -> {
            try {
                adapter.load(SessionId.generate(), TestSessions.START);
                return true;
            } catch (SessionStoreException e) {
                return null;
            }
        });
    }

    /** Lets everything through again, and waits until nothing more can come of what was held back. */
    void heal() {
        proxy.heal();
        await(RECOVERY, "the proxy is quiet", () -> proxy.isQuiet() ? true : null);
    }

    /** Waits for an answer. */
    static <T> T await(Duration patience, String what, Supplier<@Nullable T> condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        T answer;
        while ((answer = condition.get()) == null) {
            assertThat(System.nanoTime()).as(what + " within " + patience).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        return answer;
    }

    @Override
    public void close() {
        proxy.heal();
        adapter.close();
        proxy.close();
    }
}
