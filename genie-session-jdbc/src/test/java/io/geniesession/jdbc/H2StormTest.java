package io.geniesession.jdbc;

final class H2StormTest extends StormContract {
    @Override
    TestDatabase open() {
        return TestDatabase.h2InMemory();
    }
}
