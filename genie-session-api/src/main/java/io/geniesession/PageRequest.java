package io.geniesession;

import static java.util.Objects.requireNonNull;

/**
 * Asks for one page of a listing. Immutable.
 *
 * @param after the {@link Page#next} of the page before; empty text for the first page
 * @param limit how many items at most, from 1 to 1 000
 */
public record PageRequest(String after, int limit) {
    /** The largest {@code limit}. */
    public static final int MAX_LIMIT = 1_000;

    /**
     * Checks the bounds.
     *      *
     *
     * @param after the {@link Page#next} of the page before; empty text for the first page
     * @param limit how many items at most, from 1 to 1 000
     * @throws IllegalArgumentException if the limit is out of range
     */
    public PageRequest {
        requireNonNull(after, "after");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit is " + limit + ", must be from 1 to " + MAX_LIMIT);
        }
    }

    /**
     * Asks for the first page.
     *
     * @param limit how many items at most, from 1 to 1 000
     * @return the request
     * @throws IllegalArgumentException if the limit is out of range
     */
    public static PageRequest first(int limit) {
        return new PageRequest("", limit);
    }

    /**
     * Asks for the page that follows.
     *
     * @param next the {@link Page#next} of the page before
     * @return the request, with the same limit
     */
    public PageRequest after(String next) {
        return new PageRequest(next, limit);
    }
}
