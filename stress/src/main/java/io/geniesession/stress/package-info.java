/** What the threads of a request and of a node share, as an application sees it. */
@NullMarked
package io.geniesession.stress;

import org.jspecify.annotations.NullMarked;
