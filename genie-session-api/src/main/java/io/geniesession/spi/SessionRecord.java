package io.geniesession.spi;

import io.geniesession.SessionInfo;
import java.util.Optional;
import java.util.Set;

/**
 * A stored session as an adapter loaded it. Adapters implement it and may carry in it what their next step needs: raw
 * bytes, a version, a row number. The core hands the very same object back to {@link SessionAdapter#persist}.
 *
 * <p>Immutable, but for values held by reference, which their owner may change.
 */
public interface SessionRecord {
    /**
     * Returns the facts beside the attributes.
     *
     * @return the facts as of loading
     */
    SessionInfo info();

    /**
     * Returns the names of all attributes.
     *
     * @return an unmodifiable set, in no particular order
     */
    Set<String> attributeNames();

    /**
     * Returns one attribute, without decoding it.
     *
     * @param name the attribute's name
     * @return the value, or empty if there is none of this name
     */
    Optional<AttributeValue> attribute(String name);
}
