package io.geniesession.internal.codec.listed;

import io.geniesession.internal.codec.unlisted.Stranger;
import java.io.Serializable;

/** Stands for others in a stream. On the list, unlike some of what it stands for. */
public final class Stand implements Serializable {
    private static final long serialVersionUID = 1L;

    private final boolean forStranger;

    /** Makes a stand-in for a class that is on the list, or one that is not. */
    public Stand(boolean forStranger) {
        this.forStranger = forStranger;
    }

    private Object readResolve() {
        return forStranger ? new Stranger.Replaced() : new Replaced();
    }

    /** On the list, and replaced by a stand-in. */
    public static final class Replaced implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object writeReplace() {
            return new Stand(false);
        }
    }

    /** On the list, and replaced by a class that is not. */
    public static final class Betrayed implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object writeReplace() {
            return new Stranger.Replacement();
        }
    }
}
