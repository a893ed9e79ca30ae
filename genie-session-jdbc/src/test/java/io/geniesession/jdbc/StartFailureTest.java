package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionException;
import io.geniesession.SessionStoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said about a database that cannot be opened, and whether trying again may help. */
final class StartFailureTest {

    private static SessionException failure(String state, Optional<EmbeddedFile> file) {
        Throwable wrapped = new IllegalStateException(new SQLException("secret", state.isEmpty() ? null : state));
        SessionException failure = StartFailure.of(wrapped, "The database at jdbc:h2:x", file);
        assertThat(failure).hasMessageNotContaining("secret");
        return failure;
    }

    @ParameterizedTest
    @CsvSource({
        "28P01, refused user or password (SQLSTATE 28P01). Check genie.session.jdbc.user",
        "28000, refused user or password (SQLSTATE 28000)",
        "3D000, does not exist (SQLSTATE 3D000). Create the database",
        "90149, does not exist (SQLSTATE 90149)",
        "26000, 'mixes up prepared statements (SQLSTATE 26000), as PgBouncer does'",
        "42501, does not let this role connect (SQLSTATE 42501); docs/schema.md",
        "90096, does not let this role connect (SQLSTATE 90096)",
        "90020, 'is open in another process, and an embedded file belongs to one process.'"
    })
    void whatOnlySettingsMendIsAMatterOfConfiguration(String state, String said) {
        assertThat(failure(state, Optional.empty()))
                .isInstanceOf(SessionConfigException.class)
                .hasMessageStartingWith("The database at jdbc:h2:x " + said);
    }

    @ParameterizedTest
    @CsvSource({
        "25006, takes no changes (SQLSTATE 25006): it is a standby",
        "53300, 'has no connections left (SQLSTATE 53300). Raise max_connections of the server, or'",
        "08001, does not answer (SQLSTATE 08001). Check that it runs"
    })
    void whatMayPassIsAMatterOfTheStore(String state, String said) {
        assertThat(failure(state, Optional.empty()))
                .isInstanceOfSatisfying(SessionStoreException.class, e -> {
                    assertThat(e.code()).contains(state);
                    assertThat(e.outcomeUnknown()).isFalse();
                })
                .hasMessageStartingWith("The database at jdbc:h2:x " + said);
    }

    @Test
    void failureWithoutAStateHasNoCode() {
        assertThat(failure("", Optional.empty()))
                .isInstanceOfSatisfying(
                        SessionStoreException.class, e -> assertThat(e.code()).isEmpty())
                .hasMessageStartingWith("The database at jdbc:h2:x does not answer. Check that it runs");
    }

    /** The note may be of a process that has ended, or of this one, which opened the file some other way. */
    @Test
    void fileInUseNamesTheProcessThatNotedItselfIfItStillRuns(@TempDir Path folder) throws Exception {
        EmbeddedFile file = new EmbeddedFile(folder.resolve("shop"));
        Path note = folder.resolve("shop.pid");
        String beginning = "The session database " + folder.resolve("shop.mv.db") + " is open in ";
        long parent = ProcessHandle.current().parent().orElseThrow().pid();

        Files.writeString(note, parent + "\n");
        assertThat(failure("90020", Optional.of(file)))
                .hasMessageStartingWith(beginning + "process " + parent + ", and");
        for (String useless : new String[] {
            "-1", "", "shop", Long.toString(ProcessHandle.current().pid())
        }) {
            Files.writeString(note, useless);
            assertThat(failure("90020", Optional.of(file))).hasMessageStartingWith(beginning + "another process, and");
        }
        Files.delete(note);
        assertThat(failure("90020", Optional.of(file))).hasMessageStartingWith(beginning + "another process, and");
    }
}
