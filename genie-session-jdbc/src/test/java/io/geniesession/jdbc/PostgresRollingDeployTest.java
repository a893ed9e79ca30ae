package io.geniesession.jdbc;

final class PostgresRollingDeployTest extends RollingDeployContract {

    @Override
    TestDatabase open() {
        return TestDatabase.postgres();
    }
}
