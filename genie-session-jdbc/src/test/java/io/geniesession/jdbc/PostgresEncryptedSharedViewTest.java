package io.geniesession.jdbc;

/** What requests share when values are encrypted. */
final class PostgresEncryptedSharedViewTest extends PostgresSharedViewTest {
    @Override
    protected boolean encrypts() {
        return true;
    }
}
