/** Encryption of values, keyed digests of ids, and the keys of both. */
@NullMarked
package io.geniesession.internal.crypto;

import org.jspecify.annotations.NullMarked;
