package io.geniesession.internal.codec.unlisted;

import io.geniesession.internal.codec.listed.Stand;
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

    /** Replaced in a stream by a class that is on the list, which makes it again. */
    public static final class Replaced implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object writeReplace() {
            return new Stand(true);
        }
    }

    /** Replaces a class that is on the list. */
    public static final class Replacement implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** An interface for dynamic proxies. */
    public interface OfProxy {}
}
