package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.context;
import static io.geniesession.jdbc.TestSessions.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionId;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a start finds and makes of it. */
abstract class MigrationsContract {

    private static final String MIGRATE = JdbcSettings.MIGRATE.name();
    private static final String PREFIX = JdbcSettings.TABLE_PREFIX.name();
    private static final String APPLICATION = "genie.session.application";

    private TestDatabase database;

    /** Returns a database without any table of ours. */
    abstract TestDatabase empty();

    /** Names the primary key of the session table. */
    abstract String primaryKey();

    abstract String primaryKeyType();

    @BeforeEach
    void openDatabase() {
        database = empty();
    }

    @AfterEach
    void closeDatabase() {
        database.checkNothingLeaked();
        database.close();
    }

    private SessionAdapter open(String... settings) {
        return JdbcSessionAdapter.open(context(database, settings));
    }

    private void assertRefused(String[] settings, String... words) {
        assertThatThrownBy(() -> open(settings).close())
                .isInstanceOf(SessionConfigException.class)
                .hasMessageContainingAll(words);
    }

    private static void assertWorks(SessionAdapter node) {
        NewSession session = session(Map.of("principal", "anna"));
        assertThat(node.create(session)).isPresent();
        assertThat(node.load(session.id(), START)).isPresent();
    }

    @Test
    void firstStartCreatesAndSecondChangesNothing() throws Exception {
        try (SessionAdapter node = open()) {
            assertWorks(node);
        }
        long entries = database.number("SELECT count(*) FROM genie_session_history");
        try (SessionAdapter node = open()) {
            assertWorks(node);
            assertThat(node.count(START)).isEqualTo(2);
        }
        assertThat(database.number("SELECT count(*) FROM genie_session_history"))
                .isEqualTo(entries);
    }

    /** The migration uses several connections at a time, and gives back what is more than the pool may have. */
    @Test
    void poolOfOneConnectionCreatesTheTablesToo() {
        try (SessionAdapter node = open(JdbcSettings.POOL_SIZE.name(), "1")) {
            assertWorks(node);
            checkConnections(database, 1);
        }
    }

    /** Fails if there are more connections to the database than that, where it can be asked. */
    void checkConnections(TestDatabase asked, int most) {}

    @Test
    void withoutMigrationAnEmptyDatabaseIsRefusedAndLeftAlone() {
        String[] settings = {MIGRATE, "false"};
        assertRefused(settings, "genie_session in the database at jdbc:", "are not there", MIGRATE, "docs/schema.md");
        assertRefused(settings, "are not there");
    }

    @Test
    void withoutMigrationACompleteDatabaseWorks() {
        open().close();
        try (SessionAdapter node = open(MIGRATE, "false")) {
            assertWorks(node);
        }
    }

    @Test
    void tablesOfANewerVersionAreRefused() throws Exception {
        open().close();
        database.execute("UPDATE genie_session_meta SET schema_version = 2");
        assertRefused(new String[0], "version 2", "newer Genie Session");
        assertRefused(new String[] {MIGRATE, "false"}, "version 2", "newer Genie Session");
    }

    /** What a newer release adds to the tables does not disturb the nodes that still run; they are refused at their next start. */
    @Test
    void nodeThatRunsGoesOnWhileANewerReleaseAddsToTheTables() throws Exception {
        try (SessionAdapter node = open()) {
            NewSession session = session(Map.of("principal", "anna"));
            SessionRecord base = node.create(session).orElseThrow();
            assertThat(TestSessions.saved(node.persist(base, TestSessions.set("a", "1"))))
                    .isNotNull();
            database.execute(
                    "ALTER TABLE genie_session ADD COLUMN note varchar(10) DEFAULT 'new' NOT NULL",
                    "ALTER TABLE genie_session_index ADD COLUMN note varchar(10)",
                    "CREATE INDEX genie_session_note ON genie_session (note)",
                    "CREATE TABLE genie_session_more (session " + primaryKeyType()
                            + " REFERENCES genie_session ON DELETE CASCADE)",
                    "INSERT INTO genie_session_more SELECT " + primaryKey() + " FROM genie_session",
                    "UPDATE genie_session_meta SET schema_version = 2");

            SessionId renewed = SessionId.generate();
            base = TestSessions.saved(node.persist(
                    node.load(session.id(), START).orElseThrow(),
                    TestSessions.principal("berta").withRenewal(new Renewal(renewed, START))));
            assertThat(node.touch(base, START.plusSeconds(1))).isTrue();
            assertThat(TestSessions.texts(node.load(renewed, START).orElseThrow()))
                    .containsEntry("a", "1");
            assertThat(node.indexed().orElseThrow().count(new IndexEntry("principal", "berta"), START))
                    .isEqualTo(1);
            assertWorks(node);
            assertThat(node.delete(session.key(), START, Detail.ATTRIBUTES)).isPresent();
            assertThat(node.sweep(START.plus(Duration.ofDays(1)), 10, Detail.ATTRIBUTES))
                    .hasSize(1);
            assertRefused(new String[0], "version 2", "newer Genie Session");
        }
    }

