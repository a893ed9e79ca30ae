package io.geniesession.jdbc;

/** What requests share when values are encrypted. */
final class H2MemoryEncryptedSharedViewTest extends H2MemorySharedViewTest {
    @Override
    protected boolean encrypts() {
        return true;
    }
}
