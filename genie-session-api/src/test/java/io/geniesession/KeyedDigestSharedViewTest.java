package io.geniesession;

/** Digests of ids under keys that change, where the requests of a node share a view. */
class KeyedDigestSharedViewTest extends KeyedDigestTest {
    @Override
    String view() {
        return "shared";
    }
}
