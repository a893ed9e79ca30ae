/** What users do with the packaged jars, and what readers do with the documentation. */
@NullMarked
package io.geniesession.integration;

import org.jspecify.annotations.NullMarked;
