package io.geniesession.tck;

import static io.geniesession.spi.SessionAdapter.Detail.ATTRIBUTES;
import static io.geniesession.spi.SessionAdapter.Detail.METADATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.geniesession.EndReason;
import io.geniesession.Page;
import io.geniesession.PageRequest;
import io.geniesession.Session;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link IndexedSessions}. Skipped for an adapter that lacks the ability.
 *
 * <p>Belongs to one test and is safe for its threads.
 */
public abstract class IndexedSessionsContract extends AdapterFixture {
    private static final IndexEntry ANNA = new IndexEntry(Session.PRINCIPAL, "anna");
    private static final IndexEntry BERT = new IndexEntry(Session.PRINCIPAL, "bert");
    private static final IndexEntry TV = new IndexEntry("device", "tv");

    /** Creates the contract for one test. */
    protected IndexedSessionsContract() {}

    private IndexedSessions indexed() {
        return indexed(node());
    }

    private static IndexedSessions indexed(SessionAdapter node) {
        Optional<IndexedSessions> ability = node.indexed();
        assumeTrue(ability.isPresent(), "the adapter finds no sessions by index");
        return ability.orElseThrow();
    }

    private List<SessionKey> found(IndexEntry entry) {
        return keysOf(indexed().find(entry, clock.instant(), PageRequest.first(PageRequest.MAX_LIMIT)));
    }

    private static List<SessionKey> keysOf(Page<SessionInfo> page) {
        return page.items().stream().map(SessionInfo::key).toList();
    }

    private SessionChanges index(String name, String value) {
        return nothing().withIndexes(Map.of(name, Optional.of(value)));
    }

    private SessionChanges noIndex(String name) {
        return nothing().withIndexes(Map.of(name, Optional.empty()));
    }

    @Test
    @DisplayName("[index-1] a session is found by every entry it was created with, with its facts")
    final void createdSessionIsFound() {
        NewSession session =
                session(expiry(), Map.of("color", "red"), Map.of(Session.PRINCIPAL, "anna", "device", "tv"));
        stored(session);
        stored(session());

        Page<SessionInfo> page = indexed(otherNode()).find(ANNA, START, PageRequest.first(10));

        assertThat(page.next()).isEmpty();
        assertThat(page.items()).hasSize(1);
        SessionInfo info = page.items().get(0);
        SessionInfo loaded = loaded(session).info();
        assertThat(info.key()).isEqualTo(session.key());
        assertThat(info.publicId()).isEqualTo(session.id().publicId());
        assertThat(info.version()).isEqualTo(1);
        assertThat(info.createdAt()).isEqualTo(START);
        assertThat(info.lastAccessedAt()).isEqualTo(START);
        assertThat(info.expiry()).isEqualTo(loaded.expiry());
        assertThat(info.indexes()).isEqualTo(loaded.indexes());
        assertThat(found(TV)).containsExactly(session.key());
    }

    @Test
    @DisplayName("[index-1] name and value are compared exactly")
    final void entriesAreComparedExactly() {
        stored(sessionOf("anna"));

        for (IndexEntry other : List.of(
                BERT,
                new IndexEntry("device", "anna"),
                new IndexEntry(Session.PRINCIPAL, "Anna"),
                new IndexEntry(Session.PRINCIPAL, "anna "),
                new IndexEntry(Session.PRINCIPAL, "ann"),
                new IndexEntry(Session.PRINCIPAL, "ann_"),
                new IndexEntry(Session.PRINCIPAL, "an%"))) {
            assertThat(found(other)).as(other.toString()).isEmpty();
        }
    }

    @Test
    @DisplayName("[index-1] entries are any Unicode text")
    final void unicodeEntriesAreFound() {
        NewSession session = sessionOf("\u5F35\uD83D\uDE00 O'Neil\\%_ \u0633\u0644\u0629");
        stored(session);

        assertThat(found(new IndexEntry(Session.PRINCIPAL, "\u5F35\uD83D\uDE00 O'Neil\\%_ \u0633\u0644\u0629")))
                .containsExactly(session.key());
    }

