package io.geniesession.tck;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order in which the steps of a history, done one after another, would have given the same answers. A step that
 * ended before another one began comes before it.
 *
 * <p>This is the search of Wing and Gong with the memory of Lowe: depth first, and never twice from the same state with the same
 * steps done. A step that fits and changes nothing is taken at once, because no order needs it later.
 *
 * <p>Used by one thread.
 *
 * @param <S> the state that the steps work on; immutable, with {@code equals} and {@code hashCode}
 */
final class Linearization<S> {
    /**
     * What one caller did and was answered.
     *
     * @param text tells it to people
     * @param begin when it began, on a clock that never shows the same twice
     * @param end when it ended
     * @param effect what it does to the state
     */
    record Step<S>(String text, long begin, long end, Effect<S> effect) {}

    /** What a step does if it is alone. */
    @FunctionalInterface
    interface Effect<S> {
        /** Returns the state after the step, or null if in this state the answer would have been another one. */
        @Nullable
        S after(S before);
    }

    private record Point<S>(BitSet done, S state) {}

    private final List<Step<S>> steps;
    private final Set<Point<S>> visited = new HashSet<>();
    private final List<Step<S>> order = new ArrayList<>();
    private List<Step<S>> longest = List.of();
    private final boolean found;

    /** Looks for an order. */
    Linearization(S initial, List<Step<S>> history) {
        this.steps =
                history.stream().sorted(Comparator.comparingLong(Step::begin)).toList();
        this.found = search(new BitSet(), initial);
    }

    /** Tells whether there is an order. */
    boolean isFound() {
        return found;
    }

    private boolean search(BitSet done, S state) {
        int before = order.size();
        takeReads(done, state);
        if (order.size() > longest.size()) {
            longest = List.copyOf(order);
        }
        if (order.size() == steps.size() || (isNew(done, state) && searchBehindAWrite(done, state))) {
            return true;
        }
        order.subList(before, order.size()).clear();
        return false;
    }

    private boolean isNew(BitSet done, S state) {
        return visited.add(new Point<>((BitSet) done.clone(), state));
    }

    private void takeReads(BitSet done, S state) {
        boolean more = true;
        while (more) {
            more = false;
            for (int i : next(done)) {
                if (state.equals(steps.get(i).effect().after(state))) {
                    done.set(i);
                    order.add(steps.get(i));
                    more = true;
                }
            }
        }
    }

    private boolean searchBehindAWrite(BitSet done, S state) {
        for (int i : next(done)) {
            S after = steps.get(i).effect().after(state);
            if (after != null) {
                BitSet more = (BitSet) done.clone();
                more.set(i);
                order.add(steps.get(i));
                if (search(more, after)) {
                    return true;
                }
                order.remove(order.size() - 1);
            }
        }
        return false;
    }

    /** Returns the steps that nothing else has to come before. */
    private List<Integer> next(BitSet done) {
        long horizon = Long.MAX_VALUE;
        List<Integer> next = new ArrayList<>();
        for (int i = done.nextClearBit(0); i < steps.size(); i = done.nextClearBit(i + 1)) {
            if (steps.get(i).begin() > horizon) {
                break;
            }
            next.add(i);
            horizon = Math.min(horizon, steps.get(i).end());
        }
        long last = horizon;
        next.removeIf(i -> steps.get(i).begin() > last);
        return next;
    }

    /** Tells how far the search came, and what did not fit then. */
    @Override
    public String toString() {
        List<Step<S>> rest = new ArrayList<>(steps);
        rest.removeAll(longest);
        return "As far as an order was found:\n" + lines(longest) + "\nWhat is left, by its begin:\n" + lines(rest);
    }

    private static <S> String lines(List<Step<S>> steps) {
        return steps.stream()
                .map(step -> "  " + step.begin() + " to " + step.end() + ": " + step.text())
                .collect(Collectors.joining("\n"));
    }
}
