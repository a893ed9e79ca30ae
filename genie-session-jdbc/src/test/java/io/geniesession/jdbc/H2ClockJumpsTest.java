package io.geniesession.jdbc;

final class H2ClockJumpsTest extends ClockJumpsContract {

    @Override
    TestDatabase open() {
        return TestDatabase.h2InMemory();
    }
}
