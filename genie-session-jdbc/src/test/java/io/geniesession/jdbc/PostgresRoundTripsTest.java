package io.geniesession.jdbc;

final class PostgresRoundTripsTest extends RoundTripsContract {
    @Override
    TestDatabase open() {
        return TestDatabase.postgres();
    }

    @Override
    int callsWithIndexes() {
        return 1;
    }

    @Override
    int callsOfARenewal() {
        return 1;
    }

    @Override
    int callsOfASignIn() {
        return 1;
    }

    @Override
    int callsOfASweep() {
        return 1;
    }

    @Override
    int callsOfARefusal() {
        return 1;
    }
}
