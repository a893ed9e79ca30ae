package io.geniesession.jdbc;

final class H2FloodTest extends FloodContract {

    /** A batch of the sweeper keeps the others waiting, so this takes longer for each visitor. */
    H2FloodTest() {
        super(6_000);
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
