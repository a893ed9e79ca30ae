package io.geniesession.internal.codec;

/** CBOR tags that values are written with; those of the IANA registry mean there what they mean here. */
final class Tags {
    /** RFC 8949, 3.4.1: date and time as text of RFC 3339. */
    static final int DATE_TIME = 0;
    /** RFC 8949, 3.4.3: number of any size from 0 up, and below 0. */
    static final int UNSIGNED_BIGNUM = 2;

    static final int NEGATIVE_BIGNUM = 3;
    /** RFC 8949, 3.4.4: array of exponent to base 10 and mantissa. */
    static final int DECIMAL_FRACTION = 4;
    /** Registered: array of a type's name and the data to make an object of it. */
    static final int NAMED = 27;
    /** Registered: UUID as 16 bytes. */
    static final int UUID = 37;
    /** Registered: set. */
    static final int SET = 258;
    /** RFC 9581: moment, and span, as map of seconds (1) and nanoseconds (-9). */
    static final int TIME = 1001;

    static final int DURATION = 1002;
    /** RFC 8943: day as text of RFC 3339. */
    static final int DATE = 1004;

    /** Keys of the map of RFC 9581. */
    static final int SECONDS = 1;

    static final int NANOSECONDS = -9;

    private Tags() {}
}
