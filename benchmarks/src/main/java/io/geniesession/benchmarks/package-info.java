/** What a request costs, by adapter. */
@NullMarked
package io.geniesession.benchmarks;

import org.jspecify.annotations.NullMarked;
