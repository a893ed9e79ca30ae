/**
 * What an author of an adapter implements: the adapter itself, whose numbered rules are its contract, the record it
 * stores, and the provider by which it is found. Values cross this border already encoded or as plain objects, never as
 * a codec; encoding, expiry rules and detection of changes belong to the core and are the same for every adapter.
 */
@NullMarked
package io.geniesession.spi;

import org.jspecify.annotations.NullMarked;
