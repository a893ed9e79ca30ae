package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static io.geniesession.jdbc.TestSessions.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.SessionId;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that create, change, renew and delete sessions of their own without a pause, and remember what was acknowledged and
 * what may or may not have happened. What is stored in the end is held against that.
 */
final class AcknowledgedLoad implements AutoCloseable {

    private final SessionAdapter adapter;
    private final List<Client> clients = new ArrayList<>();
    private volatile boolean ended;

    AcknowledgedLoad(SessionAdapter adapter, int threads) {
        this.adapter = adapter;
        for (int i = 0; i < threads; i++) {
            Client client = new Client(i);
            clients.add(client);
            client.start();
        }
    }

    /** How many writes were acknowledged so far. */
    long acknowledged() {
        return clients.stream().mapToLong(client -> client.acknowledged.get()).sum();
    }

    /** How many calls failed so far. */
    long failed() {
        return clients.stream().mapToLong(client -> client.failed.get()).sum();
    }

    /** How many of those may have stored something. */
    long unknown() {
        return clients.stream().mapToLong(client -> client.unknown.get()).sum();
    }

    Duration longest() {
        return Duration.ofNanos(
                clients.stream().mapToLong(client -> client.longest.get()).max().orElse(0));
    }

    /** Waits until so many more writes are acknowledged. */
    void awaitMore(int writes) {
        long goal = acknowledged() + writes;
        FaultyNode.await(
                Duration.ofSeconds(60),
                writes + " more writes",
                () -> (acknowledged() >= goal || isBroken()) ? true : null);
    }

    private boolean isBroken() {
        return clients.stream().anyMatch(client -> client.error != null);
    }

    /** Ends the threads and compares. */
    void verify(SessionAdapter with) {
        close();
        for (Client client : clients) {
            if (client.error != null) {
                throw new AssertionError("a client failed", client.error);
            }
            client.sessions.forEach(mine -> mine.verify(with));
        }
    }

    @Override
    public void close() {
        ended = true;
        try {
            for (Client client : clients) {
                client.join(TimeUnit.SECONDS.toMillis(60));
                assertThat(client.isAlive()).as("a client is stuck").isFalse();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A session and what may be stored of it. Written by one thread. */
    private static final class Mine {
        private final NewSession session;
        private boolean mayExist = true;
        private boolean mayBeGone;
        private final Set<String> values = new HashSet<>();
        private final Set<SessionId> ids = new HashSet<>();

        Mine(NewSession session, boolean unknown) {
            this.session = session;
            this.mayBeGone = unknown;
            this.values.add("none");
            this.ids.add(session.id());
        }

        void verify(SessionAdapter with) {
            Optional<SessionRecord> found = with.reload(session.key(), START);
            assertThat(found.isPresent()).as("stored").isIn(possible());
            found.ifPresent(record -> {
                assertThat(texts(record)).containsEntry("color", "red");
                assertThat(texts(record).getOrDefault("a", "none")).isIn(values);
                assertThat(record.info().publicId())
                        .isIn(ids.stream().map(SessionId::publicId).toList());
            });
            if (found.isEmpty()) {
                ids.forEach(id -> assertThat(with.load(id, START)).isEmpty());
            }
        }

        private List<Boolean> possible() {
            List<Boolean> possible = new ArrayList<>();
            if (mayExist) {
                possible.add(true);
            }
            if (mayBeGone) {
                possible.add(false);
            }
            return possible;
        }
    }

    private final class Client extends Thread {
        private final Random random;
        private final List<Mine> sessions = new ArrayList<>();
        private final AtomicLong acknowledged = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicLong unknown = new AtomicLong();
        private final AtomicLong longest = new AtomicLong();
        private volatile @Nullable Throwable error;

        Client(int number) {
            super("client-" + number);
            this.random = new Random(number);
        }

        @Override
        public void run() {
            try {
                while (!ended) {
                    visit();
                }
            } catch (RuntimeException | AssertionError e) {
                error = e;
            }
        }

        /** Calls, and tells whether that failed for certain; an unknown outcome is handed on. */
        private Result call(Runnable step) {
            long start = System.nanoTime();
            try {
                step.run();
                acknowledged.incrementAndGet();
                return Result.DONE;
            } catch (SessionStoreException e) {
                failed.incrementAndGet();
                unknown.addAndGet(e.outcomeUnknown() ? 1 : 0);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                return e.outcomeUnknown() ? Result.UNKNOWN : Result.NOT_DONE;
            } finally {
                longest.accumulateAndGet(System.nanoTime() - start, Math::max);
            }
        }

        private void visit() {
            NewSession session = session(Map.of("principal", "anna"));
            Result created = call(() -> assertThat(adapter.create(session)).isPresent());
            if (created == Result.NOT_DONE) {
                return;
            }
            Mine mine = new Mine(session, created == Result.UNKNOWN);
            sessions.add(mine);
            for (int i = random.nextInt(6); i > 0 && !ended; i--) {
                change(mine, Integer.toString(i));
            }
            if (random.nextBoolean()) {
                delete(mine);
            }
        }

        private void change(Mine mine, String value) {
            SessionRecord base;
            try {
                base = adapter.reload(mine.session.key(), START).orElse(null);
            } catch (SessionStoreException e) {
                failed.incrementAndGet();
                return;
            }
            if (base == null) {
                assertThat(mine.mayBeGone).as("gone without a reason").isTrue();
                return;
            }
            Optional<SessionId> renewed = random.nextInt(3) == 0 ? Optional.of(SessionId.generate()) : Optional.empty();
            SessionChanges changes = renewed.map(id -> set("a", value).withRenewal(new Renewal(id, START)))
                    .orElse(set("a", value));
            Result result =
                    call(() -> assertThat(adapter.persist(base, changes)).isInstanceOf(PersistResult.Saved.class));
            if (result == Result.DONE) {
                mine.mayBeGone = false;
                mine.values.clear();
                renewed.ifPresent(id -> mine.ids.clear());
            }
            if (result != Result.NOT_DONE) {
                mine.values.add(value);
                mine.ids.addAll(renewed.stream().toList());
            }
        }

        private void delete(Mine mine) {
            Result result = call(() -> adapter.delete(mine.session.key(), START, Detail.METADATA));
            if (result != Result.NOT_DONE) {
                mine.mayBeGone = true;
            }
            if (result == Result.DONE) {
                mine.mayExist = false;
            }
        }
    }

    private enum Result {
        DONE,
        NOT_DONE,
        UNKNOWN
    }
}
