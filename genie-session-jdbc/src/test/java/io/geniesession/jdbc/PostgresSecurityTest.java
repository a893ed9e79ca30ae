package io.geniesession.jdbc;

final class PostgresSecurityTest extends SecurityContract {
    @Override
    TestDatabase database() {
        return TestDatabase.postgres();
    }
}
