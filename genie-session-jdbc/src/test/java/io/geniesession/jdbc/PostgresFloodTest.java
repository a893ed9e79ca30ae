package io.geniesession.jdbc;

final class PostgresFloodTest extends FloodContract {
    @Override
    TestDatabase newDatabase() {
        return TestDatabase.postgres();
    }

    @Override
    String bytes() {
        return "SELECT pg_total_relation_size('genie_session')";
    }
}
