/**
 * A small shop: sign-in, a cart, messages that survive a redirect and a list of the devices somebody is signed in on.
 *
 * <p>{@link io.geniesession.examples.quickstart.Visitor} is the one class that uses sessions; begin there.
 */
@NullMarked
package io.geniesession.examples.quickstart;

import org.jspecify.annotations.NullMarked;
