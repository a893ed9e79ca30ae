package io.geniesession.jdbc;

final class PostgresStormTest extends StormContract {
    @Override
    TestDatabase open() {
        return TestDatabase.postgres();
    }

    @Override
    long deadlocks() throws Exception {
        return database().number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    }
}
