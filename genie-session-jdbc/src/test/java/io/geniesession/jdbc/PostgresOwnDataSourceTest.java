package io.geniesession.jdbc;

final class PostgresOwnDataSourceTest extends OwnDataSourceContract {
    @Override
    TestDatabase open() {
        return TestDatabase.postgres();
    }
}
