package io.geniesession.jdbc;

final class H2OwnDataSourceTest extends OwnDataSourceContract {
    @Override
    TestDatabase open() {
        return TestDatabase.h2InMemory();
    }
}
