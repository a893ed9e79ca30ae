package io.geniesession.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.Expiry;
import io.geniesession.PageRequest;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestContext;
import io.geniesession.tck.TestValue;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the contract cannot see: nothing stays behind in memory, and secrets and values stay inside. */
class MemoryLeftoversTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final MemorySessionAdapter store =
            MemorySessionAdapter.open(new TestContext(SettableClock.at(NOW), Map.of()));

    private SessionRecord create() {
        return store.create(new NewSession(
                        SessionKey.generate(NOW),
                        SessionId.generate(),
                        NOW,
                        Expiry.idle(Duration.ofMinutes(30), Duration.ZERO),
                        Map.of("color", TestValue.of("crimson")),
                        Map.of(Session.PRINCIPAL, "anna", "device", "tv")))
                .orElseThrow();
    }

    private SessionRecord renewed(SessionRecord base) {
        SessionChanges changes = SessionChanges.at(NOW.plusSeconds(1))
                .withIndexes(Map.of(Session.PRINCIPAL, Optional.of("bert"), "device", Optional.empty()))
                .withRenewal(new Renewal(SessionId.generate(), NOW));
        return ((PersistResult.Saved) store.persist(base, changes)).next();
    }

    private List<Integer> sizesOfMaps() {
        return Arrays.stream(MemorySessionAdapter.class.getDeclaredFields())
                .filter(field -> Map.class.isAssignableFrom(field.getType()))
                .map(this::sizeOf)
                .toList();
    }

    private int sizeOf(Field field) {
        try {
            field.setAccessible(true);
            return ((Map<?, ?>) field.get(store)).size();
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void endedSessionsLeaveNothing() {
        assertThat(sizesOfMaps()).hasSize(5).containsOnly(0);
        SessionRecord deleted = renewed(renewed(create()));
        SessionRecord swept = renewed(create());
        assertThat(sizesOfMaps()).doesNotContain(0);

        store.delete(deleted.info().key(), NOW, Detail.METADATA);
        store.sweep(swept.info().expiresAt(), 10, Detail.METADATA);

        assertThat(sizesOfMaps()).containsOnly(0);
    }

    @Test
    void refusedCreationsLeaveNothing() {
        NewSession session = new NewSession(
                SessionKey.generate(NOW),
                SessionId.generate(),
                NOW,
                Expiry.idle(Duration.ZERO, Duration.ZERO),
                Map.of(),
                Map.of());
        store.create(session);
        List<Integer> before = sizesOfMaps();

        for (NewSession other : List.of(
                new NewSession(session.key(), SessionId.generate(), NOW, session.expiry(), Map.of(), Map.of("a", "b")),
                new NewSession(
                        SessionKey.generate(NOW), session.id(), NOW, session.expiry(), Map.of(), Map.of("a", "b")))) {
            assertThat(store.create(other)).isEmpty();
        }

        assertThat(sizesOfMaps()).isEqualTo(before);
    }

    @Test
    void closedStoreHoldsNothingAndSaysSo() {
        SessionRecord record = create();
        store.close();

        assertThat(sizesOfMaps()).containsOnly(0);
        assertThatThrownBy(() -> store.persist(record, SessionChanges.at(NOW)))
                .isInstanceOfSatisfying(
                        SessionStoreException.class,
                        thrown -> assertThat(thrown.outcomeUnknown()).isFalse())
                .hasMessageContaining("closed");
    }

    @Test
    void textOfARecordShowsNoValue() {
        assertThat(create().toString()).doesNotContain("crimson", "anna");
    }

    @Test
    void recordOfAnotherAdapterIsRefused() {
        SessionRecord foreign = new SessionRecord() {
            @Override
            public SessionInfo info() {
                throw new UnsupportedOperationException();
            }

            @Override
            public Set<String> attributeNames() {
                return Set.of();
            }

            @Override
            public Optional<AttributeValue> attribute(String name) {
                return Optional.empty();
            }
        };

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.persist(foreign, SessionChanges.at(NOW)))
                .withMessageContaining("MemoryLeftoversTest");
        assertThatIllegalArgumentException().isThrownBy(() -> store.sweep(NOW, 0, Detail.METADATA));
    }

    @Test
    void closedStoreRefusesEveryCall() {
        SessionRecord base = create();
        SessionKey key = base.info().key();
        IndexEntry entry = new IndexEntry(Session.PRINCIPAL, "anna");
        SessionId id = SessionId.generate();
        store.close();

        List<ThrowingCallable> calls = List.of(
                this::create,
                () -> store.load(id, NOW),
                () -> store.reload(key, NOW),
                () -> store.loadFormer(id, NOW),
                () -> store.persist(base, SessionChanges.at(NOW)),
                () -> store.touch(base, NOW),
                () -> store.delete(key, NOW, Detail.METADATA),
                () -> store.sweep(NOW, 1, Detail.METADATA),
                () -> store.count(NOW),
                () -> store.count(entry, NOW),
                () -> store.find(entry, NOW, PageRequest.first(1)),
                () -> store.deleteAll(entry, Set.of(), NOW, Detail.METADATA));
        assertThat(calls).allSatisfy(call -> assertThatThrownBy(call).isInstanceOf(SessionStoreException.class));
    }
}
