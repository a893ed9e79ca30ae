package io.geniesession.examples.quickstart;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Something to buy. Immutable.
 *
 * @param id names it in forms and carts
 * @param name what it is called
 * @param description one line about it
 * @param cents its price in euro cents
 */
record Product(String id, String name, String description, int cents) {

    /** Everything the shop has. */
    static final List<Product> ALL = List.of(
            new Product("lamp", "Brass lamp", "Polished by hand. Rub gently, twice at most.", 48_00),
            new Product("carpet", "Travelling carpet", "Pure wool, one careful owner, no landing fees.", 129_00),
            new Product("tea", "Mint tea", "Fresh leaves from the garden behind the shop.", 6_50),
            new Product("dates", "Medjool dates", "A box of twenty, soft and dark as caramel.", 9_80),
            new Product("incense", "Amber incense", "Burns for an hour, remembered for a day.", 7_20),
            new Product("lantern", "Star lantern", "Coloured glass that throws stars on every wall.", 34_00));

    static Optional<Product> find(String id) {
        return ALL.stream().filter(product -> product.id.equals(id)).findFirst();
    }

    /** Returns a number of euro cents as it is printed on a price tag. */
    static String price(long cents) {
        return String.format(Locale.ROOT, "€%,d.%02d", cents / 100, cents % 100);
    }
}
