package io.geniesession.jdbc;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.SessionLog;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CompactionTest {

    private static final int SLOTS = 12;

    @Test
    void boundGrowsWithTheRootOfSnapshotAndChange() {
        assertThat(Compaction.bound(10_000, 200)).isEqualTo(2_000);
        assertThat(Compaction.bound(40_000, 200)).isEqualTo(4_000);
        assertThat(Compaction.bound(40_000, 800)).isEqualTo(8_000);
    }

    @Test
    void boundHasEnds() {
        assertThat(Compaction.bound(0, 0)).isEqualTo(400);
        assertThat(Compaction.bound(1L << 30, 1 << 20)).isEqualTo(65_536);
    }

    @Test
    void smallChangeDoesNotLowerTheBoundOfLargeOnes() {
        assertThat(Compaction.bound(10_000, 1)).isEqualTo(Compaction.bound(10_000, 100));
    }

    @Test
    void withoutSlotsChangesAreAppendedUpToTheBound() {
        Row row = new Row(0, 10, 100);
        assertThat(row.write("a0", 100)).isNull();
        assertThat(row.write("a1", 100)).isNull();
        assertThat(row.segments.changesSize()).isPositive();
        Rewrite rewrite = null;
        for (int i = 0; rewrite == null; i++) {
            assertThat(i).as("appends").isLessThan(10);
            rewrite = row.write("a" + i % 10, 100);
        }
        assertThat(rewrite.snapshot()).isNotNull();
        assertThat(row.segments.changesSize()).isZero();
    }

    /** That is all the write costs the database, however often it comes. */
    @Test
    void attributeThatChangesAgainStaysInItsSlot() {
        Row row = new Row(SLOTS, 10, 100);
        Rewrite first = row.write("a3", 100);
        Rewrite again = row.write("a3", 100);
        assertThat(first).isNotNull();
        assertThat(again).isNotNull();
        assertThat(again.slot()).isEqualTo(first.slot());
        assertThat(again.isOneSlot()).isTrue();
        assertThat(again.content()).isEqualTo(row.latest);
    }

    @Test
    void asManyAttributesAsThereAreSlotsGetOneEachAndLeaveTheSnapshot() {
        Row row = new Row(SLOTS, 10, 100);
        for (int i = 0; i < 10; i++) {
            row.write("a" + i, 100);
        }
        assertThat(row.segments.snapshot().length).isLessThan(600);
        assertThat(Arrays.stream(row.segments.slots()).filter(slot -> slot.length > 0))
                .hasSize(10);
        for (int i = 0; i < 100; i++) {
            Rewrite rewrite = row.write("a" + i % 10, 100);
            assertThat(rewrite).isNotNull();
            assertThat(rewrite.isOneSlot()).isTrue();
            assertThat(rewrite.content()).isEqualTo(row.latest);
        }
    }

    @Test
    void fewSmallAttributesOfANewSessionHaveSlotsFromTheStart() {
        Map<String, AttributeValue> attributes = new HashMap<>();
        for (int i = 0; i < SLOTS; i++) {
            attributes.put("a" + i, () -> new byte[100]);
        }
        Map<String, Optional<String>> indexes = Map.of("principal", Optional.of("anna"));
        Segments few = Segments.ofNew(attributes, indexes, SLOTS);
        assertThat(few.slots()).allSatisfy(slot -> assertThat(slot).hasSizeBetween(100, 120));
        assertThat(few.read().indexes()).containsEntry("principal", "anna");
        assertThat(few.read().attributeNames()).isEqualTo(attributes.keySet());

        byte[] snapshot = SessionLog.encode(attributes, Set.of(), indexes);
        assertThat(Segments.ofNew(attributes, indexes, 0).snapshot()).isEqualTo(snapshot);
        attributes.put("one more", () -> new byte[1]);
        assertThat(Segments.ofNew(attributes, indexes, SLOTS).snapshot())
                .isEqualTo(SessionLog.encode(attributes, Set.of(), indexes));
        Map<String, AttributeValue> large = Map.of("large", () -> new byte[2_000]);
        assertThat(Segments.ofNew(large, Map.of(), SLOTS).snapshot()).hasSizeGreaterThan(2_000);
    }

    @Test
    void largeSessionIsNotWrittenForASmallChange() {
        Row row = new Row(SLOTS, 100, 1_000);
        for (int i = 0; i < 200; i++) {
            Rewrite rewrite = row.write("small" + i % 5, 100);
            assertThat(rewrite).isNotNull();
            assertThat(rewrite.bytes()).isLessThan(200);
        }
    }

    @Test
    void changesOfOthersComeAlong() {
        Row row = new Row(SLOTS, 10, 100);
        row.append("a1", 10);
        row.append("a2", 10);
        Rewrite rewrite = row.write("a1", 20);
        assertThat(rewrite).isNotNull();
        assertThat(row.segments.changesSize()).isZero();
        assertThat(rewrite.content().length).isGreaterThan(row.latest.length);
    }

    @Test
    void nothingToStoreIsAppended() {
        Row row = new Row(SLOTS, 10, 100);
        assertThat(Compaction.plan(1, row.segments, row.segments.read(), Segments.NONE))
                .isNull();
    }

    /** Whatever is written, removed or appended by others: what is read is what was last written, and nothing grows for ever. */
    @Test
    void anyOrderOfChangesLeavesWhatWasWritten() {
        for (int slots : new int[] {0, 1, SLOTS}) {
            for (int seed = 0; seed < 20; seed++) {
                Row row = new Row(slots, 5, 100);
                Random random = new Random(seed);
                for (int i = 0; i < 400; i++) {
                    row.any(random);
                    row.check();
                }
                assertThat(row.segments.size()).isLessThan(20_000);
            }
        }
    }

    /** A row as the database would keep it, and what it must hold. */
    private static final class Row {
        private final Map<String, byte[]> expected = new HashMap<>();
        private final Map<String, String> expectedIndexes = new HashMap<>();
        private final Random random = new Random(42);
        private Segments segments;
        private byte[] latest = Segments.NONE;

        Row(int slots, int attributes, int length) {
            for (int i = 0; i < attributes; i++) {
                expected.put("a" + i, bytes(length));
            }
            segments = Segments.of(encode(expected, Set.of(), Map.of()), slots);
        }

        private byte[] bytes(int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        }

        Rewrite write(String name, int length) {
            expected.put(name, bytes(length));
            return store(encode(Map.of(name, expected.get(name)), Set.of(), Map.of()));
        }

        void append(String name, int length) {
            expected.put(name, bytes(length));
            segments = segments.append(encode(Map.of(name, expected.get(name)), Set.of(), Map.of()));
        }

        private Rewrite store(byte[] change) {
            latest = change;
            Rewrite rewrite = Compaction.plan(1, segments, segments.read().append(change), change);
            segments = rewrite == null ? segments.append(change) : segments.after(rewrite);
            return rewrite;
        }

        void any(Random choice) {
            String name = "a" + choice.nextInt(20);
            switch (choice.nextInt(8)) {
                case 0 -> {
                    expected.remove(name);
                    store(encode(Map.of(), Set.of(name), Map.of()));
                }
                case 1 -> append(name, choice.nextInt(300));
                case 2 -> {
                    String value = HexFormat.of().formatHex(bytes(8));
                    expectedIndexes.put("i", value);
                    store(encode(Map.of(), Set.of(), Map.of("i", Optional.of(value))));
                }
                case 3 -> {
                    expectedIndexes.clear();
                    store(encode(Map.of(), Set.of(), Map.of("i", Optional.empty())));
                }
                case 4 -> {
                    String other = "a" + (20 + choice.nextInt(5));
                    expected.put(name, bytes(choice.nextInt(300)));
                    expected.put(other, bytes(50));
                    store(encode(Map.of(name, expected.get(name), other, expected.get(other)), Set.of(), Map.of()));
                }
                default -> write(name, choice.nextInt(300));
            }
        }

        void check() {
            SessionLog log = segments.read();
            assertThat(log.attributeNames()).isEqualTo(expected.keySet());
            expected.forEach((name, value) -> assertThat(log.attribute(name)).contains(value));
            assertThat(log.indexes()).isEqualTo(expectedIndexes);
            assertThat(log.lengthsIn(segments.all()))
                    .as("slots have nothing that is overridden")
                    .satisfies(lengths -> {
                        for (int i = 0;
                                i < segments.slots().length
                                        && segments.changes().isEmpty();
                                i++) {
                            assertThat(lengths[1 + i]).isEqualTo(segments.slots()[i].length);
                        }
                    });
        }

        private static AttributeValue encoded(byte[] bytes) {
            return () -> bytes;
        }

        private static byte[] encode(
                Map<String, byte[]> set, Set<String> removed, Map<String, Optional<String>> indexes) {
            Map<String, AttributeValue> values =
                    set.entrySet().stream().collect(toMap(Map.Entry::getKey, entry -> encoded(entry.getValue())));
            return SessionLog.encode(values, removed, indexes);
        }
    }
}
