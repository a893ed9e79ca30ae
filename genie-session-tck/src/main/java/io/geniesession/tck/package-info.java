/**
 * The contract of a session adapter as tests. An adapter's own test class extends a contract and does nothing but build
 * the adapter; the display name of each test begins with the number of the rule it checks, as given in the Javadoc of
 * the SPI. Time comes from a settable clock, so no test waits.
 */
@NullMarked
package io.geniesession.tck;

import org.jspecify.annotations.NullMarked;
