/**
 * What an application touches: opening the session store, reading and changing the session of a request, settings,
 * events and the exceptions of the library. Everything that is stored goes through an adapter, which is found on the
 * class path or module path and described in {@code io.geniesession.spi}.
 */
@NullMarked
package io.geniesession;

import org.jspecify.annotations.NullMarked;