    @Test
    @DisplayName("[index-1] entries follow what persists set, replace and remove")
    final void entriesFollowPersists() {
        NewSession session = session();
        SessionRecord base = stored(session);

        base = saved(node().persist(base, index(Session.PRINCIPAL, "anna")));
        assertThat(found(ANNA)).containsExactly(session.key());

        base = saved(node().persist(base, index(Session.PRINCIPAL, "bert").withSet(values(Map.of("a", "1")))));
        assertThat(found(ANNA)).isEmpty();
        assertThat(found(BERT)).containsExactly(session.key());

        base = saved(node().persist(base, index("device", "tv").strictly()));
        assertThat(found(BERT)).containsExactly(session.key());
        assertThat(found(TV)).containsExactly(session.key());

        base = saved(node().persist(base, noIndex(Session.PRINCIPAL)));
        assertThat(found(BERT)).isEmpty();
        assertThat(found(TV)).containsExactly(session.key());
        assertThat(loaded(session).info().indexes()).isEqualTo(Map.of("device", "tv"));

        saved(node().persist(base, index(Session.PRINCIPAL, "bert")));
        assertThat(found(BERT)).containsExactly(session.key());
    }

    @Test
    @DisplayName("[index-1] removing an entry that is not there is no error")
    final void removalOfAnAbsentEntryIsQuiet() {
        NewSession session = sessionOf("anna");

        saved(node().persist(stored(session), noIndex("device")));

        assertThat(found(ANNA)).containsExactly(session.key());
    }

    @Test
    @DisplayName("[index-1] entries follow a renewal in the same step, and show the new public id")
    final void entriesFollowARenewal() {
        NewSession session = session();
        var renewal = renewal();

        saved(node().persist(stored(session), index(Session.PRINCIPAL, "anna").withRenewal(renewal)));

        assertThat(found(ANNA)).containsExactly(session.key());
        assertThat(indexed()
                        .find(ANNA, START, PageRequest.first(1))
                        .items()
                        .get(0)
                        .publicId())
                .isEqualTo(renewal.to().publicId());
    }

    @Test
    @DisplayName("[index-1] a persist that conflicts or is gone leaves no entry")
    final void refusedPersistLeavesNoEntry() {
        NewSession changed = session();
        SessionRecord base = stored(changed);
        saved(node().persist(base, nothing()));
        assertConflict(node().persist(base, index(Session.PRINCIPAL, "anna").strictly()));
        NewSession deleted = session();
        SessionRecord deletedBase = stored(deleted);
        node().delete(deleted.key(), START, METADATA);
        assertGone(node().persist(deletedBase, index(Session.PRINCIPAL, "anna")));

        assertThat(found(ANNA)).isEmpty();
        assertThat(indexed().count(ANNA, START)).isZero();
    }

    @Test
    @DisplayName("[index-1] a create that is refused leaves no entry")
    final void refusedCreateLeavesNoEntry() {
        NewSession session = sessionOf("anna");
        stored(session);
        assertThat(node().create(new NewSession(
                        SessionKey.generate(START),
                        session.id(),
                        START,
                        expiry(),
                        Map.of(),
                        Map.of(Session.PRINCIPAL, "bert"))))
                .isEmpty();

        assertThat(found(BERT)).isEmpty();
        assertThat(found(ANNA)).containsExactly(session.key());
    }

    @Test
    @DisplayName("[index-1] entries end with their session, by delete and by sweep")
    final void entriesEndWithTheirSession() {
        NewSession deleted = sessionOf("anna");
        NewSession swept = sessionOf("anna");
        stored(deleted);
        SessionRecord base = stored(swept);

        node().delete(deleted.key(), START, METADATA);
        assertThat(found(ANNA)).containsExactly(swept.key());

        clock.set(base.info().expiresAt());
        assertThat(sweepLate(METADATA)).hasSize(1);
        assertThat(indexed().find(ANNA, START, PageRequest.first(10)).items()).isEmpty();
        assertThat(indexed().count(ANNA, START)).isZero();
    }

    @Test
    @DisplayName("[index-2] expired sessions are neither listed nor counted")
    final void expiredSessionsAreNotListed() {
        NewSession living = session(never(), Map.of(), Map.of(Session.PRINCIPAL, "anna"));
        stored(living);
        SessionRecord base = stored(sessionOf("anna"));
        Instant expiresAt = base.info().expiresAt();

        assertThat(indexed().count(ANNA, expiresAt.minusMillis(1))).isEqualTo(2);
        assertThat(keysOf(indexed().find(ANNA, expiresAt.minusMillis(1), PageRequest.first(10))))
                .hasSize(2);
        assertThat(indexed().count(ANNA, expiresAt)).isEqualTo(1);
        assertThat(keysOf(indexed().find(ANNA, expiresAt, PageRequest.first(10))))
                .containsExactly(living.key());
    }

