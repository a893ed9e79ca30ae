package io.geniesession.jdbc;

import java.util.concurrent.atomic.AtomicInteger;

final class H2MigrationsTest extends MigrationsContract {

    private static final AtomicInteger NAMES = new AtomicInteger();

    @Override
    TestDatabase empty() {
        return TestDatabase.h2InMemory();
    }

    @Override
    String primaryKey() {
        return "short_key";
    }

    @Override
    String primaryKeyType() {
        return "bigint";
    }

    @Override
    String schema() {
        return "own_" + NAMES.incrementAndGet();
    }
}
