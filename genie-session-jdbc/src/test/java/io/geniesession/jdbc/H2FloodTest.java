package io.geniesession.jdbc;

final class H2FloodTest extends FloodContract {

    /** Minutes, because a batch of the sweeper keeps the others waiting. */
    H2FloodTest() {
        super(100_000);
    }

    @Override
    TestDatabase newDatabase() {
        return TestDatabase.h2File();
    }

    @Override
    String bytes() {
        return "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'info.FILE_SIZE'";
    }
}
