/**
 * What a request costs, by library. Each {@link io.geniesession.benchmarks.Contestant} opens a
 * {@link io.geniesession.benchmarks.Store}; each class whose name ends in {@code Benchmark} puts one question to all of them.
 */
@NullMarked
package io.geniesession.benchmarks;

import org.jspecify.annotations.NullMarked;
