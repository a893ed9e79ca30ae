package io.geniesession.jdbc;

final class PostgresMigrationsTest extends MigrationsContract {
    @Override
    TestDatabase empty() {
        return TestDatabase.emptyPostgres();
    }

    @Override
    String schema(String name) {
        return "own_" + name;
    }
}
