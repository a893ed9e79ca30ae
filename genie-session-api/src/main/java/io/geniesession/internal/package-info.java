/**
 * The parts of the core that neither applications nor adapters see. Not exported, and free to change in any release.
 */
@NullMarked
package io.geniesession.internal;

import org.jspecify.annotations.NullMarked;
