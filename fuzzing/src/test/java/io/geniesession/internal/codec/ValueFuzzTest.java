package io.geniesession.internal.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever stands in the row as the value of an attribute is decoded or refused. */
class ValueFuzzTest {
    @FuzzTest(maxDuration = "5m")
    void anyItem(byte[] item) {
        byte[] stored = new byte[item.length + 1];
        System.arraycopy(item, 0, stored, 1, item.length);
        Decoding.check(stored);
    }
}
