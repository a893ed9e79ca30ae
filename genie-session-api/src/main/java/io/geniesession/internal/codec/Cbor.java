package io.geniesession.internal.codec;

/** Numbers of RFC 8949 and of the registries it refers to. */
final class Cbor {
    /** Major types: the upper three bits of an initial byte. */
    static final int UNSIGNED = 0;

    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int SIMPLE = 7;

    /** Additional information: the lower five bits; these announce an argument of 1, 2, 4 and 8 bytes. */
    static final int ONE_BYTE = 24;

    static final int TWO_BYTES = 25;
    static final int FOUR_BYTES = 26;
    static final int EIGHT_BYTES = 27;

    static final int FALSE = 0xF4;
    static final int TRUE = 0xF5;
    static final int NULL = 0xF6;

    private Cbor() {}
}
