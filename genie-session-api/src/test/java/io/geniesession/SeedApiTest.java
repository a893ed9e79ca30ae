package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One test for each entry of the seed's API, named after it; docs/seed-api.md is the table. */
class SeedApiTest {
    private final BytesAdapter store = new BytesAdapter();
    private final Sessions sessions = Sessions.builder()
            .adapter(store)
            .set("genie.session.sweep", "false")
            .open();

    @AfterEach
    void close() {
        sessions.close();
    }

    @Test
    @DisplayName("GenieSession.Session")
    void session() {
        Session session = sessions.create().set("user", "anna");
        assertThat(session.get("user")).contains("anna");
        assertThat(session.id()).hasSize(SessionId.LENGTH);
    }

    @Test
    @DisplayName("GenieSession.__init__()")
    void init() {
        try (Sessions configured = Sessions.builder()
                .adapter(store)
                .set("genie.session.cookie.name", "shop")
                .open()) {
            assertThat(configured.config().cookie().name()).isEqualTo("shop");
        }
    }

    @Test
    @DisplayName("GenieSession.get(s, key)")
    void getWithKey() {
        Session session = sessions.create().set("user", "anna");
        assertThat(session.get("user")).contains("anna");
        assertThat(session.get("user", String.class)).contains("anna");
        assertThat(session.get("nobody")).isEmpty();
    }

    @Test
    @DisplayName("GenieSession.get(s, key, default)")
    void getWithKeyAndDefault() {
        Session session = sessions.create().set("count", 3);
        assertThat(session.get("count", 0)).isEqualTo(3);
        assertThat(session.get("other", 7)).isEqualTo(7);
        assertThat(session.isSet("other")).isFalse();
    }

    @Test
    @DisplayName("GenieSession.id()")
    void id() {
        assertThat(SessionId.generate()).isNotEqualTo(SessionId.generate());
        assertThat(SessionId.generate().value()).hasSize(SessionId.LENGTH);
    }

    @Test
    @DisplayName("GenieSession.id(payload)")
    void idOfARequest() {
        TestExchange first = TestExchange.with();
        sessions.start(first).set("a", 1).persist();
        SessionId stored = sessions.id(first);

        assertThat(sessions.id(TestExchange.with(stored.value())))
                .as("from the request")
                .isEqualTo(stored);
        SessionId unknown = SessionId.generate();
        assertThat(sessions.id(TestExchange.with(unknown.value())))
                .as("never adopted")
                .isNotEqualTo(unknown);
    }

    @Test
    @DisplayName("GenieSession.id(req, res)")
    void idOfARequestAndItsResponse() {
        TestExchange exchange = TestExchange.with();
        SessionId announced = sessions.id(exchange);
        assertThat(sessions.id(exchange)).as("new, and the same each time").isEqualTo(announced);
        sessions.session(exchange).set("a", 1).persist();
        assertThat(sessions.id(exchange)).as("from the response").isEqualTo(announced);
        assertThat(exchange.setCookie().orElseThrow()).contains(announced.value());
    }

    @Test
    @DisplayName("GenieSession.isset(s, key)")
    void isset() {
        Session session = sessions.create().set("user", "anna");
        assertThat(session.isSet("user")).isTrue();
        assertThat(session.isSet("other")).isFalse();
    }

    @Test
    @DisplayName("GenieSession.load(session_id)")
    void load() {
        TestExchange exchange = TestExchange.with();
        sessions.start(exchange).set("user", "anna").persist();
        assertThat(sessions.load(sessions.id(exchange)).orElseThrow().get("user"))
                .contains("anna");
        assertThat(sessions.load(SessionId.generate())).isEmpty();
    }

    @Test
    @DisplayName("GenieSession.persist(s)")
    void persist() {
        Session session = sessions.create().set("user", "anna");
        assertThat(sessions.persist(session)).isEqualTo(PersistOutcome.SAVED);
        assertThat(sessions.persist(session)).isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(sessions.peek(session.key()).orElseThrow().get("user")).contains("anna");
    }

    @Test
    @DisplayName("GenieSession.session(params)")
    void sessionOfTheRequest() {
        TestExchange exchange = TestExchange.with();
        Session session = sessions.start(exchange);
        assertThat(sessions.session(exchange)).isSameAs(session);
    }

    @Test
    @DisplayName("GenieSession.set!(s, key, value)")
    void set() {
        Session session = sessions.create();
        assertThat(session.set("user", "anna")).isSameAs(session);
        session.set("user", "bert");
        assertThat(session.get("user")).contains("bert");
    }

    @Test
    @DisplayName("GenieSession.start(req, res; options)")
    void start() {
        TestExchange exchange = TestExchange.with();
        Session session =
                sessions.start(exchange, cookie -> cookie.path("/shop").httpOnly(false));
        session.set("a", 1).persist();
        assertThat(exchange.setCookie().orElseThrow())
                .contains("; Path=/shop")
                .doesNotContain("HttpOnly")
                .contains("; SameSite=Lax");
    }

    @Test
    @DisplayName("GenieSession.start(session_id, req, res; options)")
    void startWithAnId() {
        TestExchange first = TestExchange.with();
        sessions.start(first).set("user", "anna").persist();
        SessionId id = sessions.id(first);

        TestExchange second = TestExchange.with();
        Session session = sessions.start(id, second, cookie -> cookie.path("/shop"));
        assertThat(session.get("user")).contains("anna");
        assertThat(second.setCookie().orElseThrow()).contains(id.value()).contains("; Path=/shop");

        TestExchange third = TestExchange.with();
        SessionId unknown = SessionId.generate();
        Session fresh = sessions.start(unknown, third);
        assertThat(fresh.isNew()).isTrue();
        assertThat(sessions.id(third)).isNotEqualTo(unknown);
    }

    @Test
    @DisplayName("GenieSession.unset!(s, key)")
    void unset() {
        Session session = sessions.create().set("user", "anna");
        assertThat(session.unset("user")).isSameAs(session);
        assertThat(session.isSet("user")).isFalse();
        session.unset("never there");
    }
}
