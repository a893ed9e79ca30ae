package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionRecord;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The embedded file: made without any setting, for one process and one owner. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class H2EmbeddedFileTest {

    @TempDir
    private Path folder;

    private Path base() {
        return folder.resolve("genie-session").resolve("default");
    }

    @Test
    void secondProcessIsToldWhoHasTheFile() throws Exception {
        Process first = EmbeddedChild.start(folder, "wait");
        try (BufferedReader output = ChildProcess.output(first)) {
            assertThat(output.readLine()).isEqualTo("open");

            Process second = EmbeddedChild.start(folder, "wait");
            String message = ChildProcess.output(second).readLine();
            assertThat(second.waitFor()).isZero();

            assertThat(message)
                    .contains(
                            base() + ".mv.db",
                            "process " + first.pid(),
                            "genie.session.application",
                            "AUTO_SERVER=TRUE",
                            "PostgreSQL");
        } finally {
            first.destroyForcibly().waitFor();
        }
    }

    @Test
    void folderAndFilesAreTheOwnersOnly() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "no POSIX permissions here");
        Process child = EmbeddedChild.start(folder, "wait");
        assertThat(ChildProcess.output(child).readLine()).isEqualTo("open");
        child.getOutputStream().close();
        assertThat(child.waitFor()).isZero();

        assertThat(Files.getPosixFilePermissions(base().getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        for (String ending : List.of(".mv.db", ".pid")) {
            assertThat(Files.getPosixFilePermissions(Path.of(base() + ending)))
                    .as(ending)
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        try (Stream<Path> files = Files.list(base().getParent())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("default.mv.db", "default.pid");
        }
    }

    private SessionAdapter open(String url) {
        return JdbcSessionAdapter.open(TestSessions.context(Map.of(JdbcSettings.URL.name(), url)));
    }

    private String embeddedUrl() {
        EmbeddedFile file = new EmbeddedFile(base());
        file.prepare();
        return file.url(JdbcSettings.Durability.FULL).text();
    }

    @Test
    void sessionsSurviveClosing() {
        String url = embeddedUrl();
        NewSession session = session(Map.of());
        try (SessionAdapter node = open(url)) {
            node.create(session);
        }
        try (SessionAdapter node = open(url)) {
            assertThat(node.load(session.id(), START)).isPresent();
        }
    }

    @Test
    void interruptedRequestLeavesTheFileOpenForOthers() {
        try (SessionAdapter node = open(embeddedUrl())) {
            SessionRecord record = node.create(session(Map.of())).orElseThrow();
            try (SessionAdapter other = open(embeddedUrl())) {
                Thread.currentThread().interrupt();
                try {
                    node.persist(record, set("a", "1"));
                } catch (SessionStoreException e) {
                    assertThat(e.outcomeUnknown()).isFalse();
                } finally {
                    assertThat(Thread.interrupted()).isTrue();
                }
                assertThat(other.persist(record, set("b", "2"))).isNotNull();
                assertThat(TestSessions.texts(
                                node.reload(record.info().key(), START).orElseThrow()))
                        .containsKey("b");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(JdbcSettings.Durability.class)
    void changesTakeTurnsUnlessSpeedIsWantedAndReadsDoNot(JdbcSettings.Durability durability) throws Exception {
        var settings = Map.of(
                JdbcSettings.URL.name(), embeddedUrl(),
                JdbcSettings.POOL_TIMEOUT.name(), "250ms",
                JdbcSettings.DURABILITY.name(), durability.name().toLowerCase(Locale.ROOT));
        try (SessionAdapter node = JdbcSessionAdapter.open(TestSessions.context(settings))) {
            SessionRecord record = node.create(session(Map.of())).orElseThrow();
            // As H2 names the file.
            Turns turns = Turns.at("async:" + base());
            turns.await(Duration.ZERO);
            try {
                assertThat(supplyAsync(() -> node.reload(record.info().key(), START))
                                .join())
                        .isPresent();
                var change = supplyAsync(() -> node.persist(record, set("a", "1")));
                if (durability == JdbcSettings.Durability.FAST) {
                    assertThat(change.join()).isInstanceOf(PersistResult.Saved.class);
                } else {
                    assertThatThrownBy(change::join).hasCauseInstanceOf(SessionStoreException.class);
                }
            } finally {
                turns.end();
            }
        }
    }

    @Test
    void urlThatLosesCommitsIsWarnedOf() {
        assertThat(warnings("jdbc:h2:file:" + base())).anyMatch(text -> text.contains("WRITE_DELAY=0"));
        assertThat(warnings("jdbc:h2:file:" + base() + ";WRITE_DELAY=0")).isEmpty();
        assertThat(warnings("jdbc:h2:mem:warn")).isEmpty();
        assertThat(warnings(embeddedUrl())).isEmpty();
    }

    private List<String> warnings(String url) {
        try (Logged log = Logged.by(JdbcSessionAdapterProvider.class)) {
            open(url).close();
            return log.lines();
        }
    }

    @Test
    void wrongPasswordIsSaidAndNotShown() {
        String url = "jdbc:h2:file:" + base() + ";WRITE_DELAY=0";
        open(url + ";USER=anna;PASSWORD=right-one").close();
        assertThatThrownBy(() -> open(url + ";USER=anna;PASSWORD=wrong-one"))
                .isInstanceOf(SessionConfigException.class)
                .hasMessageContaining("refused user or password")
                .hasMessageNotContaining("wrong-one");
    }

    @Test
    void missingFileIsSaidIfItMustExist() {
        assertThatThrownBy(() -> open("jdbc:h2:file:" + base() + ";IFEXISTS=TRUE"))
                .isInstanceOf(SessionConfigException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void folderThatCannotBeMadeIsSaid() throws Exception {
        Files.writeString(folder.resolve("genie-session"), "a file where the folder should be");
        assertThatThrownBy(() -> new EmbeddedFile(base()).prepare())
                .isInstanceOf(SessionConfigException.class)
                .hasMessageContaining(base() + ".mv.db")
                .hasMessageContaining(JdbcSettings.URL.name());
    }

    @Test
    void filesOfThisProcessAreTheOwnersOnlyToo() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "no POSIX permissions here");
        EmbeddedFile file = new EmbeddedFile(base());
        file.prepare();
        file.prepare();
        file.noteOwner();
        file.noteOwner();

        assertThat(Files.getPosixFilePermissions(base().getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        for (Path made : List.of(file.database(), Path.of(base() + ".pid"))) {
            assertThat(Files.getPosixFilePermissions(made)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        assertThat(Path.of(base() + ".pid"))
                .hasContent(Long.toString(ProcessHandle.current().pid()));
    }

    @Test
    void noteThatCannotBeMadeCostsNothing() throws Exception {
        EmbeddedFile file = new EmbeddedFile(base());
        file.prepare();
        Files.createDirectory(Path.of(base() + ".pid"));
        file.noteOwner();
        assertThat(file.owner()).isEqualTo("another process");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:h2:file:/data/shop;WRITE_DELAY=0, /data/shop",
        "jdbc:h2:async:/data/shop, /data/shop",
        "jdbc:h2:nio:/data/../shop, /shop",
        "jdbc:h2:retry:/data/shop, /data/shop",
        "jdbc:h2:/data/shop, /data/shop",
        "jdbc:h2:mem:shop,",
        "jdbc:h2:zip:/data/shop.zip,",
        "jdbc:h2:~/shop,",
        "jdbc:h2:file:~/shop,"
    })
    void urlNamesItsFileWhereThatIsAPath(String url, String file) {
        assertThat(EmbeddedFile.of(new JdbcUrl(url)).map(found -> found.base().toString()))
                .isEqualTo(Optional.ofNullable(file));
    }
}
