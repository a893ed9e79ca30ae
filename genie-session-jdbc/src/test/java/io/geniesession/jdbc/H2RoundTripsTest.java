package io.geniesession.jdbc;

final class H2RoundTripsTest extends RoundTripsContract {
    @Override
    TestDatabase open() {
        return TestDatabase.h2InMemory();
    }

    @Override
    int withIndexes() {
        return 5;
    }

    @Override
    int renewal() {
        return 5;
    }

    @Override
    int signingIn() {
        return 6;
    }

    @Override
    int sweep() {
        return 5;
    }

    @Override
    int refusal() {
        return 2;
    }
}
