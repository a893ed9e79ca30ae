package io.geniesession.jdbc;

final class H2RollingDeployTest extends RollingDeployContract {

    @Override
    TestDatabase open() {
        return TestDatabase.h2InMemory();
    }
}
