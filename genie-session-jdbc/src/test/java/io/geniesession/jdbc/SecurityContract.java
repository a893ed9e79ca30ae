package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import io.geniesession.Sessions;
import io.geniesession.secretwatch.Secrets;
import io.geniesession.tck.TestExchange;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What somebody sees and can do who has the database. */
abstract class SecurityContract {
    private static final String SECRET_BYTES =
            HexFormat.of().formatHex(Secrets.CANARY.getBytes(StandardCharsets.UTF_8));

    private final TestDatabase database = database();
    private final List<Sessions> open = new ArrayList<>();

    abstract TestDatabase database();

    /** Returns the tables that have something of a session besides its index entries. */
    abstract List<String> tables();

    @AfterEach
    void close() {
        open.forEach(Sessions::close);
        database.checkNothingLeaked();
        database.close();
    }

    private Sessions sessions(String... more) {
        Map<String, String> settings = new HashMap<>(database.settings());
        settings.put("genie.session.sweep", "false");
        for (int i = 0; i < more.length; i += 2) {
            settings.put("genie.session." + more[i], more[i + 1]);
        }
        Sessions.Builder builder = Sessions.builder().adapter(new JdbcSessionAdapterProvider());
        settings.forEach(builder::set);
        Sessions sessions = builder.open();
        open.add(sessions);
        return sessions;
    }

    private Sessions encrypting() {
        return sessions("encryption.keys", "k:" + key(1));
    }

    private static String key(int number) {
        byte[] key = new byte[32];
        new Random(number).nextBytes(key);
        Secrets.register(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private static SessionKey stored(Sessions sessions) {
        Session session = sessions.create().set("cart", "tea");
        session.persist();
        session.set("note", Secrets.CANARY).persist();
        return session.key();
    }

    /** All that the tables have, bytes as hexadecimal digits. */
    private String contents() throws SQLException {
        StringBuilder all = new StringBuilder();
        for (String table : tables()) {
            all.append(rows(table));
        }
        return all.toString();
    }

    private String rows(String table) throws SQLException {
        StringBuilder all = new StringBuilder();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
            while (rows.next()) {
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    Object value = rows.getObject(column);
                    all.append(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value)
                            .append(' ');
                }
            }
        }
        return all.toString();
    }

    @Test
    void valuesAreNotReadableInTheTable() throws Exception {
        SessionKey key = stored(encrypting());
        assertThat(contents()).contains(key.toString()).doesNotContain(SECRET_BYTES);

        stored(sessions());
        assertThat(contents()).as("without keys").contains(SECRET_BYTES);
        assertThat(encrypting().load(key).orElseThrow().get("note")).contains(Secrets.CANARY);
    }

    @Test
    void aRowCopiedToAnotherSessionDoesNotDecrypt() throws Exception {
        Sessions sessions = encrypting();
        SessionKey from = stored(sessions);
        Session to = sessions.create().set("cart", "cake");
        to.persist();
        for (String column : List.of("snapshot", "changes")) {
            database.execute("UPDATE genie_session SET " + column + " = (SELECT f." + column
                    + " FROM genie_session f WHERE f.session_key = '" + from + "') WHERE session_key = '" + to.key()
                    + "'");
        }

        Session copied = sessions.load(to.key()).orElseThrow();
        assertThat(copied.names()).contains("cart", "note");
        assertThat(copied.get("cart")).isEmpty();
        assertThat(copied.get("note")).isEmpty();
    }

    @Test
    void aKeyedDigestIsNotThatOfTheId() throws Exception {
        List<String> keyed = digestsOfTwoIds(sessions("id-digest.keys", "k:" + key(2)));
        List<String> unkeyed = digestsOfTwoIds(sessions());

        assertThat(contents()).contains(unkeyed).doesNotContain(keyed);
    }

    /** Of the id that a session was given first and of the one that it has. */
    private static List<String> digestsOfTwoIds(Sessions sessions) throws Exception {
        TestExchange first = new TestExchange();
        sessions.start(first).set("cart", "tea").persist();
        TestExchange second = first.next();
        sessions.start(second).renew().persist();
        return List.of(sha256(first), sha256(second));
    }

    private static String sha256(TestExchange exchange) throws Exception {
        byte[] id = Base64.getUrlDecoder()
                .decode(exchange.next().cookies("__geniesid").get(0));
        return HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(id));
    }

    /** {@code SecretWatch} sees what is logged and thrown meanwhile, the database's words about rows among it. */
    @Test
    void failuresShowNeitherValuesNorIds() throws Exception {
        Sessions sessions = sessions();
        TestExchange exchange = new TestExchange();
        sessions.start(exchange).set("note", Secrets.CANARY).persist();
        Session session = sessions.start(exchange.next()).set("note", Secrets.CANARY + " 2");
        database.execute("UPDATE genie_session SET changes = snapshot, snapshot = '\\xff'");
        assertFailsSilently(() -> sessions.start(exchange.next()));

        database.execute("ALTER TABLE genie_session RENAME TO genie_session_gone");
        try {
            assertFailsSilently(session::persist);
            assertFailsSilently(() -> sessions.start(exchange.next()));
            assertFailsSilently(
                    () -> sessions.create().set("note", Secrets.CANARY).persist());
        } finally {
            database.execute("ALTER TABLE genie_session_gone RENAME TO genie_session");
        }
    }

    private static void assertFailsSilently(ThrowingCallable call) {
        StringWriter trace = new StringWriter();
        assertThatExceptionOfType(SessionStoreException.class)
                .isThrownBy(call)
                .satisfies(e -> e.printStackTrace(new PrintWriter(trace, true)));
        assertThat(trace.toString()).isNotEmpty().doesNotContain(Secrets.CANARY).doesNotContain(SECRET_BYTES);
    }

    @Test
    void allSessionsEndWithTheirRows() throws Exception {
        Sessions sessions = sessions();
        SessionKey key = stored(sessions);
        Session running = sessions.load(key).orElseThrow().set("cart", "cake");

        database.execute("DELETE FROM genie_session");

        assertThat(sessions.load(key)).isEmpty();
        assertThat(running.persist()).isEqualTo(PersistOutcome.GONE);
    }
}
