package io.geniesession.spi;

/**
 * One attribute's value as it crosses the SPI.
 *
 * <p>A store of this process keeps the {@code AttributeValue} given to it and never asks for bytes; every other store
 * keeps {@link #encoded()}, forgets the object, and makes values again with {@link AdapterContext#valueOf}. What the
 * bytes mean is the core's business (encoding, allow-list, encryption); see {@code docs/encoding.md}.
 *
 * <p>Safe for use by several threads. Not implemented by adapters.
 */
public interface AttributeValue {
    /**
     * Returns the value's bytes: one envelope byte and a body.
     *
     * @return the bytes; shared, not to be changed
     * @throws io.geniesession.SessionCodecException if the value cannot be encoded; never for a value that was handed to an
     *     adapter for which {@link SessionAdapter#keepsReferences()} is false, because the core has encoded it before
     */
    byte[] encoded();
}
