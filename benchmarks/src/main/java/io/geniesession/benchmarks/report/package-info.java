/** Runs the benchmarks in rounds, counts what time does not show, and turns the results into tables and plots. */
@NullMarked
package io.geniesession.benchmarks.report;

import org.jspecify.annotations.NullMarked;
