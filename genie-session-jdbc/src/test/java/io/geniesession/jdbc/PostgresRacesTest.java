package io.geniesession.jdbc;

final class PostgresRacesTest extends RacesContract {
    @Override
    TestDatabase open() {
        return TestDatabase.postgres();
    }

    @Override
    boolean isWaiting(TestDatabase database, Thread runner) throws Exception {
        return database.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") > 0;
    }

    @Override
    String valueColumn() {
        return "value";
    }

    /** In the row of the session. */
    @Override
    long formerIds(TestDatabase database) throws Exception {
        return database.number("SELECT count(previous_digest) FROM genie_session");
    }
}
