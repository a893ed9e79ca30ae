package io.geniesession.jdbc;

final class H2RoundTripsTest extends RoundTripsContract {
    @Override
    TestDatabase open() {
        return TestDatabase.h2InMemory();
    }

    @Override
    int callsWithIndexes() {
        return 5;
    }

    @Override
    int callsOfARenewal() {
        return 5;
    }

    @Override
    int callsOfASignIn() {
        return 6;
    }

    @Override
    int callsOfASweep() {
        return 5;
    }

    @Override
    int callsOfARefusal() {
        return 2;
    }
}
