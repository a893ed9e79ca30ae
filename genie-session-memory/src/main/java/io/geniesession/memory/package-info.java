/**
 * Keeps sessions in the memory of one process, by reference and without encoding. Sessions are gone when the process
 * ends and are not shared between processes. This is the adapter that authors of other adapters read first.
 */
@NullMarked
package io.geniesession.memory;

import org.jspecify.annotations.NullMarked;
