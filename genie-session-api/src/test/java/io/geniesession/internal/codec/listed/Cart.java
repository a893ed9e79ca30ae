package io.geniesession.internal.codec.listed;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A class of an application, on the list. */
public final class Cart implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Whatever a test wants to hide in it. */
    @SuppressWarnings("serial")
    public final List<Object> items = new ArrayList<>();

    public Cart(Object... items) {
        this.items.addAll(List.of(items));
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Cart other && items.equals(other.items);
    }

    @Override
    public int hashCode() {
        return Objects.hash(items);
    }

    /** A record. */
    public record Item(String sku, int count) implements Serializable {}

    /** An enum. */
    public enum Size {
        SMALL,
        LARGE {
            @Override
            public String toString() {
                return "large";
            }
        }
    }

    /** Linked to the next of its kind. */
    public static final class Node implements Serializable {
        private static final long serialVersionUID = 1L;

        public Node next;
    }

    /** What went wrong with it. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Fails to write itself, with a message that holds a value. */
    public static final class Failing implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(java.io.ObjectOutputStream out) throws java.io.IOException {
            throw new java.io.IOException("s3cret");
        }
    }

    /** Fails to read itself, with a message that holds a value. */
    public static final class Unreadable implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(java.io.ObjectInputStream in) {
            throw new IllegalStateException("s3cret");
        }
    }

    /** A key that breaks when it is hashed after reading. */
    public static final class BadKey implements Serializable {
        private static final long serialVersionUID = 1L;

        private transient boolean fresh = true;

        @Override
        public int hashCode() {
            if (!fresh) {
                throw new IllegalStateException("s3cret");
            }
            return 1;
        }

        @Override
        public boolean equals(Object o) {
            return o == this;
        }
    }
}
