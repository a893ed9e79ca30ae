package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.principal;
import static io.geniesession.jdbc.TestSessions.saved;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Expiry;
import io.geniesession.PageRequest;
import io.geniesession.SessionId;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionRecord;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each operation's calls to the database, counted between the adapter and its {@code DataSource}. */
abstract class RoundTripsContract {

    private static final IndexEntry ANNA = new IndexEntry("principal", "anna");

    private TestDatabase database;
    private CountingDataSource counter;
    private SessionAdapter node;

    abstract TestDatabase open();

    /** Returns how many calls a change of index entries takes. */
    abstract int callsWithIndexes();

    /** Returns how many calls a change of the id takes. */
    abstract int callsOfARenewal();

    /** Returns how many calls a change of the id and of index entries takes. */
    abstract int callsOfASignIn();

    /** Returns how many calls a sweep that finds something takes. */
    abstract int callsOfASweep();

    /** Returns how many calls it takes to find out what a change that nothing came of ran into. */
    abstract int callsOfARefusal();

    @BeforeEach
    void openNode() {
        database = open();
        counter = new CountingDataSource(new SimpleDataSource(database::connect).dataSource());
        node = JdbcSessionAdapter.with(counter.dataSource()).open(TestSessions.context(Map.of()));
        counter.calls();
    }

    @AfterEach
    void closeNode() {
        node.close();
        database.checkNothingLeaked();
        database.close();
    }

    private void assertCalls(int expected) {
        assertThat(counter.calls()).hasSize(expected);
    }

    private SessionRecord stored(NewSession session) {
        SessionRecord record = node.create(session).orElseThrow();
        counter.calls();
        return record;
    }

    @Test
    void createIsOne() {
        node.create(session(Map.of()));
        assertCalls(1);
    }

    @Test
    void createWithPrincipal() {
        node.create(session(Map.of("principal", "anna")));
        assertCalls(callsWithIndexes());
    }

    @Test
    void loadIsOneFoundOrNot() {
        NewSession session = session(Map.of());
        stored(session);

        assertThat(node.load(session.id(), START)).isPresent();
        assertCalls(1);
        assertThat(node.load(SessionId.generate(), START)).isEmpty();
        assertCalls(1);
        assertThat(node.loadFormer(SessionId.generate(), START)).isEmpty();
        assertCalls(1);
        assertThat(node.reload(session.key(), START)).isPresent();
        assertCalls(1);
    }

    @Test
    void persistIsOneWhateverChanges() {
        SessionRecord base = stored(session(Map.of()));

        base = saved(node.persist(base, set("a", "1")));
        assertCalls(1);
        base = saved(node.persist(base, set("a", "2").strictly()));
        assertCalls(1);
        saved(node.persist(base, set("a", "x".repeat(100_000)).withExpiry(TestSessions.EXPIRY)));
        assertCalls(1);
    }

    @Test
    void renewalOfTheId() {
        SessionRecord base = stored(session(Map.of()));

        saved(node.persist(base, set("a", "3").withRenewal(new Renewal(SessionId.generate(), START))));

        assertCalls(callsOfARenewal());
    }

    @Test
    void persistToWhatIsGoneIsOne() {
        SessionRecord base = stored(session(Map.of()));
        node.delete(base.info().key(), START, Detail.METADATA);
        counter.calls();

        assertThat(node.persist(base, set("a", "1"))).isInstanceOf(PersistResult.Gone.class);
        assertCalls(1);
    }

    @Test
    void strictPersistThatConflicts() {
        SessionRecord base = stored(session(Map.of()));
        saved(node.persist(base, set("a", "1")));
        counter.calls();

        assertThat(node.persist(base, set("a", "2").strictly())).isInstanceOf(PersistResult.Conflict.class);
        assertCalls(callsOfARefusal());
    }

    @Test
    void signingIn() {
        SessionRecord base = stored(session(Map.of()));

        saved(node.persist(base, principal("anna").withRenewal(new Renewal(SessionId.generate(), START))));

        assertCalls(callsOfASignIn());
    }

    @Test
    void touchIsOne() {
        SessionRecord base = stored(session(Map.of()));

        node.touch(base, START.plusSeconds(100));
        assertCalls(1);
    }

    @Test
    void deleteIsOne() {
        SessionRecord base = stored(session(Map.of("principal", "anna")));

        assertThat(node.delete(base.info().key(), START, Detail.ATTRIBUTES)).isPresent();
        assertCalls(1);
        assertThat(node.delete(base.info().key(), START, Detail.METADATA)).isEmpty();
        assertCalls(1);
    }

    @Test
    void sweepOfMany() {
        Expiry shortly = Expiry.idle(Duration.ofSeconds(1), Duration.ZERO);
        for (int i = 0; i < 20; i++) {
            stored(session(shortly, Map.of("principal", "anna")));
        }

        assertThat(node.sweep(START.plusSeconds(2).plus(TestDatabase.BUCKET), 100, Detail.METADATA))
                .hasSize(20);
        assertCalls(callsOfASweep());
    }

    @Test
    void indexOperationsAreOneEach() {
        for (int i = 0; i < 5; i++) {
            stored(session(Map.of("principal", "anna")));
        }

        assertThat(node.indexed()
                        .orElseThrow()
                        .find(ANNA, START, PageRequest.first(3))
                        .items())
                .hasSize(3);
        assertCalls(1);
        assertThat(node.indexed().orElseThrow().count(ANNA, START)).isEqualTo(5);
        assertCalls(1);
        assertThat(node.indexed().orElseThrow().deleteAll(ANNA, Set.of(), START, Detail.METADATA))
                .hasSize(5);
        assertCalls(1);
    }
}
