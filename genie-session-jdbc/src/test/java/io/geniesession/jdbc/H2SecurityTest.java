package io.geniesession.jdbc;

final class H2SecurityTest extends SecurityContract {
    @Override
    TestDatabase database() {
        return TestDatabase.h2InMemory();
    }
}
