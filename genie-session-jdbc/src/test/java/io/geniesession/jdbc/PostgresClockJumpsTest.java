package io.geniesession.jdbc;

final class PostgresClockJumpsTest extends ClockJumpsContract {

    @Override
    TestDatabase open() {
        return TestDatabase.postgres();
    }
}
