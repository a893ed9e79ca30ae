package io.geniesession.internal.codec.unlisted;

import java.io.Serializable;

/** Not on the list, in several shapes. */
public final class Stranger implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A record. */
    public record OfRecord(int x) implements Serializable {}

    /** An enum. */
    public enum OfEnum {
        ONE
    }

    /** An interface for dynamic proxies. */
    public interface OfProxy {}
}
