package io.geniesession.jdbc;

final class PostgresFloodTest extends FloodContract {
    PostgresFloodTest() {
        super(90_000);
    }

    @Override
    TestDatabase newDatabase() {
        return TestDatabase.postgres();
    }

    @Override
    String bytes() {
        return "SELECT pg_total_relation_size('genie_session')";
    }
}