    @Test
    @DisplayName("[index-2] sessions that have the entry are counted, and no others")
    final void holdersAreCounted() {
        assertThat(indexed().count(ANNA, START)).isZero();
        stored(sessionOf("anna"));
        stored(sessionOf("anna"));
        stored(sessionOf("bert"));

        assertThat(indexed(otherNode()).count(ANNA, START)).isEqualTo(2);
        assertThat(indexed().count(BERT, START)).isEqualTo(1);
    }

    @Test
    @DisplayName("[index-3] a listing is in the order in which the entry was set")
    final void listingIsInTheOrderOfSetting() {
        NewSession first = session(never());
        NewSession second = session(never());
        NewSession third = session(never(), Map.of(), Map.of(Session.PRINCIPAL, "anna"));
        SessionRecord firstBase = stored(first);
        SessionRecord secondBase = stored(second);
        stored(third);

        clock.advance(Duration.ofSeconds(1));
        saved(node().persist(secondBase, index(Session.PRINCIPAL, "anna")));
        clock.advance(Duration.ofSeconds(1));
        saved(node().persist(firstBase, index(Session.PRINCIPAL, "anna")));

        assertThat(found(ANNA)).containsExactly(third.key(), second.key(), first.key());
    }

    @Test
    @DisplayName("[index-3] setting the entry again moves the session to the end, any other persist does not")
    final void settingAgainMovesToTheEnd() {
        NewSession first = session(never(), Map.of(), Map.of(Session.PRINCIPAL, "anna"));
        SessionRecord firstBase = stored(first);
        clock.advance(Duration.ofSeconds(1));
        NewSession second = session(never(), Map.of(), Map.of(Session.PRINCIPAL, "anna"));
        stored(second);
        clock.advance(Duration.ofSeconds(1));

        firstBase = saved(node().persist(firstBase, set("color", "blue")));
        firstBase = saved(node().persist(firstBase, index("device", "tv")));
        assertThat(found(ANNA)).containsExactly(first.key(), second.key());

        saved(node().persist(firstBase, index(Session.PRINCIPAL, "anna")));
        assertThat(found(ANNA)).containsExactly(second.key(), first.key());
    }

    @Test
    @DisplayName("[index-3] a request that came earlier and sets the entry again moves the session nowhere")
    final void earlierRequestMovesNothingBack() {
        Instant earlier = clock.instant();
        NewSession first = session(never(), Map.of(), Map.of(Session.PRINCIPAL, "anna"));
        stored(first);
        clock.advance(Duration.ofSeconds(1));
        NewSession second = session(never(), Map.of(), Map.of(Session.PRINCIPAL, "anna"));
        SessionRecord secondBase = stored(second);

        saved(node().persist(
                        secondBase,
                        SessionChanges.at(earlier.minusSeconds(1))
                                .withIndexes(Map.of(Session.PRINCIPAL, Optional.of("anna")))));

        assertThat(found(ANNA)).containsExactly(first.key(), second.key());
    }

    @Test
    @DisplayName("[index-3] at equal times a listing is in the order of the keys")
    final void equalTimesAreInTheOrderOfKeys() {
        List<SessionKey> keys = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            NewSession session = sessionOf("anna");
            stored(session);
            keys.add(session.key());
        }

