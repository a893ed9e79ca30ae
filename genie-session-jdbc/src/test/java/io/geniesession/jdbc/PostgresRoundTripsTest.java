package io.geniesession.jdbc;

final class PostgresRoundTripsTest extends RoundTripsContract {
    @Override
    TestDatabase open() {
        return TestDatabase.postgres();
    }

    @Override
    int withIndexes() {
        return 1;
    }

    @Override
    int renewal() {
        return 1;
    }

    @Override
    int signingIn() {
        return 1;
    }

    @Override
    int sweep() {
        return 1;
    }

    @Override
    int refusal() {
        return 1;
    }
}
