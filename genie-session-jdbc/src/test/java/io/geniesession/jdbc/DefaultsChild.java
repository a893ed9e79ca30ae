package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.SessionConfigException;
import io.geniesession.SessionId;
import io.geniesession.Sessions;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestExchange;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;

/**
 * A node that reads and writes the sessions of another one, in a process with whatever locale, time zone and charset it was
 * given: the arguments are the secret of a session, then settings. Says {@code ok} and the secret of a session of its own.
 */
final class DefaultsChild {

    /** Half an hour around the hour at which the clocks of Europe and of the east of Australia change. */
    static final Instant SPRING = Instant.parse("2026-03-29T00:45:00Z");

    static final Instant AUTUMN = Instant.parse("2026-04-04T14:45:00Z");
    static final Duration IDLE = Duration.ofMinutes(30);

    /** Letters that change with the locale when their case does, that no eight bits have, and that are two chars. */
    static final Map<String, Object> VALUES = Map.of(
            "İstanbul.Iıiß",
            "TITLE title ı İ ß ẞ",
            "ключ-鍵-😀",
            "значение ערך 値 😀\u0000\u001f",
            "date",
            LocalDate.of(2026, 3, 29),
            "list",
            List.of(1, -5L, 2.5, true),
            "instant",
            SPRING,
            "zoned",
            SPRING.atZone(TimeZone.getTimeZone("Australia/Lord_Howe").toZoneId()));

    private DefaultsChild() {}

    static Sessions open(SettableClock clock, Map<String, String> settings) {
        Sessions.Builder builder = Sessions.builder()
                .adapter(new JdbcSessionAdapterProvider())
                .clock(clock)
                .set("genie.session.sweep", "FALSE")
                .set("genie.session.quantum", "0s")
                .set("genie.session.cookie.same-site", "STRICT")
                .set("genie.session.cookie.secure", "ALWAYS")
                .set("genie.session.cookie.max-age", "1d")
                .set("genie.session.max-session-size", "9MB");
        settings.forEach(builder::set);
        return builder.open();
    }

    static SessionId stored(Sessions node) {
        TestExchange exchange = new TestExchange();
        Session session = node.start(exchange);
        VALUES.forEach(session::set);
        session.setIndex("principal", "İıI-鍵").persist();
        String header = exchange.header("__geniesid").orElseThrow();
        assertThat(header.replaceFirst("=[A-Za-z0-9_-]{43};", "=ID;"))
                .isEqualTo("__geniesid=ID; Max-Age=86400; Path=/; Secure; HttpOnly; SameSite=Strict");
        return SessionId.parse(exchange.next().cookies("__geniesid").get(0)).orElseThrow();
    }

    static void checkStored(Sessions node, SessionId id) {
        Session session = node.load(id).orElseThrow();
        VALUES.forEach((name, value) -> assertThat(session.get(name)).as(name).contains(value));
        assertThat(node.ofPrincipal("İıI-鍵")).isNotEmpty();
    }

    /** An hour that is skipped or comes twice by the clock on the wall changes nothing. */
    private static void checkExpiry(Sessions node, SettableClock clock) {
        for (Instant start : List.of(SPRING, AUTUMN)) {
            clock.set(start);
            SessionId id = stored(node);
            clock.set(start.plus(IDLE).minusMillis(1));
            assertThat(node.peek(id)).isPresent();
            clock.set(start.plus(IDLE));
            assertThat(node.peek(id)).isEmpty();
        }
    }

    private static void checkRemoval(Sessions node) {
        SessionId id = stored(node);
        TestExchange exchange = new TestExchange().withCookie("__geniesid", id.value());
        node.start(exchange).invalidate();
        assertThat(exchange.header("__geniesid").orElseThrow())
                .isEqualTo("__geniesid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure; HttpOnly;"
                        + " SameSite=Strict");
    }

    private static void checkRefusal() {
        try {
            open(SettableClock.at(SPRING), Map.of("genie.session.IDLE-timeout", "1m"))
                    .close();
        } catch (SessionConfigException e) {
            assertThat(e).hasMessageContaining("genie.session.idle-timeout");
            return;
        }
        throw new AssertionError("an unknown name was accepted");
    }

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        SettableClock clock = SettableClock.at(SPRING);
        Map<String, String> settings = Map.of(arguments[1], arguments[2], arguments[3], arguments[4]);
        out.println(TimeZone.getDefault().getID());
        try (Sessions node = open(clock, settings)) {
            SessionId id = SessionId.parse(arguments[0]).orElseThrow();
            checkStored(node, id);
            assertThat(node.load(id).orElseThrow().set("child", "ı😀").persist())
                    .isEqualTo(PersistOutcome.SAVED);
            SessionId own = stored(node);
            checkExpiry(node, clock);
            checkRemoval(node);
            checkRefusal();
            out.println("ok " + own.value());
        } catch (RuntimeException | AssertionError e) {
            e.printStackTrace(out);
        }
    }
}
