package io.geniesession.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.spi.AttributeValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttributeTableTest {
    private static AttributeValue value() {
        return () -> new byte[0];
    }

    @Test
    void isWhatAHashMapIsAfterAnyChanges() {
        Random random = new Random(5);
        Map<String, AttributeValue> expected = new HashMap<>();
        AttributeTable table = AttributeTable.of(Map.of());
        for (int step = 0; step < 2_000; step++) {
            Map<String, AttributeValue> set = new HashMap<>();
            Set<String> removed = new HashSet<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                set.put("name" + random.nextInt(40), value());
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                removed.add("name" + random.nextInt(40));
            }
            removed.removeAll(set.keySet());
            Map<String, AttributeValue> before = Map.copyOf(expected);
            AttributeTable last = table;

            table = table.with(set, removed);

            expected.keySet().removeAll(removed);
            expected.putAll(set);
            assertThat(table).isEqualTo(expected).hasSameSizeAs(expected);
            assertThat(last).isEqualTo(before);
            for (int i = 0; i < 40; i++) {
                assertThat(table.get("name" + i)).isSameAs(expected.get("name" + i));
                assertThat(table.containsKey("name" + i)).isEqualTo(expected.containsKey("name" + i));
            }
        }
    }

    @Test
    void namesOfOneHashStandNextToEachOther() {
        // "Aa" and "BB" have the same hash code, so have all texts made of them.
        Map<String, AttributeValue> all = new HashMap<>();
        for (String first : new String[] {"Aa", "BB"}) {
            for (String second : new String[] {"Aa", "BB"}) {
                all.put(first + second, value());
            }
        }
        AttributeTable table = AttributeTable.of(all);
        assertThat(table).isEqualTo(all);
        assertThat(table.get("AaC#")).isNull();
        assertThat(table.with(Map.of(), Set.of("AaBB"))).hasSize(3).doesNotContainKey("AaBB");
    }

    @Test
    void cannotBeChangedFromOutside() {
        AttributeTable table = AttributeTable.of(Map.of("a", value()));
        assertThatThrownBy(() -> table.put("b", value())).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> table.remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(table::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> table.keySet().remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> table.entrySet().iterator().next().setValue(value()))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void emptyTableHasNothing() {
        AttributeTable table = AttributeTable.of(Map.of());
        assertThat(table).isEmpty();
        assertThat(table.get("a")).isNull();
        assertThatThrownBy(() -> table.entrySet().iterator().next()).isInstanceOf(NoSuchElementException.class);
    }
}
