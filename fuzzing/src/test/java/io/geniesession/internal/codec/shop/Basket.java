package io.geniesession.internal.codec.shop;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A class of an application, on the list, with the shapes that such classes have. */
public final class Basket implements Serializable {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    public final List<Object> items = new ArrayList<>();

    public Basket next;
    public long total;

    /** A record. */
    public record Item(String sku, int count) implements Serializable {}

    /** An enum. */
    public enum Size {
        SMALL,
        LARGE
    }
}
