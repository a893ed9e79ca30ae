/** Sessions on the HTTP server of the JDK: a binding of some fifty lines, and a page that counts. */
@NullMarked
package io.geniesession.examples.httpserver;

import org.jspecify.annotations.NullMarked;
