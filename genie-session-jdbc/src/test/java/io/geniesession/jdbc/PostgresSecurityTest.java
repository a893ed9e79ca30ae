package io.geniesession.jdbc;

import java.util.List;

final class PostgresSecurityTest extends SecurityContract {
    @Override
    TestDatabase database() {
        return TestDatabase.postgres();
    }

    @Override
    List<String> tables() {
        return List.of("genie_session");
    }
}