    @Test
    void tablesMadeByHandAreTakenOver() throws Exception {
        open().close();
        database.execute("DROP TABLE genie_session_history");
        try (SessionAdapter node = open()) {
            assertWorks(node);
        }
    }

    @Test
    void missingColumnIsNoticedAtStart() throws Exception {
        open().close();
        database.execute("ALTER TABLE genie_session DROP COLUMN created_at");
        assertRefused(new String[0], "docs/schema.md");
    }

    @Test
    void tableThatIsNotOursIsLeftAlone() throws Exception {
        database.execute("CREATE TABLE genie_session (id integer)", "INSERT INTO genie_session VALUES (7)");
        assertRefused(new String[0], "genie_session", "exist already", PREFIX);
        assertThat(database.number("SELECT id FROM genie_session")).isEqualTo(7);
    }

    /** Also where a script that failed leaves an entry in the history. */
    @Test
    void startWorksWhenTheTableThatWasNotOursIsGone() throws Exception {
        database.execute("CREATE TABLE genie_session (id integer)");
        assertRefused(new String[0], "genie_session", "exist already", PREFIX);
        assertRefused(new String[0], "genie_session", "exist already", PREFIX);
        database.execute("DROP TABLE genie_session");
        try (SessionAdapter node = open()) {
            assertWorks(node);
        }
    }

    /** Its script had made the first table already. */
    @Test
    void startWorksWhenTheSecondTableThatWasNotOursIsGone() throws Exception {
        database.execute("CREATE TABLE genie_session_index (id integer)");
        assertRefused(new String[0], "genie_session", "exist already", PREFIX);
        database.execute("DROP TABLE genie_session_index");
        try (SessionAdapter node = open()) {
            assertWorks(node);
        }
    }

    @Test
    void withoutMigrationTablesOfAnOlderVersionAreRefusedAndLeftAlone() throws Exception {
        open().close();
        database.execute("UPDATE genie_session_meta SET schema_version = 0");
        assertRefused(new String[] {MIGRATE, "false"}, "are of version 0, and this release needs 1", MIGRATE);
        assertThat(database.number("SELECT schema_version FROM genie_session_meta"))
                .isZero();
    }

    @Test
    void otherTablesOfTheSameSchemaDoNotMatter() throws Exception {
        database.execute("CREATE TABLE customers (id integer)");
        try (SessionAdapter node = open()) {
            assertWorks(node);
        }
    }

    @Test
    void applicationsSideBySideDoNotSeeEachOther() {
        try (SessionAdapter shop = open(APPLICATION, "shop");
                SessionAdapter office = open(APPLICATION, "back-office")) {
            assertWorks(shop);
            assertWorks(office);
            assertWorks(office);
            assertThat(shop.count(START)).isEqualTo(1);
            assertThat(office.count(START)).isEqualTo(2);
        }
    }

    @Test
    void schemaAndPrefixSeparateToo() {
        try (SessionAdapter one = open(JdbcSettings.SCHEMA.name(), schema(), PREFIX, "web");
                SessionAdapter two = open(JdbcSettings.SCHEMA.name(), schema(), PREFIX, "web")) {
            assertWorks(one);
            assertThat(one.count(START)).isEqualTo(1);
            assertThat(two.count(START)).isZero();
        }
    }

    /** Returns the name of a schema that nobody else uses. */
    abstract String schema();

    @Test
    void secondApplicationOnTheSameTableIsRefused() {
        open(APPLICATION, "shop", PREFIX, "web").close();
        assertRefused(new String[] {APPLICATION, "office", PREFIX, "web"}, "\"shop\"", "\"office\"", PREFIX);
    }

    @Test
    void namesThatCouldBeAnythingElseAreRefused() {
        for (String name : List.of("a b", "x\";drop table", "1a", "a".repeat(49), "Web", "ü")) {
            assertRefused(new String[] {PREFIX, name}, PREFIX);
        }
        for (String name : List.of("a b", "x\"y", "1a", "a".repeat(64), "Web")) {
            assertRefused(new String[] {JdbcSettings.SCHEMA.name(), name}, JdbcSettings.SCHEMA.name());
        }
        assertRefused(new String[] {APPLICATION, "a".repeat(60)}, APPLICATION, PREFIX);
    }

    @Test
    void reservedWordIsAsGoodAPrefixAsAnyOther() {
        try (SessionAdapter node = open(PREFIX, "user")) {
            assertWorks(node);
        }
    }

    @Test
    void nodesThatStartAtOnceDoNotCollide() throws Exception {
        int nodes = 5;
        ExecutorService threads = Executors.newFixedThreadPool(nodes);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<SessionAdapter>> opening = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            opening.add(threads.submit(() -> {
                start.await();
                return open(JdbcSettings.POOL_SIZE.name(), "2");
            }));
        }
        start.countDown();
        List<SessionAdapter> opened = new ArrayList<>();
        for (Future<SessionAdapter> node : opening) {
            opened.add(node.get(60, TimeUnit.SECONDS));
        }
        opened.forEach(MigrationsContract::assertWorks);
        assertThat(opened.get(0).count(START)).isEqualTo(nodes);
        opened.forEach(SessionAdapter::close);
        threads.shutdownNow();
    }
}
