/**
 * Binds sessions to Jakarta Servlet 6.0 and 6.1: a filter that stands before the application and gives it an
 * {@code HttpSession} whose contents live in the configured adapter. It registers itself when the container starts;
 * embedded containers may register it by hand.
 */
@NullMarked
package io.geniesession.servlet;

import org.jspecify.annotations.NullMarked;
