package io.geniesession.memory;

import io.geniesession.spi.AttributeValue;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one state of a session: a map whose copies with a change are cheap.
 *
 * <p>Strategy: a hash table with linear probing, names in one array and their values at the same places of another. Most
 * changes replace values of names that are there, so the new table shares the names and copies the values; only a change of
 * the names makes a table of its own. A table is at most two thirds full, so every search ends at a free place.
 *
 * <p>Immutable, but for what the values refer to.
 */
final class AttributeTable extends AbstractMap<String, AttributeValue> {
    private final @Nullable String[] names;
    private final @Nullable AttributeValue[] values;
    private final int size;

    private AttributeTable(@Nullable String[] names, @Nullable AttributeValue[] values, int size) {
        this.names = names;
        this.values = values;
        this.size = size;
    }

    static AttributeTable of(Map<String, AttributeValue> attributes) {
        int size = attributes.size();
        int places = Integer.highestOneBit(Math.max(1, size + size / 2)) * 2;
        @Nullable String[] names = new String[places];
        @Nullable AttributeValue[] values = new AttributeValue[places];
        attributes.forEach((name, value) -> {
            int place = place(name, names);
            names[place] = name;
            values[place] = value;
        });
        return new AttributeTable(names, values, size);
    }

    /** Returns the table after a change; this one stays as it is. */
    AttributeTable with(Map<String, AttributeValue> set, Set<String> removed) {
        if (set.isEmpty() && removed.isEmpty()) {
            return this;
        }
        if (removed.isEmpty() && keySet().containsAll(set.keySet())) {
            @Nullable AttributeValue[] replaced = values.clone();
            set.forEach((name, value) -> replaced[place(name, names)] = value);
            return new AttributeTable(names, replaced, size);
        }
        Map<String, AttributeValue> changed = new HashMap<>(this);
        removed.forEach(changed::remove);
        changed.putAll(set);
        return of(changed);
    }

    /** Returns where a name stands, or the free place where it would. */
    private static int place(String name, @Nullable String[] names) {
        int last = names.length - 1;
        int hash = name.hashCode();
        int place = (hash ^ (hash >>> 16)) & last;
        for (String other = names[place]; other != null && !other.equals(name); other = names[place]) {
            place = (place + 1) & last;
        }
        return place;
    }

    @Override
    public @Nullable AttributeValue get(@Nullable Object name) {
        return name instanceof String text ? values[place(text, names)] : null;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return get(name) != null;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Set<Entry<String, AttributeValue>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, AttributeValue>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /** Goes over the places that are taken. Belongs to one thread. */
    private final class Entries implements Iterator<Entry<String, AttributeValue>> {
        private int place = -1;
        private int left = size;

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public Entry<String, AttributeValue> next() {
            if (left == 0) {
                throw new NoSuchElementException();
            }
            left--;
            while (true) {
                place++;
                String name = names[place];
                AttributeValue value = values[place];
                if (name != null && value != null) {
                    return Map.entry(name, value);
                }
            }
        }
    }
}
