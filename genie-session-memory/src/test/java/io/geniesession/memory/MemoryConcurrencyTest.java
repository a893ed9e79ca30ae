package io.geniesession.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Expiry;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.ConcurrencyContract;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The contract of an adapter (Concurrency), kept by the store in memory. */
class MemoryConcurrencyTest extends ConcurrencyContract {
    @Override
    protected SessionAdapter open(AdapterContext context) {
        return MemorySessionAdapter.open(context);
    }

    @Override
    protected boolean sharesStoreBetweenNodes() {
        return false;
    }

    @Test
    @DisplayName("a session that moves to the end of a listing while it is counted is counted once")
    void movedSessionIsCountedOnce() {
        SessionAdapter store = node();
        IndexedSessions index = store.indexed().orElseThrow();
        Map<String, String> indexes = Map.of(Session.PRINCIPAL, "anna");
        SessionRecord anna = store.create(new NewSession(
                        SessionKey.generate(START),
                        SessionId.generate(),
                        START,
                        Expiry.idle(IDLE, QUANTUM),
                        Map.of(),
                        indexes))
                .orElseThrow();
        CompletableFuture<Void> moving = CompletableFuture.runAsync(() -> {
            for (int i = 1; i <= 20_000; i++) {
                store.persist(
                        anna,
                        SessionChanges.at(START.plusMillis(i))
                                .withIndexes(Map.of(Session.PRINCIPAL, Optional.of("anna"))));
            }
        });
        while (!moving.isDone()) {
            assertThat(index.count(new IndexEntry(Session.PRINCIPAL, "anna"), START))
                    .isEqualTo(1);
        }
        moving.join();
    }
}
