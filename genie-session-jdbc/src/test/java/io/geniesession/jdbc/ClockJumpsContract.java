package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.SessionId;
import io.geniesession.Sessions;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestExchange;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes whose clocks differ, or jump. What a node's clock does wrong is bounded by what it does with it. */
abstract class ClockJumpsContract {

    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration QUANTUM = Duration.ofMinutes(1);
    private static final Duration MARGIN = Duration.ofMinutes(2);
    private static final String COOKIE = "__geniesid";

    /** Of the node whose clock is right. */
    private final SettableClock time = SettableClock.at(START);

    /** Of the node whose clock is wrong. */
    private final SettableClock wrong = SettableClock.at(START);

    private TestDatabase database;
    private Sessions here;
    private Sessions astray;

    abstract TestDatabase open();

    @BeforeEach
    void openNodes() {
        database = open();
        here = node(time);
        astray = node(wrong);
    }

    @AfterEach
    void closeNodes() {
        here.close();
        astray.close();
        database.checkNothingLeaked();
        database.close();
    }

    private Sessions node(SettableClock clock) {
        Sessions.Builder builder = Sessions.builder()
                .adapter(new JdbcSessionAdapterProvider())
                .clock(clock)
                .set("genie.session.sweep", "false")
                .set("genie.session.sweep-margin", MARGIN.toString())
                .set("genie.session.idle-timeout", IDLE.toString())
                .set("genie.session.quantum", QUANTUM.toString());
        database.settings().forEach(builder::set);
        return builder.open();
    }

    private static SessionId stored(Sessions node) {
        TestExchange exchange = new TestExchange();
        node.start(exchange).set("a", "1").persist();
        return idAfter(exchange);
    }

    private static SessionId idAfter(TestExchange exchange) {
        return SessionId.parse(exchange.next().cookies(COOKIE).get(0)).orElseThrow();
    }

    private void advance(Duration span) {
        time.advance(span);
        wrong.advance(span);
    }

    private static Session loaded(Sessions node, SessionId id) {
        return node.load(id).orElseThrow();
    }

    @Test
    void clockThatIsAheadMakesASessionLiveLongerAndNeverEndsItEarly() {
        wrong.advance(Duration.ofMinutes(10));
        SessionId id = stored(here);
        loaded(astray, id).set("b", "2").persist();

        advance(IDLE.minusSeconds(1));
        assertThat(loaded(here, id).get("b")).contains("2");
        loaded(astray, id).persist();
        // What the wrong clock stored counts for the right one, ten minutes more.
        advance(IDLE.plusMinutes(5));
        assertThat(here.load(id)).isPresent();
    }

    @Test
    void lastAccessIsNeverTakenBack() {
        wrong.advance(Duration.ofMinutes(10));
        SessionId id = stored(here);
        loaded(astray, id).set("b", "2").persist();
        loaded(here, id).set("c", "3").persist();
        assertThat(here.peek(id).orElseThrow().lastAccessedAt()).isEqualTo(START.plus(Duration.ofMinutes(10)));

        // Set right, it is ten minutes behind what it stored itself.
        wrong.set(START.plusSeconds(120));
        time.set(START.plusSeconds(120));
        Session again = loaded(astray, id);
        assertThat(again.set("d", "4").persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(again.lastAccessedAt()).isEqualTo(START.plus(Duration.ofMinutes(10)));
        assertThat(loaded(here, id).names()).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void clockThatIsBehindDoesNotEndSessionsOfOthers() {
        SessionId id = stored(here);
        wrong.set(START.minus(Duration.ofHours(3)));
        Session seen = loaded(astray, id);
        assertThat(seen.set("b", "2").persist()).isEqualTo(PersistOutcome.SAVED);
        seen.renew();
        assertThat(seen.persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(here.peek(seen.key()).orElseThrow().lastAccessedAt()).isEqualTo(START);
        time.advance(IDLE);
        assertThat(here.peek(seen.key())).isPresent();
        time.advance(QUANTUM);
        assertThat(here.peek(seen.key())).isEmpty();
    }

    @Test
    void sessionFromTheFutureWorksAtOnce() {
        wrong.advance(Duration.ofMinutes(10));
        SessionId id = stored(astray);
        Session seen = loaded(here, id);
        assertThat(seen.set("b", "2").persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(seen.lastAccessedAt()).isAfterOrEqualTo(seen.createdAt());
        wrong.set(START);
        assertThat(loaded(astray, id).get("b")).contains("2");
    }

    @Test
    void nodeThatIsFarAheadSeesSessionsAsExpiredButLeavesThemToOthers() {
        SessionId id = stored(here);
        wrong.advance(IDLE.plus(QUANTUM));
        assertThat(astray.load(id)).isEmpty();
        assertThat(loaded(here, id).set("b", "2").persist()).isEqualTo(PersistOutcome.SAVED);
    }

    /** Whatever the bucket, a node within the margin removes nothing that another one still counts as alive. */
    @Test
    void sweepOfAClockAheadByTheMarginRemovesNothingAlive() {
        for (int i = 0; i < 100; i++) {
            SessionId id = stored(here);
            Duration left = Duration.ofSeconds(1);
            time.advance(IDLE.plus(QUANTUM).minus(left));
            wrong.set(time.instant().plus(MARGIN));
            astray.sweep();
            assertThat(here.peek(id)).as("after " + i).isPresent();
            time.advance(left);
        }
    }

    /** The clock is wrong by more than the margin and a bucket: sessions are gone, for good, and nothing breaks. */
    @Test
    void sweepOfAClockFarAheadEndsSessionsForGood() {
        SessionId id = stored(here);
        Session held = loaded(here, id);
        wrong.advance(IDLE.plus(QUANTUM).plus(MARGIN).plus(TestDatabase.BUCKET));
        assertThat(astray.sweep()).isEqualTo(1);
        assertThat(held.set("b", "2").persist()).isEqualTo(PersistOutcome.GONE);
        wrong.set(START);
        assertThat(astray.load(id)).isEmpty();
        assertThat(here.load(id)).isEmpty();
    }

    @Test
    void graceOfARotationIsJudgedByEachClock() {
        TestExchange exchange = new TestExchange();
        here.start(exchange).set("a", "1").persist();
        SessionId former = idAfter(exchange);
        TestExchange next = exchange.next();
        here.start(next).rotate(Duration.ofSeconds(30)).persist();

        wrong.set(START.plusSeconds(31));
        TestExchange late = new TestExchange().withCookie(COOKIE, former.value());
        assertThat(astray.start(late).isNew()).isTrue();
        wrong.set(START.minus(Duration.ofMinutes(5)));
        TestExchange early = new TestExchange().withCookie(COOKIE, former.value());
        assertThat(astray.start(early).get("a")).contains("1");
        assertThat(here.load(idAfter(next))).isPresent();
    }
}
