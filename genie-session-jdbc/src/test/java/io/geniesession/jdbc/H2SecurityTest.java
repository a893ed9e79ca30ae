package io.geniesession.jdbc;

import java.util.List;

final class H2SecurityTest extends SecurityContract {
    @Override
    TestDatabase database() {
        return TestDatabase.h2InMemory();
    }

    @Override
    List<String> tables() {
        return List.of("genie_session", "genie_session_former");
    }
}
