package io.geniesession.memory;

/** The variant of the contract for stores that keep bytes, with values that are encrypted. */
class EncryptedSharedViewTest extends ByBytesSharedViewTest {
    @Override
    protected boolean encrypts() {
        return true;
    }
}
