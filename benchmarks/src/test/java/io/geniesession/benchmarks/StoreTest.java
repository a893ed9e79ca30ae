package io.geniesession.benchmarks;

import java.util.stream.Stream;

/** The contestants that run everywhere. */
class StoreTest extends StoreContract {
    static Stream<Contestant> contestants() {
        return Stream.of(Contestant.values()).filter(c -> c.kind() != Contestant.Kind.POSTGRES);
    }
}
