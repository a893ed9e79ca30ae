package io.geniesession.jdbc;

final class H2MigrationsTest extends MigrationsContract {
    @Override
    TestDatabase empty() {
        return TestDatabase.h2InMemory();
    }

    @Override
    String schema(String name) {
        return "own_" + name;
    }
}
