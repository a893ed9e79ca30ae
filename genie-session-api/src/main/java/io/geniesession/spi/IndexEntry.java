package io.geniesession.spi;

import static java.util.Objects.requireNonNull;

/**
 * One value of one named index, such as {@code principal = anna}. Immutable.
 *
 * @param name the index, such as {@link io.geniesession.Session#PRINCIPAL}
 * @param value the value, compared exactly
 */
public record IndexEntry(String name, String value) {
    /**
     * Checks that nothing is null.
     *
     * @param name the index, such as {@link io.geniesession.Session#PRINCIPAL}
     * @param value the value, compared exactly
     */
    public IndexEntry {
        requireNonNull(name, "name");
        requireNonNull(value, "value");
    }
}
