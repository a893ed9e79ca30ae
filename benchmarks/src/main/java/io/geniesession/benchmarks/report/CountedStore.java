package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Contestant;
import io.geniesession.benchmarks.Database;
import io.geniesession.benchmarks.PostgresServer;
import io.geniesession.benchmarks.Store;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A store on PostgreSQL whose driver is listened to. Safe for use by several threads. */
final class CountedStore implements Closeable {
    private static final Duration QUIET = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Database direct;
    private final WireTap tap;
    private final Store store;

    private CountedStore(Database direct, WireTap tap, Store store) {
        this.direct = direct;
        this.tap = tap;
        this.store = store;
    }

    static CountedStore open(Contestant contestant) throws IOException {
        Database direct = Database.postgres();
        WireTap tap = WireTap.before(PostgresServer.port());
        try {
            // Closing the store must not remove the database: what is in it is looked at afterwards.
            Database tapped = new Database(through(tap, direct.url()), direct.user(), () -> {});
            return new CountedStore(direct, tap, contestant.open(Optional.of(tapped)));
        } catch (RuntimeException e) {
            tap.close();
            direct.close();
            throw e;
        }
    }

    private static String through(WireTap tap, String url) {
        String address = ":" + PostgresServer.port() + "/";
        if (!url.contains(address)) {
            throw new IllegalStateException("The URL " + url + " leads to another port");
        }
        return url.replace(address, ":" + tap.port() + "/");
    }

    Store store() {
        return store;
    }

    /** The same database, reached without being counted. */
    Database direct() {
        return direct;
    }

    WireTap tap() {
        return tap;
    }

    /** Waits until the pool has opened its connections, which is done in the background and asks questions of its own. */
    void awaitQuiet() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long before;
        do {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The driver keeps talking although nobody uses the store");
            }
            before = tap.connections() + tap.roundTrips();
            LockSupport.parkNanos(QUIET.toNanos());
        } while (before != tap.connections() + tap.roundTrips());
    }

    /** Closes the store alone; the database is still there. */
    void closeStore() {
        try {
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            store.close();
        } finally {
            tap.close();
            direct.close();
        }
    }
}
