package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CompactionTest {

    @Test
    void boundGrowsWithTheRootOfSnapshotAndChange() {
        assertThat(Compaction.bound(10_000, 200)).isEqualTo(2_000);
        assertThat(Compaction.bound(40_000, 200)).isEqualTo(4_000);
        assertThat(Compaction.bound(40_000, 800)).isEqualTo(8_000);
    }

    @Test
    void boundHasEnds() {
        assertThat(Compaction.bound(0, 0)).isEqualTo(600);
        assertThat(Compaction.bound(1L << 30, 1 << 20)).isEqualTo(65_536);
    }

    @Test
    void smallChangeDoesNotLowerTheBoundOfLargeOnes() {
        assertThat(Compaction.bound(10_000, 1)).isEqualTo(Compaction.bound(10_000, 100));
    }

    @Test
    void dueIsWhatWouldExceedTheBound() {
        assertThat(Compaction.isDue(10_000, 1_800, 200)).isFalse();
        assertThat(Compaction.isDue(10_000, 1_801, 200)).isTrue();
    }
}
