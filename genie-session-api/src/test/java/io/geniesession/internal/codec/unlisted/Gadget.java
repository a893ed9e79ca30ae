package io.geniesession.internal.codec.unlisted;

import java.io.Serializable;

/** A class that is not on the list and tells when it is initialised. Tests name it without touching it. */
public final class Gadget implements Serializable {
    // Java serialization reads this field of a class it meets, which alone initialises the class.
    private static final long serialVersionUID = 1L;

    static {
        Initialised.happened = true;
    }
}
