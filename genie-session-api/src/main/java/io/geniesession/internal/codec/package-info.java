/**
 * The byte form of values: CBOR for what the JDK offers, Java serialization under an allow-list for everything else.
 *
 * <p>Not exported. {@code docs/encoding.md} describes the bytes, {@code docs/decisions/0002-value-encoding.md} why they
 * look so.
 */
@NullMarked
package io.geniesession.internal.codec;

import org.jspecify.annotations.NullMarked;