        assertThat(found(ANNA))
                .isEqualTo(keys.stream().sorted(Comparator.naturalOrder()).toList());
    }

    @Test
    @DisplayName("[index-4] paging visits each session exactly once while others come and go")
    final void pagingVisitsEachSessionOnce() {
        List<NewSession> sessions = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            if (i % 4 == 0) {
                clock.advance(Duration.ofMillis(1));
            }
            NewSession session = session(never(), Map.of(), Map.of(Session.PRINCIPAL, "anna"));
            stored(session);
            sessions.add(session);
        }
        Instant now = clock.instant();
        List<SessionKey> expected = found(ANNA);

        List<SessionKey> visited = new ArrayList<>();
        Page<SessionInfo> page = indexed().find(ANNA, now, PageRequest.first(7));
        visited.addAll(keysOf(page));
        while (page.next().isPresent()) {
            // The last one visited goes, which must not matter to the page that follows.
            node().delete(visited.get(visited.size() - 1), now, METADATA);
            clock.advance(Duration.ofMillis(1));
            stored(session(never(), Map.of(), Map.of(Session.PRINCIPAL, "anna")));
            page = indexed().find(ANNA, now, new PageRequest(page.next().get(), 7));
            visited.addAll(keysOf(page));
        }

        assertThat(visited).doesNotHaveDuplicates();
        assertThat(visited.subList(0, 25)).isEqualTo(expected);
        assertThat(sessions).hasSize(25);
    }

    @Test
    @DisplayName("[index-4] a page holds at most as many as asked for, and only the last one has no next")
    final void pagesAreBounded() {
        for (int i = 0; i < 4; i++) {
            stored(sessionOf("anna"));
        }

        Page<SessionInfo> one = indexed().find(ANNA, START, PageRequest.first(3));
        assertThat(one.items()).hasSize(3);
        Page<SessionInfo> two =
                indexed().find(ANNA, START, new PageRequest(one.next().orElseThrow(), 3));
        assertThat(two.items()).hasSize(1);
        assertThat(two.next()).isEmpty();
        assertThat(indexed().find(BERT, START, PageRequest.first(3)).items()).isEmpty();
    }

    @Test
    @DisplayName("[index-4] what is not the next of a page is refused")
    final void foreignPageIsRefused() {
        stored(sessionOf("anna"));
        for (String after : List.of("x", "/", "-", "1", "0/0", "' OR 1=1 --")) {
            assertThatIllegalArgumentException()
                    .as(after)
                    .isThrownBy(() -> indexed().find(ANNA, START, new PageRequest(after, 3)));
        }
    }

    @Test
    @DisplayName("[index-5] deleteAll ends all that have the entry but the excepted, and returns them")
    final void deleteAllEndsAllButTheExcepted() {
        NewSession one = sessionOf("anna");
        NewSession two = sessionOf("anna");
        NewSession kept = sessionOf("anna");
        NewSession other = sessionOf("bert");
        List.of(one, two, kept, other).forEach(this::stored);

        List<EndedSession> ended = indexed(otherNode()).deleteAll(ANNA, Set.of(kept.key()), START, METADATA);

        assertThat(keys(ended)).containsExactlyInAnyOrder(one.key(), two.key());
        assertThat(ended).allMatch(session -> session.reason() == EndReason.DELETED);
        assertThat(ended).allMatch(session -> session.info().principal().equals(Optional.of("anna")));
        assertThat(isThere(one)).isFalse();
        assertThat(isThere(two)).isFalse();
        assertThat(isThere(kept)).isTrue();
        assertThat(isThere(other)).isTrue();
        assertThat(found(ANNA)).containsExactly(kept.key());
        assertThat(indexed().deleteAll(ANNA, Set.of(kept.key()), START, METADATA))
                .isEmpty();
        assertThat(node().delete(one.key(), START, METADATA)).isEmpty();
    }

    @Test
    @DisplayName("[index-5] deleteAll leaves expired sessions to the sweep")
    final void deleteAllLeavesTheExpired() {
        NewSession session = sessionOf("anna");
        SessionRecord base = stored(session);
        clock.set(base.info().expiresAt());

        assertThat(indexed().deleteAll(ANNA, Set.of(), clock.instant(), METADATA))
                .isEmpty();
        assertThat(keys(sweepLate(METADATA))).containsExactly(session.key());
    }

    @Test
    @DisplayName("[index-5] deleteAll without exceptions ends many")
    final void deleteAllEndsMany() {
        for (int i = 0; i < 300; i++) {
            stored(sessionOf("anna"));
        }

        assertThat(keys(indexed().deleteAll(ANNA, Set.of(), START, METADATA)))
                .hasSize(300)
                .doesNotHaveDuplicates();
        assertThat(node().count(START)).isZero();
    }

    @Test
    @DisplayName("[detail-1] sessions ended by deleteAll carry their attributes if they are asked for")
    final void deleteAllCarriesAttributesIfAskedFor() {
        stored(sessionOf("anna"));
        assertThat(indexed().deleteAll(ANNA, Set.of(), START, METADATA))
                .hasSize(1)
                .allMatch(ended -> ended.attributes().isEmpty());

        saved(node().persist(stored(sessionOf("anna")), set("size", "L")));
        List<EndedSession> ended = indexed().deleteAll(ANNA, Set.of(), START, ATTRIBUTES);
        assertThat(ended).hasSize(1);
        assertThat(texts(ended.get(0))).isEqualTo(Map.of("color", "red", "size", "L"));
    }
}
