package io.geniesession.internal.codec.unlisted;

/** Notes that a class of this package was initialised; itself no part of any stored value. */
public final class Initialised {
    public static volatile boolean happened;

    private Initialised() {}
}
