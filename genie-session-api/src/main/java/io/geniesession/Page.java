package io.geniesession;

import java.util.List;
import java.util.Optional;

/**
 * One page of a listing. Immutable.
 *
 * @param items the items in their order, at most as many as were asked for
 * @param next what {@link PageRequest#after} takes to continue; empty on the last page
 * @param <T> the type of the items
 */
public record Page<T>(List<T> items, Optional<String> next) {
    /**
     * Copies the items.
     *
     * @param items the items in their order, at most as many as were asked for
     * @param next what {@link PageRequest#after} takes to continue; empty on the last page
     */
    public Page {
        items = List.copyOf(items);
    }
}
