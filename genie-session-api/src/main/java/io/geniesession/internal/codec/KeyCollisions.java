package io.geniesession.internal.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how often the keys of a value's sets and maps are compared with each other while they are read.
 *
 * <p>Keys of the same hash code fall together in a hash table. If they are of one class with an order of its own, the
 * table sorts them; all others it compares one by one, so that a few megabytes made for the purpose would take minutes.
 *
 * <p>Belongs to one thread.
 */
final class KeyCollisions {
    /** In one value: less than a second of work. {@link #HARMLESS} keys cannot get beyond, whatever they are. */
    static final long MAX_COMPARISONS = 4_500_000;

    /** So many keys, all of which collide, need {@link #MAX_COMPARISONS}. */
    static final int HARMLESS = 3_000;

    /** Classes of which a hash table sorts the colliding keys; not all, but the usual ones. */
    private static final Set<Class<?>> SORTED = Set.of(
            String.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            Character.class,
            BigInteger.class,
            BigDecimal.class,
            UUID.class,
            Instant.class);

    private long comparisons;

    /** Takes note of a set that compares each element with every other. */
    void allPairs(int count) throws CborException {
        add(count * (count - 1L) / 2);
    }

    /** Takes note of what {@code Set.of} and {@code Map.of} do, which go to the next free place, whatever the keys are. */
    void openTable(Collection<?> keys) throws CborException {
        int places = Math.multiplyExact(keys.size(), 2);
        BitSet taken = new BitSet(places);
        for (Object key : keys) {
            int wanted = Math.floorMod(Objects.hashCode(key), places);
            int free = taken.nextClearBit(wanted);
            int passed = free - wanted;
            if (free >= places) {
                free = taken.nextClearBit(0);
                passed += free;
            }
            taken.set(free);
            add(passed);
        }
    }

    Table table() {
        return new Table();
    }

    private void add(long more) throws CborException {
        comparisons += more;
        if (comparisons > MAX_COMPARISONS) {
            throw new CborException("too many keys of its sets and maps collide: they have the same hash code,"
                    + " or are in a set that compares each with every other");
        }
    }

    /** One hash table. Costs nothing worth speaking of as long as all keys are of one class that is sorted. */
    final class Table {
        private @Nullable Class<?> sorted;
        private @Nullable Map<Integer, Integer> byHash;

        /**
         * Takes note of a key before it is put in.
         *
         * @param before the keys that are there already
         */
        void add(@Nullable Object key, Collection<?> before) throws CborException {
            if (key == null || (key.getClass() == sorted && byHash == null)) {
                return;
            }
            if (byHash == null) {
                if (sorted == null && before.isEmpty() && SORTED.contains(key.getClass())) {
                    sorted = key.getClass();
                    return;
                }
                byHash = new HashMap<>();
                for (Object other : before) {
                    byHash.merge(Objects.hashCode(other), 1, Integer::sum);
                }
            }
            KeyCollisions.this.add(byHash.merge(key.hashCode(), 1, Integer::sum) - 1L);
        }
    }
}
