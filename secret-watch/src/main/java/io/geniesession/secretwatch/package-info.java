/** Finds secrets in what tests print, log and throw. */
@NullMarked
package io.geniesession.secretwatch;

import org.jspecify.annotations.NullMarked;
