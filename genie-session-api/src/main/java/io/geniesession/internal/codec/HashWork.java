package io.geniesession.internal.codec;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the work of hashing the JDK's collections while an object stream is read.
 *
 * <p>A stream may refer to the same collection as often as it likes, so that a hundred sets, each within two others, take
 * a few kilobytes and 2^100 steps to hash. The steps for each collection are added up from those of its parts when it is
 * complete and nobody has hashed it yet. How often it will be hashed is not known; each reference to something that was
 * read before counts as the most expensive collection so far.
 *
 * <p>The bound leaves room for what an honest stream of that length can hold: a reference takes five bytes, so two
 * collections of n and m references, each counting as much as the other one, take a hundredth of the square at most.
 *
 * <p>Belongs to one thread.
 */
final class HashWork {
    private final long most;
    private final IdentityHashMap<Object, Long> steps = new IdentityHashMap<>(0);
    private long heaviest;
    private long total;

    HashWork(int length) {
        this.most = 10_000_000 + (long) length * length / 100;
    }

    /** Takes note of an object that is complete, and tells whether the work would be too much. */
    boolean isTooMuchWith(Object object) {
        if (isBuiltInCollection(object)) {
            long ofThis = stepsOf(object);
            steps.put(object, ofThis);
            heaviest = Math.max(heaviest, ofThis);
            total += ofThis;
        }
        return total > most;
    }

    /** Takes note of a reference to what was read before, and tells whether the work would be too much. */
    boolean isTooMuchWithOneMore() {
        total += heaviest;
        return total > most;
    }

    private static boolean isBuiltInCollection(Object object) {
        boolean isCollection = object instanceof Collection || object instanceof Map || object instanceof Map.Entry;
        return isCollection && BuiltInTypes.contains(object.getClass().getName());
    }

    /** Stops where it is too much already, because what a collection refers to may be as long as it likes. */
    private long stepsOf(Object object) {
        if (object instanceof Map.Entry<?, ?> entry) {
            return 1 + known(entry.getKey()) + known(entry.getValue());
        }
        long sum = 1;
        if (object instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                sum += known(entry.getKey()) + known(entry.getValue());
                if (sum > most) {
                    break;
                }
            }
        } else {
            for (Object part : (Collection<?>) object) {
                sum += known(part);
                if (sum > most) {
                    break;
                }
            }
        }
        return sum;
    }

    private long known(@Nullable Object part) {
        return part == null ? 1 : steps.getOrDefault(part, 1L);
    }
}
