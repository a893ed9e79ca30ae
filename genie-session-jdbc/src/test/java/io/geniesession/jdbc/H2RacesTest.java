package io.geniesession.jdbc;

import java.util.Arrays;

final class H2RacesTest extends RacesContract {
    @Override
    TestDatabase open() {
        return TestDatabase.h2InMemory();
    }

    /** Who waits for a row sleeps, who waits for a unique key tries again and again; H2 itself lists only the former. */
    @Override
    boolean isWaiting(TestDatabase database, Thread runner) {
        boolean sleeps = runner.getState() == Thread.State.TIMED_WAITING;
        return Arrays.stream(runner.getStackTrace())
                .anyMatch(frame -> (sleeps && frame.getClassName().startsWith("org.h2.mvstore.tx."))
                        || frame.getMethodName().equals("checkUnique"));
    }

    @Override
    String valueColumn() {
        return "VALUE";
    }

    /** In a table of their own. */
    @Override
    long formerIds(TestDatabase database) throws Exception {
        return database.number("SELECT count(*) FROM genie_session_former");
    }
}
